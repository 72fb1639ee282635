//! Promise: players of pages of another origin show the thumbnails of a WebVTT file, of sheets and of
//! single pictures. A mouse hovers over the bar of each, and the pixels on the screen say what is
//! there.

mod storyboards;

use crate::driver::drive;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use support::clips::{ffmpegs, of_colours};
use support::install::{Installer, Lock};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// The players, and what moves the mouse.
const PLAYERS: Lock = Lock {
    file: "browser/players/package-lock.json",
    name: "players",
    by: Installer::Npm,
};

const NAMES: [&str; 7] = [
    "media-chrome",
    "mux-player",
    "artplayer",
    "video.js",
    "vidstack",
    "plyr",
    "shaka",
];

/// Of each two seconds of the film, in turn.
const COLOURS: [[u8; 3]; 7] = [
    [200, 30, 30],
    [30, 160, 30],
    [30, 30, 200],
    [200, 200, 30],
    [30, 190, 190],
    [190, 40, 190],
    [110, 110, 110],
];

/// What each colour has, s.
const STEP_S: f64 = 2.0;

fn film(folder: &Path) -> PathBuf {
    let file = folder.join("film.mp4");
    of_colours(&ffmpegs()[0].path, &COLOURS, STEP_S, &file);
    file
}

/// Runs a job of such a template; the URL of its WebVTT file.
fn web_vtt(server: &Server, video: &str, output: &Value) -> String {
    let mut settings = json!({"Count": 7, "Interval": 2, "Width": 160, "Format": "vtt"});
    settings
        .as_object_mut()
        .unwrap()
        .extend(output.as_object().unwrap().clone());
    let config = json!({"SnapshotType": "WebVttSnapshot", "SnapshotConfig": settings}).to_string();
    let parameters = [
        ("Name", "thumbnails"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", &config),
    ];
    let template = server.ok("AddVodTemplate", &parameters);
    let template = template["VodTemplateId"].as_str().unwrap();
    let job = server.submit(video, &[("SnapshotTemplateId", template)]);
    assert_eq!(server.wait(&job), "Success");
    format!("{}/{video}/snapshots/vtt/{job}.vtt", server.url)
}

/// What each player shows, of files such as these.
fn hover(film: &Path, players: &[&str], files: &Value) -> Vec<Value> {
    let times = (0..COLOURS.len()).map(|at| (at as f64 + 0.5) * STEP_S);
    let asked = json!({
        "clip": film,
        "folder": film.parent(),
        "players": players,
        "files": files,
        "duration": COLOURS.len() as f64 * STEP_S,
        "times": times.collect::<Vec<_>>(),
        "colours": COLOURS,
    });
    drive(PLAYERS, "players/drive.js", &asked)
}

/// As a JPEG keeps it, scaled and on a screen.
fn is_near(colour: &Value, expected: [u8; 3]) -> bool {
    let parts = colour.as_array().into_iter().flatten();
    let near = |(part, expected): (&Value, u8)| {
        part.as_i64()
            .is_some_and(|part| (part - i64::from(expected)).abs() < 24)
    };
    colour.is_array() && parts.zip(expected).all(near)
}

/// Four of them showed nothing where a cue named a picture without a part of it.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
#[cfg_attr(
    all(browser, node),
    ignore = "installs 270 MB: has a command of its own, see docs/promises.md"
)]
fn players_show_no_thumbnail_of_a_single_picture() {
    let folder = TempDir::new().unwrap();
    let film = film(folder.path());
    let server = Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("data"),
        media_root: folder.path().to_owned(),
        arguments: Vec::new(),
    });
    let video = server.register(&film);
    let tiled = json!({
        "SubOut": {"IsSptFrag": "true"},
        "SpriteSnapshotConfig": {"CellWidth": 160, "CellHeight": 90, "Columns": 3, "Lines": 2},
    });
    let single = json!({"SubOut": {"IsSptFrag": "false"}});
    let files = json!({
        "tiled": web_vtt(&server, &video, &tiled),
        "single": web_vtt(&server, &video, &single),
    });
    check(&hover(&film, &NAMES, &files), &NAMES, 2);
}

/// Each player of `names` showed the right colour at all times, of each of so many files.
fn check(seen: &[Value], names: &[&str], files: usize) {
    let wrong: Vec<String> = seen
        .iter()
        .filter(|line| {
            let time = line["time"].as_f64().unwrap_or(0.0);
            !is_near(&line["colour"], COLOURS[(time / STEP_S) as usize])
        })
        .map(Value::to_string)
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(seen.len(), names.len() * files * COLOURS.len());
    for name in names {
        assert!(seen.iter().any(|line| line["player"] == *name), "{name}");
    }
}
