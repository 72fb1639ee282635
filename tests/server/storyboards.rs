//! Forms that players read, asked for by templates and calls of the API: made, told, listed, read by
//! their addresses as a player reads them, and deleted.

use crate::templates::{add, run};
use artifacts::manifest::Reason;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::bench::{Bench, clip};
use support::number;
use support::server::{Reply, Server, Setup};
use support::subscriber::Subscriber;
use url::Url;

/// Ten pictures, one a second, on two sheets.
fn template(kind: &str) -> String {
    let sprite = json!({
        "CellWidth": 160, "Columns": 4, "Lines": 2, "KeepCellPic": "delete",
        "Outputs": ["vtt", "hls", "dash", "json", "bif", "jellyfin"],
    });
    let config = json!({
        "Interval": 1, "SubOut": {"IsSptFrag": true}, "SpriteSnapshotConfig": sprite,
    });
    json!({"SnapshotType": kind, "SnapshotConfig": config}).to_string()
}

/// Formats, and the sheet where a file is of one.
const FILES: [(&str, Option<u64>); 10] = [
    ("vtt", None),
    ("hls", None),
    ("hls", None),
    ("dash", None),
    ("dash", None),
    ("json", Some(1)),
    ("json", Some(2)),
    ("bif", None),
    ("jellyfin", Some(1)),
    ("jellyfin", Some(2)),
];

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

fn list(server: &Server, video: &str, kind: &str, page: &[(&str, &str)]) -> Value {
    let parameters = [&[("VideoId", video), ("SnapshotType", kind)], page].concat();
    server.ok("ListSnapshots", &parameters)["MediaSnapshot"].take()
}

/// Format, sheet and URL of each file that a list names.
fn told(list: &Value) -> Vec<(String, Option<u64>, String)> {
    let files = list["Storyboards"]["Storyboard"].as_array();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let file = |file: &Value| {
        (
            text(&file["Format"]),
            file["Index"].as_u64(),
            text(&file["Url"]),
        )
    };
    files.into_iter().flatten().map(file).collect()
}

/// The files that a text names, as a player finds them from its address.
fn named(reply: &Reply, address: &str, job: &str) -> BTreeSet<Url> {
    let mut text = String::from_utf8(reply.bytes.clone()).unwrap();
    if text.starts_with('<') {
        drop(roxmltree::Document::parse(&text).unwrap());
        text = text.replace("&amp;", "&");
    }
    let begins = text.match_indices(job).map(|(at, _)| &text[at..]);
    let names = begins.map(|rest| rest.split(['"', '#', '\n']).next().unwrap());
    // What a player puts in the place of the number.
    let names = names.map(|name| name.replace("$Number%05d$", "00002"));
    names
        .map(|name| Url::parse(address).unwrap().join(&name).unwrap())
        .collect()
}

fn without_query(url: &Url) -> String {
    url.as_str().split('?').next().unwrap().to_owned()
}

