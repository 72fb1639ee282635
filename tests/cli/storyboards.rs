//! What players read of sprite sheets: each form is read here as its specification says, and the
//! number in each cell is that of the frame of its time.

use crate::{ends_with, files, number_in, number_of, run};
use image::imageops::crop_imm;
use image::{ImageFormat, RgbImage};
use serde_json::Value;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use support::clips::ffmpegs;
use tempfile::TempDir;

/// Ten pictures, one a second, on two sheets.
const SPRITE: &str = r#"{"CellWidth":160,"Columns":4,"Lines":2,"KeepCellPic":"delete"}"#;
const SECONDS: u64 = 10;
const FRAMES_PER_SECOND: u64 = 25;

fn sheet(folder: &Path, name: &str) -> RgbImage {
    support::decoded(&fs::read(folder.join(name)).unwrap())
}

fn number_at(sheet: &RgbImage, (x, y): (u32, u32), (width, height): (u32, u32)) -> u64 {
    let cell = crop_imm(sheet, x, y, width, height).to_image();
    let mut png = Cursor::new(Vec::new());
    cell.write_to(&mut png, ImageFormat::Png).unwrap();
    number_in(png.get_ref())
}

fn pair(text: &str) -> (u32, u32) {
    let (first, second) = text.split_once('x').unwrap();
    (first.parse().unwrap(), second.parse().unwrap())
}

fn attribute<'a>(line: &'a str, name: &str) -> &'a str {
    let (_, value) = line.split_once(&format!("{name}=")).unwrap();
    value.split(',').next().unwrap()
}

/// What an image media playlist shows second by second.
fn hls(folder: &Path) -> Vec<u64> {
    let playlist = fs::read_to_string(folder.join("snapshot.m3u8")).unwrap();
    let lines: Vec<_> = playlist.lines().collect();
    assert!(lines.contains(&"#EXT-X-IMAGES-ONLY") && lines.ends_with(&["#EXT-X-ENDLIST"]));
    let mut numbers = Vec::new();
    for (nth, tiles) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("#EXT-X-TILES"))
    {
        let shown: f64 = lines[nth - 1]
            .trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap();
        let (cell, (columns, _)) = (
            pair(attribute(tiles, "RESOLUTION")),
            pair(attribute(tiles, "LAYOUT")),
        );
        let step: f64 = attribute(tiles, "DURATION").parse().unwrap();
        let sheet = sheet(folder, lines[nth + 1]);
        let cells = (shown / step).round() as u32;
        let at = |nth: u32| (nth % columns * cell.0, nth / columns * cell.1);
        numbers.extend((0..cells).map(|nth| number_at(&sheet, at(nth), cell)));
    }
    numbers
}

fn json(folder: &Path) -> Vec<u64> {
    let names = ["snapshot-00001.json", "snapshot-00002.json"];
    let mut numbers = Vec::new();
    for name in names {
        let json: Value = serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
        let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
        let sheet = sheet(folder, json["url"].as_str().unwrap());
        let size = (number(&json["tile_width"]), number(&json["tile_height"]));
        for tile in json["tiles"].as_array().unwrap() {
            assert_eq!(tile["start"], numbers.len() as f64);
            numbers.push(number_at(
                &sheet,
                (number(&tile["x"]), number(&tile["y"])),
                size,
            ));
        }
    }
    numbers
}

fn bif(folder: &Path) -> Vec<u64> {
    let bytes = fs::read(folder.join("snapshot.bif")).unwrap();
    assert_eq!(bytes[..8], *b"\x89BIF\r\n\x1a\n");
    let at =
        |place: usize| u32::from_le_bytes(bytes[place..place + 4].try_into().unwrap()) as usize;
    let (version, count, multiplier_ms) = (at(8), at(12), at(16));
    assert_eq!((version, multiplier_ms), (0, 1000));
    let picture = |nth: usize| {
        let (entry, next) = (64 + 8 * nth, 72 + 8 * nth);
        assert_eq!(at(entry), nth);
        number_in(&bytes[at(entry + 4)..at(next + 4)])
    };
    let numbers = (0..count).map(picture).collect();
    assert_eq!(at(64 + 8 * count), u32::MAX as usize);
    assert_eq!(at(68 + 8 * count), bytes.len());
    numbers
}

