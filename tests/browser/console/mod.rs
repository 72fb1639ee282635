//! Promise: a person finds out at the server's address what it does: a video goes in, its pictures
//! come out, each beside the player at the same time. Nothing that somebody else named runs there,
//! and no page of another site gets in.

use crate::driver::drive;
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::{Recipe, ffmpegs};
use support::install::{Installer, Lock};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// What moves the browser, and what looks for obstacles (axe).
const DRIVER: Lock = Lock {
    file: "browser/console/package-lock.json",
    name: "console",
    by: Installer::Npm,
};

/// A folder of videos, and a server with this.
struct Stage {
    server: Server,
    folder: TempDir,
}

fn stage(arguments: &[&str]) -> Stage {
    let folder = TempDir::new().unwrap();
    let media_root = folder.path().join("videos");
    fs::create_dir(&media_root).unwrap();
    let server = Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("data"),
        media_root,
        arguments: arguments.iter().map(ToString::to_string).collect(),
    });
    Stage { server, folder }
}

impl Stage {
    /// A clip of its own file, under a name of its own.
    fn clip(&self, name: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::copy(Recipe::h264("console").clip(&ffmpegs()[0].path), &file).unwrap();
        file
    }

    /// A video of which a sprite of so many pictures was made.
    fn sprite(&self, count: &str, config: &str) -> String {
        let file = self.folder.path().join("videos/a.mp4");
        fs::copy(self.clip("b.mp4"), &file).unwrap();
        let video = self.server.register(&file);
        let asked = [
            ("Count", count),
            ("Interval", "0"),
            ("SpriteSnapshotConfig", config),
        ];
        let job = self.server.submit(&video, &asked);
        assert_eq!(self.server.wait(&job), "Success");
        video
    }

    /// What a scene has seen: its steps, each with its name.
    fn play(&self, scene: &str, url: &str, more: &Value) -> Vec<Value> {
        let mut asked = json!({ "scene": scene, "url": url });
        let more = more.as_object().unwrap().clone();
        asked.as_object_mut().unwrap().extend(more);
        if let Ok(shots) = std::env::var("CONSOLE_SHOTS") {
            asked["shots"] = shots.into();
        }
        let steps = drive(DRIVER, "console/drive.js", &asked);
        assert_eq!(of(&steps, "failed"), Vec::<&Value>::new());
        steps
    }

    fn scene(&self, scene: &str, more: &Value) -> Vec<Value> {
        self.play(scene, &self.server.url, more)
    }

    /// The files that were uploaded, and what is left of those that were not.
    fn uploaded(&self) -> usize {
        let data = self.folder.path().join("data");
        let count = |folder: &str| fs::read_dir(data.join(folder)).unwrap().count();
        assert_eq!(count("tmp"), 0, "a part of an upload is left");
        count("uploads")
    }
}

/// As the server wants it: nobody else may read it.
fn key_file(folder: &Path) -> PathBuf {
    let keys = folder.join("keys.json");
    fs::write(&keys, r#"{"console-key": "a-secret-of-the-test"}"#).unwrap();
    fs::set_permissions(&keys, Permissions::from_mode(0o600)).unwrap();
    keys
}

fn of<'a>(steps: &'a [Value], name: &str) -> Vec<&'a Value> {
    steps.iter().filter(|step| step["step"] == name).collect()
}

fn only<'a>(steps: &'a [Value], name: &str) -> &'a Value {
    let found = of(steps, name);
    assert_eq!(found.len(), 1, "{name}: {steps:?}");
    found[0]
}

/// That so many pictures are the frames that the player shows beside them.
fn check_beside(steps: &[Value], count: usize) {
    let beside = of(steps, "beside");
    assert_eq!(beside.len(), count);
    for step in beside {
        let values = &step["values"];
        assert_eq!(values[0], values[1], "another frame than the player's");
        let difference: f64 = values[2].as_str().unwrap().parse().unwrap();
        assert!(difference < 6.0, "{step}");
    }
}

const NONE: [&str; 0] = [];

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn a_dropped_video_comes_to_pictures_that_are_the_frames_of_the_player() {
    let stage = stage(&["--covers", "on"]);
    let file = stage.clip("holiday.mp4");
    let steps = stage.scene("upload", &json!({ "file": file, "count": 4 }));
    check_beside(&steps, 4);
    let end = only(&steps, "end");
    assert_eq!(end["complaints"], json!(NONE));
    assert_eq!(end["violations"], json!(NONE));
    assert!(end["shifts"].as_f64().unwrap() < 0.1, "{end}");
    assert_eq!(stage.uploaded(), 1);
}

/// The page gave the addresses of their files, and not what players have to be told.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn the_lines_for_each_player_are_copied_with_addresses_that_answer() {
    let stage = stage(&["--covers", "off", "--pictures", "signed"]);
    let config = r#"{"Columns": 2, "Lines": 2, "Outputs": "vtt,hls,dash,json,bif,jellyfin"}"#;
    let video = stage.sprite("6", config);
    let steps = stage.scene("storyboards", &json!({ "video": video, "count": 6 }));
    let lines = of(&steps, "lines");
    let begins = [
        "<media-video-layout thumbnails=\"http",
        "#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=",
        "<AdaptationSet",
        "const file = \"http",
        "video.HDBifUrl = \"http",
        "curl --create-dirs -o '",
    ];
    assert_eq!(lines.len(), begins.len());
    for (line, begin) in lines.iter().zip(begins) {
        let text = line["text"].as_str().unwrap();
        assert!(text.trim_start().starts_with(begin), "{line}");
        assert_eq!(line["status"], 200, "{line}");
    }
    assert!(lines[5]["text"].as_str().unwrap().contains(".trickplay/"));
    let end = only(&steps, "end");
    assert_eq!(end["complaints"], json!(NONE));
    assert_eq!(end["violations"], json!(NONE));
}

