//! Animated images: exactly the frames asked for, told of, listed, served and deleted.

use image::RgbImage;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::bench::{Bench, clip};
use support::server::{Server, Setup};
use support::subscriber::Subscriber;
use tempfile::TempDir;

/// At 25 frames a second, as the clip is.
const FIVE_A_SECOND: &str = r#"{"Video":{"Width":"320","Height":"180","Fps":"5"},
    "Container":{"Format":"gif"},"Clip":{"TimeSpan":{"Seek":"2","Duration":"00:00:01"}}}"#;

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

fn template(server: &Server, config: &str) -> String {
    let parameters = [
        ("Name", "t"),
        ("TemplateType", "DynamicImage"),
        ("TemplateConfig", config),
    ];
    let answer = server.ok("AddVodTemplate", &parameters);
    answer["VodTemplateId"].as_str().unwrap().to_owned()
}

fn submit(server: &Server, video: &str, template: &str, overrides: &str) -> String {
    let parameters = [
        ("VideoId", video),
        ("DynamicImageTemplateId", template),
        ("OverrideParams", overrides),
    ];
    let answer = server.ok("SubmitDynamicImageJob", &parameters);
    answer["DynamicImageJob"]["JobId"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn list(server: &Server, video: &str) -> Vec<Value> {
    let answer = server.ok("ListDynamicImage", &[("VideoId", video)]);
    answer["DynamicImageList"].as_array().unwrap().clone()
}

/// The frames of a GIF, as ffmpeg reads it.
fn gif_frames(bytes: &[u8], (width, height): (u32, u32)) -> Vec<RgbImage> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.gif");
    std::fs::write(&file, bytes).unwrap();
    let ffmpegs = support::clips::ffmpegs();
    let raw = Command::new(&ffmpegs[0].path)
        .args(["-v", "error", "-i"])
        .arg(file)
        .args([
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ])
        .output()
        .unwrap();
    assert!(raw.status.success());
    let frames = raw.stdout.chunks_exact((width * height * 3) as usize);
    frames
        .map(|raw| RgbImage::from_raw(width, height, raw.to_vec()).unwrap())
        .collect()
}

/// How long each frame of an animated WebP is shown, ms: a RIFF file of chunks.
fn webp_durations(bytes: &[u8]) -> Vec<u32> {
    assert!(bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP");
    let (mut rest, mut durations) = (&bytes[12..], Vec::new());
    while let [a, b, c, d, l0, l1, l2, l3, body @ ..] = rest {
        let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
        if [*a, *b, *c, *d] == *b"ANMF" {
            durations.push(u32::from_le_bytes([body[12], body[13], body[14], 0]));
        }
        rest = &body[(length + length % 2).min(body.len())..];
    }
    durations
}

#[test]
fn a_gif_has_exactly_the_frames_of_its_times_until_it_is_deleted() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = submit(server, &video, &template(server, FIVE_A_SECOND), "");
    let event = subscriber.next().json();
    assert_eq!(event["EventType"], "DynamicImageComplete");
    assert_eq!(
        (&event["Status"], &event["JobId"]),
        (&"success".into(), &job.as_str().into())
    );
    let info: Value = serde_json::from_str(event["DynamicImageJobInfo"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&info["Fps"], &info["Width"], &info["Height"]),
        (&"5".into(), &"320".into(), &"180".into())
    );
    let file = server.get(info["FileURL"].as_str().unwrap());
    assert_eq!(info["FileSize"], file.bytes.len().to_string());
    assert_eq!(file.content_type, "image/gif");
    let frames = gif_frames(&file.bytes, (320, 180));
    let numbers: Vec<_> = frames
        .iter()
        .map(|frame| support::number(frame).unwrap())
        .collect();
    assert_eq!(numbers, [50, 55, 60, 65, 70]);

    let images = list(server, &video);
    assert_eq!(images.len(), 1);
    let image = &images[0];
    assert_eq!(
        (&image["JobId"], &image["DynamicImageId"]),
        (&event["JobId"], &event["JobId"])
    );
    assert_eq!(
        (&image["Duration"], &image["Format"]),
        (&"1".into(), &"gif".into())
    );
    let url = image["FileURL"].as_str().unwrap();
    assert_eq!(server.get(url).bytes, file.bytes);
    assert_eq!(server.status(&job), "Success");
    let snapshots = [("VideoId", &*video), ("SnapshotType", "NormalSnapshot")];
    assert_eq!(
        server.call("ListSnapshots", &snapshots).status,
        404,
        "it is no snapshot"
    );

    let all = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &video),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &all);
    assert_eq!(list(server, &video).len(), 1, "it is no snapshot");
    let _ = server.ok(
        "DeleteDynamicImage",
        &[("VideoId", &video), ("DynamicImageIds", &job)],
    );
    assert!(list(server, &video).is_empty());
    assert_eq!(server.get(url).status, 404);
    let left = named(&bench.data(), &job);
    assert!(left.is_empty(), "{left:?}");
}