fn objects(data: &Path, video: &str, kind: &str) -> Vec<String> {
    let folder = data
        .join("objects")
        .join(video)
        .join("snapshots")
        .join(kind);
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// A file that a list or an event names is there, and so is whatever it names.
fn read(server: &Server, (format, url): (&str, &str), job: &str, is_signed: bool) {
    let reply = server.get(url);
    let is_text = !["bif", "jellyfin"].contains(&format);
    assert_eq!(reply.status, 200, "{url}");
    let files = if is_text {
        named(&reply, url, job)
    } else {
        BTreeSet::new()
    };
    assert_eq!(files.is_empty(), !is_text, "{url}");
    for file in files {
        assert_eq!(server.get(file.as_str()).status, 200, "{file} of {url}");
        let plain = server.get(&without_query(&file)).status;
        assert_eq!(plain, if is_signed { 403 } else { 200 }, "{file}");
    }
}

#[test]
fn each_form_of_a_template_is_made_listed_and_read_by_its_address() {
    for access in ["public", "signed"] {
        let subscriber = Subscriber::start(&[]);
        let bench = bench(&["--pictures", access, "--notify", &subscriber.url]);
        let (server, is_signed) = (&bench.server, access == "signed");
        let video = server.register(clip());
        let id = add(server, &template("SpriteSnapshot"));
        let kept = server.ok("GetVodTemplate", &[("VodTemplateId", &id)]);
        let config = &kept["VodTemplateInfo"]["TemplateConfig"];
        assert_eq!(config.as_str(), Some(&*template("SpriteSnapshot")));
        let job = run(server, &video, &id);
        let listed = list(server, &video, "SpriteSnapshot", &[]);
        let files = told(&listed);
        let kinds: Vec<_> = files
            .iter()
            .map(|(form, sheet, _)| (&**form, *sheet))
            .collect();
        assert_eq!(kinds, FILES);
        for (format, _, url) in &files {
            read(server, (format, url), &job, is_signed);
        }
        let event = subscriber.next().json();
        let boards = event["SnapshotInfos"][0]["Storyboards"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        assert_eq!(boards.len(), 6, "{event}");
        for board in boards {
            let (format, url) = (text(&board["Format"]), text(&board["Url"]));
            read(server, (&format, &url), &job, is_signed);
        }
        // The sheets that Jellyfin wants, under its names.
        let sheet = &listed["Snapshots"]["Snapshot"][1]["Url"];
        let jellyfin = &listed["Storyboards"]["Storyboard"][9];
        let name = format!("{job}.trickplay/160 - 4x2/1.jpg");
        assert_eq!((&jellyfin["Name"], &jellyfin["Url"]), (&json!(name), sheet));
        // Nothing is left of what the job kept for another run.
        let mut names = objects(&bench.data(), &video, "sprite");
        names.sort();
        let ends = [
            "-00001.jpg",
            "-00001.json",
            "-00002.jpg",
            "-00002.json",
            "-adaptation-set.xml",
            "-multivariant.m3u8",
            ".bif",
            ".m3u8",
            ".mpd",
            ".vtt",
        ];
        assert_eq!(names, ends.map(|end| format!("{job}{end}")));
        let detail = server.ok("GetJobDetail", &[("JobType", "snapshot"), ("JobId", &job)]);
        let detail = &detail["SnapshotJobDetail"];
        assert_eq!(detail["Progress"], json!({"Done": 10, "Total": 10}));
        let sprite: Value = serde_json::from_str(detail["SpriteConfig"].as_str().unwrap()).unwrap();
        assert_eq!(sprite["outs"], "vtt,hls,dash,json,bif,jellyfin");
    }
}

#[test]
fn a_page_of_sheets_names_the_files_of_its_own_sheets() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    for (kind, place) in [("SpriteSnapshot", "2"), ("WebVttSnapshot", "3")] {
        let _ = run(server, &video, &add(server, &template(kind)));
        let page = list(
            server,
            &video,
            kind,
            &[("PageNo", place), ("PageSize", "1")],
        );
        let sheets: Vec<_> = told(&page)
            .iter()
            .filter_map(|(_, sheet, _)| *sheet)
            .collect();
        assert_eq!(sheets, [2, 2], "{kind}");
        assert!(
            page["Snapshots"]["Snapshot"][0]["Url"]
                .as_str()
                .unwrap()
                .contains("-00002.jpg")
        );
    }
    let origins = [
        ("Count", "1"),
        ("SpriteSnapshotConfig", r#"{"Outputs":"vtt"}"#),
    ];
    let job = server.submit(&video, &origins);
    assert_eq!(server.wait(&job), "Success");
    assert!(told(&list(server, &video, "SpriteOriginSnapshot", &[])).is_empty());
    assert_eq!(told(&list(server, &video, "SpriteSnapshot", &[])).len(), 1);
}

#[test]
fn cells_of_a_sprite_by_call_are_the_frames_of_their_times_and_go_with_it() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let sprite = json!({
        "CellWidth": 160, "Columns": 4, "Lines": 2, "KeepCellPic": "keep", "Outputs": ["bif", "json"],
    });
    let sprite = sprite.to_string();
    let parameters = [("Interval", "1"), ("SpriteSnapshotConfig", &*sprite)];
    let job = server.submit(&video, &parameters);
    assert_eq!(server.wait(&job), "Success");
    let files = told(&list(server, &video, "SpriteSnapshot", &[]));
    let bif = server.get(&files[2].2).bytes;
    let cells = artifacts::storyboard::bif::pictures(&bif).unwrap();
    let numbers = cells.iter().map(|cell| {
        let cell = image::load_from_memory(cell).unwrap().to_rgb8();
        number(&cell)
    });
    assert!(numbers.eq((0..10).map(|second| Some(second * 25))));
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &*video),
        ("ImageType", "SpriteSnapshot"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
    let begun = Instant::now();
    while !objects(&bench.data(), &video, "sprite").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "files stay");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(objects(&bench.data(), &video, "sprite-origin").len(), 10);
    for (_, _, url) in &files {
        assert_eq!(server.get(url).status, 404, "{url}");
    }
}