fn jellyfin(folder: &Path) -> Vec<u64> {
    let sheets = folder.join("snapshot.trickplay/160 - 4x2");
    let numbers = |(name, cells): (&str, u32)| {
        let sheet = sheet(&sheets, name);
        let height = sheet.height() / 2;
        let at = move |nth: u32| (nth % 4 * 160, nth / 4 * height);
        let cells = (0..cells).map(move |nth| number_at(&sheet, at(nth), (160, height)));
        cells.collect::<Vec<_>>()
    };
    [("0.jpg", 8), ("1.jpg", 2)]
        .into_iter()
        .flat_map(numbers)
        .collect()
}

#[test]
fn each_form_of_a_storyboard_shows_the_frame_of_its_time() {
    let folder = TempDir::new().unwrap();
    let take = |formats: &[&str]| {
        let common = [
            "clip.mp4",
            "--interval",
            "1",
            "--sprite",
            SPRITE,
            "--out",
            "out",
        ];
        run(folder.path(), &[&common[..], formats].concat())
    };
    let all = ["--json", "--formats", "vtt,hls,dash,json,bif,jellyfin"];
    let sprite = folder.path().join("out/sprite");
    let mut runs = Vec::new();
    for ffmpeg in ffmpegs() {
        let with = ["--ffmpeg", ffmpeg.path.to_str().unwrap()];
        let (lines, _) = ends_with(&take(&[&all[..], &with].concat()), 0);
        runs.push((written(&sprite), lines));
    }
    let (first, lines) = &runs[0];
    assert!(
        runs.iter().all(|(files, _)| files == first),
        "bytes depend on ffmpeg"
    );
    let expected: Vec<u64> = (0..SECONDS)
        .map(|second| second * FRAMES_PER_SECOND)
        .collect();
    assert_eq!(hls(&sprite), expected);
    assert_eq!(json(&sprite), expected);
    assert_eq!(bif(&sprite), expected);
    assert_eq!(jellyfin(&sprite), expected);
    let set = fs::read_to_string(sprite.join("snapshot-adaptation-set.xml")).unwrap();
    assert!(
        set.contains("media=\"snapshot-$Number%05d$.jpg\"") && set.contains("value=\"4x2\""),
        "{set}"
    );
    let vtt = fs::read_to_string(sprite.join("snapshot.vtt")).unwrap();
    assert!(
        vtt.contains("00:00:09.000 --> 00:00:10.000\nsnapshot-00002.jpg#xywh=160,0,160,"),
        "{vtt}"
    );
    let told: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut told: Vec<_> = told
        .iter()
        .filter(|line| line["Kind"] == "Storyboard")
        .collect();
    assert_eq!(told.len(), 6);
    assert_eq!(told.remove(1)["Keys"][0], "sprite/snapshot.m3u8");
    // The next run has one form: the files of the others go.
    ends_with(&take(&["--formats", "hls"]), 0);
    let left = files(&folder.path().join("out"));
    assert_eq!(
        left,
        [
            "manifest.json",
            "sprite/snapshot-00001.jpg",
            "sprite/snapshot-00002.jpg",
            "sprite/snapshot-multivariant.m3u8",
            "sprite/snapshot.m3u8"
        ]
    );
    assert!(!sprite.join("snapshot.trickplay").exists());
}

/// Of what a run wrote below `sprite`: names and bytes.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = files(folder).into_iter();
    names
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

#[test]
fn sheets_and_pictures_as_webp_show_the_frames_of_their_times() {
    let folder = TempDir::new().unwrap();
    let sprite = SPRITE.replace("delete", "keep");
    let mut runs = Vec::new();
    for ffmpeg in ffmpegs() {
        let taken = run(
            folder.path(),
            &[
                "clip.mp4",
                "--interval",
                "1",
                "--sprite",
                &sprite,
                "--formats",
                "vtt,json",
                "--format",
                "webp",
                "--out",
                "out",
                "--ffmpeg",
                ffmpeg.path.to_str().unwrap(),
            ],
        );
        ends_with(&taken, 0);
        let out = folder.path().join("out");
        let expected = (0..SECONDS).map(|second| second * FRAMES_PER_SECOND);
        assert_eq!(json(&out.join("sprite")), expected.collect::<Vec<_>>());
        assert_eq!(
            number_of(&out.join("sprite-origin/snapshot-00010.webp")),
            225
        );
        runs.push([
            written(&out.join("sprite")),
            written(&out.join("sprite-origin")),
        ]);
    }
    let [sheets, pictures] = &runs[0];
    assert!(
        runs.iter().all(|run| *run == runs[0]),
        "bytes depend on ffmpeg"
    );
    let names: Vec<_> = sheets.iter().map(|(name, _)| &**name).collect();
    assert_eq!(
        names,
        [
            "snapshot-00001.json",
            "snapshot-00001.webp",
            "snapshot-00002.json",
            "snapshot-00002.webp",
            "snapshot.vtt"
        ]
    );
    assert!(pictures.len() == 10 && pictures.iter().all(|(_, bytes)| bytes.starts_with(b"RIFF")));
    let (_, vtt) = sheets.last().unwrap();
    assert!(String::from_utf8_lossy(vtt).contains("snapshot-00002.webp#xywh=160,0,160,"));
    // Files of another format go with the run that they are of; the ending of a file tells it too.
    let plain = ["clip.mp4", "--at", "2s", "--out"];
    ends_with(&run(folder.path(), &[&plain[..], &["out"]].concat()), 0);
    let left = files(&folder.path().join("out"));
    assert_eq!(left, ["manifest.json", "snapshot-00001.jpg"]);
    ends_with(
        &run(folder.path(), &[&plain[..], &["two.webp"]].concat()),
        0,
    );
    assert_eq!(number_of(&folder.path().join("two.webp")), 50);
    let wide = r#"{"CellWidth":4096,"Columns":5,"Lines":1}"#;
    let wide = ["--sprite", wide, "--out", "wide", "--format", "webp"];
    let (_, said) = ends_with(&run(folder.path(), &[&plain[..3], &wide].concat()), 1);
    assert!(said.contains("20480x"), "{said}");
}