/// The files below a folder with this in their name.
fn named(folder: &Path, part: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => named(&path, part),
            false => vec![path],
        })
        .filter(|path| path.to_str().unwrap().contains(part))
        .collect()
}

/// Five seconds of black, then three in which much happens, then a still picture.
#[test]
fn an_image_that_says_nothing_of_its_time_shows_where_most_happens_and_is_the_cover() {
    let folder = TempDir::new().unwrap();
    let clip = folder.path().join("lively.mp4");
    let shown = "color=black:s=320x180:r=10:d=5[a];testsrc2=s=320x180:r=10:d=3[b];\
        smptebars=s=320x180:r=10:d=5[c];[a][b][c]concat=n=3";
    let ffmpegs = support::clips::ffmpegs();
    let made = Command::new(&ffmpegs[0].path)
        .args([
            "-v", "error", "-f", "lavfi", "-i", shown, "-c:v", "libx264", "-g", "25",
        ])
        .args(["-preset", "veryfast", "-pix_fmt", "yuv420p"])
        .arg(&clip)
        .status();
    assert!(made.unwrap().success());
    let server = &Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("data"),
        media_root: folder.path().to_owned(),
        arguments: Vec::new(),
    });
    let video = server.register(&clip);
    let config = r#"{"Container":{"Format":"webp"},"SetDefaultCover":true}"#;
    let job = submit(
        server,
        &video,
        &template(server, config),
        r#"{"Video":{"Width":160}}"#,
    );
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    let made = manifest.animation.unwrap();
    assert!((4900..=5100).contains(&made.begin_ms), "{made:?}");
    assert_eq!((made.width, made.height, made.duration_ms), (160, 90, 3000));
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    let cover = info["Video"]["CoverURL"].as_str().unwrap();
    let file = server.get(cover);
    assert_eq!(file.content_type, "image/webp");
    let durations = webp_durations(&file.bytes);
    assert_eq!(durations.iter().sum::<u32>(), 3000);
    assert!(durations.len() > 25, "{durations:?}");
}

#[test]
fn what_cannot_be_made_is_refused_or_fails_with_its_reason() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let own = template(server, FIVE_A_SECOND);
    let of_snapshots = [
        ("Name", "t"),
        ("TemplateType", "Snapshot"),
        (
            "TemplateConfig",
            r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":1}}"#,
        ),
    ];
    let snapshots = server.ok("AddVodTemplate", &of_snapshots);
    let snapshots = snapshots["VodTemplateId"].as_str().unwrap();
    let refused = |template: &str, overrides: &str| {
        let parameters = [
            ("VideoId", &*video),
            ("DynamicImageTemplateId", template),
            ("OverrideParams", overrides),
        ];
        let refused = server.call("SubmitDynamicImageJob", &parameters).json();
        format!(
            "{} {}",
            refused["Code"].as_str().unwrap(),
            refused["Message"]
        )
    };
    assert!(refused(snapshots, "").starts_with("NoSuchResource"));
    assert!(refused("none", "").starts_with("NoSuchResource"));
    for (overrides, said) in [
        (
            r#"{"Watermarks":[{"Content":"x"}]}"#,
            "Watermarks are not made",
        ),
        (
            r#"{"Clip":{"TimeSpan":{"Duration":"200"}}}"#,
            "make 1000 frames; the limit is 600",
        ),
    ] {
        let refused = refused(&own, overrides);
        assert!(
            refused.starts_with("InvalidParameter ") && refused.contains(said),
            "{refused}"
        );
    }
    let as_snapshots = [("VideoId", &*video), ("SnapshotTemplateId", &own)];
    assert_eq!(server.call("SubmitSnapshotJob", &as_snapshots).status, 404);
    let ids = |kind| {
        let list = server.ok("ListVodTemplate", &[("TemplateType", kind)]);
        let list = list["VodTemplateInfoList"].as_array().unwrap().clone();
        let id = |template: Value| template["VodTemplateId"].as_str().unwrap().to_owned();
        list.into_iter().map(id).collect::<BTreeSet<_>>()
    };
    assert_eq!(ids("DynamicImage"), BTreeSet::from([own.clone()]));
    assert_eq!(ids("Snapshot"), BTreeSet::from([snapshots.to_owned()]));
    let other_type = [
        ("VodTemplateId", snapshots),
        ("TemplateConfig", FIVE_A_SECOND),
    ];
    assert_eq!(server.call("UpdateVodTemplate", &other_type).status, 400);

    let job = submit(
        server,
        &video,
        &own,
        r#"{"Clip":{"TimeSpan":{"Seek":"3600"}}}"#,
    );
    let event = subscriber.next().json();
    assert_eq!(
        (&event["Status"], &event["JobId"]),
        (&"fail".into(), &job.as_str().into())
    );
    assert_eq!(event["ErrorCode"], "InvalidParameter.DynamicImage");
    assert!(
        event["ErrorMessage"]
            .as_str()
            .unwrap()
            .contains("begin at 3600000 ms"),
        "{event}"
    );
    assert!(list(server, &video).is_empty());
}