/// As a template says, whatever others say: the console, the list, the event and players find no other name.
#[test]
fn a_template_of_webp_is_made_told_listed_served_and_deleted_as_such() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--pictures", "signed", "--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let jpegs = add(server, &template("SpriteSnapshot"));
    for (kind, folder, listed) in [
        ("SpriteSnapshot", "sprite", 2),
        ("WebVttSnapshot", "vtt", 3),
        ("NormalSnapshot", "", 10),
    ] {
        let sprite = json!({
            "CellWidth": 160, "Columns": 4, "Lines": 2, "Outputs": ["vtt", "json"],
        });
        let config = json!({
            "Interval": 1, "ImageFormat": "webp", "SubOut": {"IsSptFrag": true},
            "SpriteSnapshotConfig": sprite,
        });
        let config = json!({"SnapshotType": kind, "SnapshotConfig": config}).to_string();
        let job = run(server, &video, &add(server, &config));
        let event = subscriber.next().json();
        let info = &event["SnapshotInfos"][0];
        let end = format!("{job}-{{SnapshotCount}}.webp");
        assert!(
            info["SnapshotFormat"].as_str().unwrap().ends_with(&end),
            "{event}"
        );
        let cover = server.get(event["CoverUrl"].as_str().unwrap());
        assert_eq!((cover.status, &*cover.content_type), (200, "image/webp"));
        let list = list(server, &video, kind, &[]);
        assert_eq!(list["Total"], listed, "{list}");
        let first = listed - if kind == "NormalSnapshot" { 10 } else { 2 };
        let url = &list["Snapshots"]["Snapshot"][first]["Url"];
        let picture = server.get(url.as_str().unwrap());
        assert_eq!(
            (picture.status, &*picture.content_type),
            (200, "image/webp")
        );
        let shown = support::decoded(&picture.bytes);
        let cell = image::imageops::crop_imm(
            &shown,
            0,
            0,
            shown.width().min(160),
            shown.width().min(160) * 9 / 16,
        );
        if kind != "NormalSnapshot" {
            assert_eq!(number(&cell.to_image()), Some(0));
        }
        for (format, _, url) in told(&list) {
            read(server, (&format, &url), &job, true);
        }
        assert!(
            objects(&bench.data(), &video, folder)
                .iter()
                .all(|name| !name.ends_with(".jpg"))
        );
    }
    let job = run(server, &video, &jpegs);
    let made = objects(&bench.data(), &video, "sprite");
    assert!(made.contains(&format!("{job}-00001.jpg")), "{made:?}");
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &*video),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
    let left = || {
        let folders = ["", "sprite", "sprite-origin", "vtt"].into_iter();
        folders
            .map(|folder| pictures(&objects(&bench.data(), &video, folder)))
            .sum::<usize>()
    };
    let begun = Instant::now();
    while left() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "files stay");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn pictures(names: &[String]) -> usize {
    let is_picture = |name: &&String| name.ends_with(".jpg") || name.ends_with(".webp");
    names.iter().filter(is_picture).count()
}