/// Its cells were taken from places of the largest sheet that there may be.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn cells_of_a_sheet_whose_columns_the_video_decides_are_shown() {
    let stage = stage(&["--covers", "off"]);
    let config = r#"{"Columns": "auto", "Lines": "auto", "KeepCellPic": "delete"}"#;
    let video = stage.sprite("3", config);
    let steps = stage.scene("result", &json!({ "video": video, "count": 3 }));
    check_beside(&steps, 3);
    assert_eq!(only(&steps, "end")["complaints"], json!(NONE));
}

/// The languages show one call. That of curl is run as it stands.
#[test]
#[cfg_attr(
    not(all(browser, node, jq)),
    ignore = "needs chromium, node, npm and curl"
)]
fn the_call_that_is_shown_can_be_copied_and_run() {
    let folder = TempDir::new().unwrap();
    let keys = key_file(folder.path());
    let stage = stage(&["--keys", keys.to_str().unwrap(), "--covers", "off"]);
    let file = stage.clip("a.mp4");
    let more = json!({ "file": file, "id": "console-key", "secret": "a-secret-of-the-test" });
    let steps = stage.scene("keys", &more);
    assert!(
        only(&steps, "wrong")["text"]
            .as_str()
            .unwrap()
            .contains("signature"),
        "{steps:?}"
    );
    let inside = only(&steps, "inside");
    assert_eq!(inside["pictures"], true);
    assert_eq!(inside["keeps"], false, "the secret is kept");
    let end = only(&steps, "end");
    assert_eq!(end["complaints"], json!(NONE));
    assert_eq!(end["violations"], json!(NONE));
    let script = inside["code"].as_str().unwrap();
    let script = script.replace("your-key-id", "console-key");
    let script = script.replace("SECRET=your-secret", "SECRET='a-secret-of-the-test'");
    let output = Command::new("sh").arg("-c").arg(&script).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        answer["SnapshotJob"]["JobId"].is_string(),
        "{script}\n{answer}"
    );
}

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn a_hostile_name_runs_nothing_and_a_failure_says_why() {
    let stage = stage(&["--covers", "off"]);
    let broken = stage
        .folder
        .path()
        .join("<img src=x onerror=window.ran=1>.mp4");
    fs::write(&broken, "no video").unwrap();
    let good = stage.clip("\"><script>window.ran=1<|script>.mp4");
    let steps = stage.scene("hostile", &json!({ "files": [broken, good] }));
    let videos = of(&steps, "video");
    assert_eq!(videos.len(), 2);
    let failed = videos
        .iter()
        .find(|video| video["title"] == "<img src=x onerror=window.ran=1>")
        .unwrap();
    let reason = failed["reasons"].to_string();
    assert!(
        reason.contains("NoneStream") || reason.contains("Invalid"),
        "{reason}"
    );
    assert!(
        only(&steps, "jobs")["text"]
            .as_str()
            .unwrap()
            .contains("<img src=x")
    );
    let end = only(&steps, "end");
    assert_eq!((&end["ran"], &end["images"]), (&Value::Null, &json!(0)));
    assert_eq!(end["complaints"], json!(NONE));
}

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn a_key_is_not_asked_for_where_it_could_be_read_on_the_way() {
    let folder = TempDir::new().unwrap();
    let keys = key_file(folder.path());
    let stage = stage(&["--keys", keys.to_str().unwrap()]);
    let port = stage.server.url.rsplit(':').next().unwrap();
    // A name that the browser takes for another machine's: drive.js says where it leads.
    let url = format!("http://console.example:{port}");
    let steps = stage.play("plain", &url, &json!({}));
    let end = only(&steps, "end");
    assert_eq!((&end["secure"], &end["inputs"]), (&json!(false), &json!(0)));
    assert!(end["text"].as_str().unwrap().contains("https"), "{end}");
}

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn every_view_can_be_read_on_a_desk_and_a_phone_light_and_dark() {
    let stage = stage(&["--covers", "off", "--notify", "http://127.0.0.1:9/"]);
    let file = stage.folder.path().join("videos/a.mp4");
    fs::copy(stage.clip("b.mp4"), &file).unwrap();
    let video = stage.server.register(&file);
    let job = stage
        .server
        .submit(&video, &[("Count", "3"), ("Interval", "0")]);
    assert_eq!(stage.server.wait(&job), "Success");
    let steps = stage.scene("looks", &json!({ "video": video }));
    let views = of(&steps, "view");
    assert_eq!(views.len(), 4 * 5);
    for view in views {
        assert_eq!(view["violations"], json!(NONE), "{view}");
        assert!(
            view["wide"].as_i64().unwrap() <= 0,
            "it scrolls sideways: {view}"
        );
        assert!(view["shifts"].as_f64().unwrap() < 0.1, "{view}");
    }
    for end in of(&steps, "end") {
        assert_eq!(end["complaints"], json!(NONE));
    }
}

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
fn a_page_of_another_site_uploads_nothing_and_frames_nothing() {
    let stage = stage(&["--covers", "off"]);
    let steps = stage.scene("other_site", &json!({}));
    let end = only(&steps, "end");
    assert_eq!(end["read"], "TypeError", "{end}");
    assert_eq!(end["inside"], "hidden");
    assert_eq!(end["framed"], json!([0]));
    assert_eq!(stage.uploaded(), 0);
    assert_eq!(stage.server.ok("GetVideoList", &[])["Total"], 0);
}
