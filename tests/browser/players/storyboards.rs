//! Players find the thumbnails in the manifests of a video, in JSON, in WebVTT and in BIF.

use super::{COLOURS, PLAYERS, STEP_S, check, film, hover, is_near};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;
use support::clips::ffmpegs;
use tempfile::TempDir;

/// The video itself as HLS and as DASH.
fn streams(film: &Path, folder: &Path) {
    let ffmpeg = &ffmpegs()[0].path;
    let common = ["-v", "error", "-i"];
    let hls =
        "-c copy -f hls -hls_segment_type fmp4 -hls_playlist_type vod -master_pl_name video.m3u8";
    let dash = "-c copy -f dash -use_template 1 -use_timeline 0";
    for (options, name) in [(hls, "stream.m3u8"), (dash, "stream.mpd")] {
        let mut run = Command::new(ffmpeg);
        run.args(common)
            .arg(film)
            .args(options.split(' '))
            .arg(name);
        assert!(run.current_dir(folder).status().unwrap().success());
    }
}

/// Takes a storyboard into `out`, with sheets of so many columns of two cells.
fn storyboard(film: &Path, columns: u32, out: &Path) {
    let forms = ["--formats", "vtt,hls,dash,json,bif"];
    take(film, columns, &forms, out);
}

fn take(film: &Path, columns: u32, forms: &[&str], out: &Path) {
    let config = format!(
        r#"{{"CellWidth":160,"CellHeight":90,"Columns":{columns},"Lines":2,"KeepCellPic":"delete"}}"#
    );
    let run = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .arg("snapshot")
        .arg(film)
        .args(["--interval", "2", "--sprite", &config])
        .args(forms)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
}

#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
#[cfg_attr(
    all(browser, node),
    ignore = "installs 270 MB: has a command of its own, see docs/promises.md"
)]
fn players_find_the_thumbnails_that_a_manifest_names() {
    let folder = TempDir::new().unwrap();
    let film = film(folder.path());
    streams(&film, folder.path());
    // Seven cells: two sheets.
    storyboard(&film, 2, &folder.path().join("out"));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let own = read("out/sprite/snapshot-multivariant.m3u8");
    let tag = own
        .lines()
        .find(|line| line.starts_with("#EXT-X-IMAGE-STREAM-INF"))
        .unwrap();
    let tag = tag.replace("URI=\"", "URI=\"out/sprite/");
    let video = format!("{}{tag}\n", read("video.m3u8"));
    fs::write(folder.path().join("both.m3u8"), video).unwrap();
    let set = read("out/sprite/snapshot-adaptation-set.xml");
    let set = set.replace("media=\"", "media=\"out/sprite/");
    let video = read("stream.mpd").replace("</Period>", &format!("{set}</Period>"));
    fs::write(folder.path().join("both.mpd"), video).unwrap();
    let (hls, dash) = ("/folder/both.m3u8", "/folder/both.mpd");
    let shaka = ["shaka-manifest"];
    check(
        &hover(&film, &shaka, &json!({"hls": hls, "dash": dash})),
        &shaka,
        2,
    );
    let dash_js = ["dash.js"];
    check(&hover(&film, &dash_js, &json!({"dash": dash})), &dash_js, 1);
}

/// It names one sheet, which may be a WebP.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
#[cfg_attr(
    all(browser, node),
    ignore = "installs 270 MB: has a command of its own, see docs/promises.md"
)]
fn vidstack_reads_the_json_of_a_sheet() {
    let folder = TempDir::new().unwrap();
    let film = film(folder.path());
    for format in ["jpg", "webp"] {
        let forms = ["--formats", "json", "--format", format];
        take(&film, 4, &forms, &folder.path().join(format));
        let json = json!({"json": format!("/folder/{format}/sprite/snapshot-00001.json")});
        let vidstack = ["vidstack"];
        check(&hover(&film, &vidstack, &json), &vidstack, 1);
    }
}

/// The sheets and the file of the command line, from the clip's own origin.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
#[cfg_attr(
    all(browser, node),
    ignore = "installs 270 MB: has a command of its own, see docs/promises.md"
)]
fn media_chrome_and_video_js_show_the_cell_of_each_time() {
    let folder = TempDir::new().unwrap();
    let film = film(folder.path());
    for format in ["jpg", "webp"] {
        let forms = ["--formats", "vtt", "--format", format];
        take(&film, 2, &forms, &folder.path().join(format));
        let vtt = json!({"vtt": format!("/folder/{format}/sprite/snapshot.vtt")});
        let players = ["media-chrome", "video.js"];
        check(&hover(&film, &players, &vtt), &players, 1);
    }
}

/// RxPlayer's, which knows nothing of ours.
#[test]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium, node and npm")]
#[cfg_attr(
    all(browser, node),
    ignore = "installs 270 MB: has a command of its own, see docs/promises.md"
)]
fn another_reader_of_bif_finds_the_cell_of_each_time() {
    let folder = TempDir::new().unwrap();
    let film = film(folder.path());
    storyboard(&film, 2, &folder.path().join("out"));
    let cells = folder.path().join("cells");
    fs::create_dir(&cells).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/players/bif.js");
    let read = Command::new("node")
        .env("NODE_PATH", PLAYERS.installed().join("node_modules"))
        .arg(script)
        .args([&folder.path().join("out/sprite/snapshot.bif"), &cells])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{said}");
    assert_eq!(fs::read_dir(&cells).unwrap().count(), COLOURS.len());
    for (nth, colour) in COLOURS.into_iter().enumerate() {
        let ms = (nth as f64 * STEP_S * 1000.0) as u64;
        let cell = image::open(cells.join(format!("{ms}.jpg")))
            .unwrap()
            .to_rgb8();
        let middle = cell.get_pixel(cell.width() / 2, cell.height() / 2).0;
        assert!(is_near(&json!(middle), colour), "{ms} ms: {middle:?}");
    }
}