#[test]
fn a_form_that_cannot_say_what_is_asked_for_is_refused_with_the_name_of_its_parameter() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let refused = |action: &str, parameters: &[(&str, &str)], name: &str, rule: &str| {
        let body = server.call(action, parameters).json();
        let message = format!("The specified parameter \"{name}\" is not valid. {rule}");
        assert_eq!(body["Code"], "InvalidParameter", "{body}");
        assert_eq!(body["Message"].as_str(), Some(&*message));
    };
    let unknown = "Outputs must be a list of names among vtt, hls, dash, json, bif, jellyfin.";
    let padded = "Outputs: jellyfin knows no space between cells: Padding must be 0.";
    for (sprite, rule) in [
        (r#"{"Outputs":["roku"]}"#, unknown),
        (r#"{"Outputs":["vtt","jellyfin"],"Padding":1}"#, padded),
    ] {
        let call = [
            ("VideoId", &*video),
            ("Interval", "1"),
            ("SpriteSnapshotConfig", sprite),
        ];
        refused("SubmitSnapshotJob", &call, "SpriteSnapshotConfig", rule);
        let config = format!(
            r#"{{"SnapshotType":"SpriteSnapshot","SnapshotConfig":{{"Interval":1,"SpriteSnapshotConfig":{sprite}}}}}"#
        );
        let call = [
            ("Name", "n"),
            ("TemplateType", "Snapshot"),
            ("TemplateConfig", &*config),
        ];
        refused("AddVodTemplate", &call, "TemplateConfig", rule);
    }
    for (sprite, format, rule) in [
        ("{}", "avif", "ImageFormat must be jpg or webp."),
        (
            r#"{"Outputs":"jellyfin"}"#,
            "webp",
            "ImageFormat: jellyfin names JPEGs, not webp pictures.",
        ),
    ] {
        let config = format!(
            r#"{{"SnapshotType":"SpriteSnapshot","SnapshotConfig":{{"Interval":1,"ImageFormat":"{format}","SpriteSnapshotConfig":{sprite}}}}}"#
        );
        let call = [
            ("Name", "n"),
            ("TemplateType", "Snapshot"),
            ("TemplateConfig", &*config),
        ];
        refused("AddVodTemplate", &call, "TemplateConfig", rule);
    }
    // What only the video's size tells is said when the job is submitted.
    let wide = add(
        server,
        r#"{"SnapshotType":"SpriteSnapshot","SnapshotConfig":{"Count":1,"ImageFormat":"webp","SpriteSnapshotConfig":{"CellWidth":4096,"Columns":4}}}"#,
    );
    let call = [("VideoId", &*video), ("SnapshotTemplateId", &*wide)];
    let body = server.call("SubmitSnapshotJob", &call).json();
    let message = body["Message"].as_str().unwrap();
    assert!(
        message.contains("SpriteSnapshotConfig")
            && message.contains("the limit of WebP is 16383 px"),
        "{body}"
    );
}

/// The clip without what is coded from the keyframe of this number, of one each two seconds, to the one of
/// that number, or to the end.
pub(crate) fn without(keyframes: Range<usize>, folder: &Path) -> PathBuf {
    let mut bytes = std::fs::read(clip()).unwrap();
    // How an IDR slice by x264 goes, after its length.
    let is_slice =
        |&at: &usize| bytes[at - 4..at - 2] == [0, 0] && bytes[at..at + 2] == [0x65, 0x88];
    let slices: Vec<_> = (4..bytes.len() - 2).filter(is_slice).collect();
    let moov = bytes.windows(4).position(|word| word == b"moov").unwrap();
    let end = slices.get(keyframes.end).copied().unwrap_or(moov) - 4;
    assert!(slices.len() == 5 && moov > slices[4]);
    bytes[slices[keyframes.start] - 4..end].fill(0);
    let path = folder.join(format!("{}-{}.mp4", keyframes.start, keyframes.end));
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_cell_of_a_missing_picture_repeats_the_one_before_and_no_later_one_moves() {
    let folder = tempfile::TempDir::new().unwrap();
    let server = Server::start(&Setup {
        program: env!("CARGO_BIN_EXE_vod-snapshot-under-test").into(),
        data: folder.path().join("data"),
        media_root: folder.path().to_owned(),
        arguments: Vec::new(),
    });
    let sprite =
        r#"{"CellWidth":160,"Columns":4,"Lines":2,"KeepCellPic":"delete","Outputs":"bif,hls"}"#;
    for (keyframes, shown) in [
        (4..5, [0, 1, 2, 3, 4, 5, 6, 7, 7, 7]),
        (2..3, [0, 1, 2, 3, 3, 3, 6, 7, 8, 9]),
    ] {
        let video = server.register(&without(keyframes.clone(), folder.path()));
        let job = server.submit(
            &video,
            &[("Interval", "1"), ("SpriteSnapshotConfig", sprite)],
        );
        assert_eq!(server.wait(&job), "Success");
        let manifest = server.manifest(&video, &job);
        let lost = 2 * keyframes.start..2 * keyframes.end;
        let repeats = |second: usize| lost.contains(&second).then_some(Reason::Damaged);
        let told: Vec<_> = manifest
            .pictures
            .iter()
            .map(|picture| picture.repeats)
            .collect();
        assert_eq!(told, (0..10).map(repeats).collect::<Vec<_>>());
        let missing = manifest
            .missing
            .iter()
            .map(|missing| missing.requested_ms / 1000);
        assert!(missing.eq(lost.map(|second| second as u64)));
        let bif = server.get(&format!(
            "{}/{video}/snapshots/sprite/{job}.bif",
            server.url
        ));
        let cells = artifacts::storyboard::bif::pictures(&bif.bytes).unwrap();
        let cells = cells
            .iter()
            .map(|cell| image::load_from_memory(cell).unwrap().to_rgb8());
        assert!(
            cells
                .map(|cell| number(&cell))
                .eq(shown.map(|second| Some(second * 25)))
        );
        let sizes = [1, 2].map(|sheet| {
            let sheet = server.picture(&artifacts::key::sheet(&video, &job, sheet));
            sheet.dimensions()
        });
        assert_eq!(sizes, [(640, 180); 2], "the last sheet keeps its size");
    }
}