#[test]
fn a_form_that_cannot_say_what_is_asked_for_is_refused_before_anything_is_done() {
    let folder = TempDir::new().unwrap();
    let refused = |more: &[&str], what: &str| {
        let all = [&["clip.mp4", "--out", "out"], more].concat();
        let (_, said) = ends_with(&run(folder.path(), &all), 2);
        assert!(said.contains(what), "{said}");
        assert!(!folder.path().join("out").exists());
    };
    let every = ["--interval", "1", "--formats"];
    refused(
        &[&every[..], &["hls", "--sprite", r#"{"Padding":2}"#]].concat(),
        "hls",
    );
    refused(
        &[&every[..], &["dash", "--sprite", r#"{"Margin":2}"#]].concat(),
        "Margin must be 0",
    );
    refused(
        &[&every[..], &["bif", "--sprite", "{}", "--format", "png"]].concat(),
        "bif holds JPEGs",
    );
    refused(
        &[&every[..], &["hls", "--sprite", "{}", "--format", "webp"]].concat(),
        "hls names JPEGs, not webp",
    );
    refused(
        &[
            &every[..],
            &["jellyfin", "--sprite", "{}", "--offset", "40"],
        ]
        .concat(),
        "an offset of 0",
    );
    refused(
        &["--at", "0,1500", "--formats", "hls", "--sprite", "{}"],
        "no list of times",
    );
    refused(&[&every[..], &["hls"]].concat(), "--sprite");
}

/// Columns and lines of cells of a size.
fn grid(folder: &Path) -> [u64; 4] {
    let manifest = fs::read(folder.join("out/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let grid = &manifest["Grid"];
    ["CellWidth", "CellHeight", "Columns", "Lines"].map(|name| grid[name].as_u64().unwrap())
}

#[test]
fn what_is_automatic_has_the_shape_of_the_pictures_and_no_more_lines_than_needed() {
    let folder = TempDir::new().unwrap();
    let sprite = r#"{"CellWidth":"auto","Columns":"auto","Lines":"auto","KeepCellPic":"delete"}"#;
    let common = [
        "clip.mp4",
        "--interval",
        "auto",
        "--sprite",
        sprite,
        "--out",
        "out",
    ];
    for (size, expected) in [
        (&[][..], [256, 144, 10, 1]),
        (&["--width", "180", "--height", "320"], [144, 256, 10, 1]),
        (&["--width", "80", "--height", "80"], [80, 80, 10, 1]),
    ] {
        ends_with(&run(folder.path(), &[&common[..], size].concat()), 0);
        assert_eq!(grid(folder.path()), expected);
    }
}

#[test]
fn no_side_of_a_sheet_is_above_4096_px() {
    let folder = TempDir::new().unwrap();
    let take = |sprite: &str| {
        let all = [
            "clip.mp4", "--count", "1", "--sprite", sprite, "--out", "out",
        ];
        run(folder.path(), &all)
    };
    ends_with(&take(r#"{"KeepCellPic":"delete"}"#), 0);
    assert_eq!(grid(folder.path()), [640, 360, 6, 10]);
    let (_, said) = ends_with(&take(r#"{"Columns":7}"#), 1);
    assert!(said.contains("4480x3600 px; the most is 4096 px"), "{said}");
}
