use crate::jobs::{bench, clip};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use support::server::PATIENCE;
use support::subscriber::Subscriber;

/// Not a video, a video without pictures, half a video.
fn broken(folder: &Path) -> Vec<PathBuf> {
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let sound = folder.join("sound.mp4");
    let made = Command::new(&support::clips::ffmpegs()[0].path)
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi"])
        .args(["-i", "sine=duration=1", "-c:a", "aac"])
        .arg(&sound)
        .status();
    assert!(made.unwrap().success());
    // The table of what is in it stands at its end.
    let whole = std::fs::read(clip()).unwrap();
    let index = whole.windows(4).rposition(|name| name == b"moov").unwrap();
    let noise = (0..64 << 10).map(|n: u32| (n.wrapping_mul(0x9e37_79b1) >> 13) as u8);
    let playlist = "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n";
    vec![
        sound,
        file("text.mp4", b"no video\n"),
        file("noise.mp4", &noise.collect::<Vec<_>>()),
        file("half.mp4", &whole[..index - 4]),
        file("playlist.mp4", playlist.as_bytes()),
    ]
}

#[test]
fn files_that_give_no_picture_end_fail_and_the_service_lives_on() {
    let folder = tempfile::TempDir::new().unwrap();
    all_fail(folder.path(), &broken(folder.path()));
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn other_peoples_files_that_give_no_picture_end_fail_and_the_service_lives_on() {
    let corpus = support::corpus();
    let files = [
        "malformed/media__sample_audio_only.mp4",
        "malformed/mp4ff__init.mp4",
        "malformed/mutagen__64bit.mp4",
        "synthetic/text.mp4",
        "synthetic/random_64k.mp4",
        "synthetic/truncated_moov_missing.mp4",
        "synthetic/mp3_with_cover.mp3",
        "synthetic/hls_local_file_named.mp4",
    ];
    all_fail(&corpus, &files.map(|name| corpus.join(name)));
}

/// Both gave pictures as Success: flat grey ones, and one tile.
#[test]
fn what_no_player_shows_ends_fail_and_says_why() {
    let folder = tempfile::TempDir::new().unwrap();
    let encrypted = folder.path().join("encrypted.mp4");
    let made = Command::new(&support::clips::ffmpegs()[0].path)
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(clip())
        .args(["-c", "copy", "-encryption_scheme", "cenc-aes-ctr"])
        .args(["-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb"])
        .args(["-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"])
        .arg(&encrypted)
        .status();
    assert!(made.unwrap().success());
    let still = folder.path().join("still.heic");
    let boxes = b"\0\0\0\x14ftypheic\0\0\0\0mif1\0\0\0\x0cmeta\0\0\0\0\0\0\0\x08mdat";
    std::fs::write(&still, boxes).unwrap();
    let messages = all_fail(folder.path(), &[encrypted, still]);
    assert!(
        messages[0].contains("the video is encrypted"),
        "{messages:?}"
    );
    assert!(messages[1].contains("a still picture"), "{messages:?}");
}

/// Each ends Fail with a code, a message and an event, and the service lives on. Gives the
/// messages.
fn all_fail(media_root: &Path, files: &[PathBuf]) -> Vec<String> {
    let mut messages = Vec::new();
    let subscriber = Subscriber::start(&[]);
    let media_root = media_root.display().to_string();
    let both = ["--media-root", &media_root, "--media-root"];
    let clips = clip().parent().unwrap().display().to_string();
    let arguments = [&["--notify", &*subscriber.url], &both[..], &[&*clips]].concat();
    let bench = bench(&arguments);
    let server = &bench.server;
    for file in files {
        let name = file.display();
        let video = server.register(file);
        let job = server.submit(&video, &[("Count", "3"), ("Interval", "0")]);
        let event = subscriber.next().json();
        assert_eq!(event["Status"], "fail", "{name}: {event}");
        assert_eq!(
            event["ErrorCode"], "InvalidParameter.ResourceContentBad",
            "{name}: {event}"
        );
        let message = event["ErrorMessage"].as_str().unwrap();
        assert!(
            message.starts_with("The resource operated is bad/broken: "),
            "{message}"
        );
        assert!(!message.contains(&media_root), "no path of ours: {message}");
        messages.push(message.to_owned());
        assert_eq!(server.status(&job), "Fail");
    }
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success", "after all of these");
    messages
}

#[test]
fn a_file_that_is_gone_ends_fail() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("a.mp4");
    std::fs::copy(clip(), &file).unwrap();
    let root = Path::new(folder.path()).display().to_string();
    let bench = bench(&["--media-root", &root, "--missing-file-seconds", "1"]);
    let video = bench.server.register(&file);
    std::fs::remove_file(&file).unwrap();
    let job = bench.server.submit(&video, &[("Count", "1")]);
    assert_eq!(bench.server.wait(&job), "Fail");
}

/// No list named them, and no action deleted them.
#[test]
fn pictures_of_a_job_that_fails_are_not_left_behind() {
    let bench = bench(&["--limit", "output-bytes=100000"]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "20"), ("Interval", "0")]);
    assert_eq!(server.wait(&job), "Fail");
    let until = Instant::now() + PATIENCE;
    let objects = || files(&bench.data().join("objects"));
    while !objects().is_empty() {
        assert!(Instant::now() < until, "left: {:?}", objects());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let found = entries.map(|entry| match entry.unwrap().path() {
        path if path.is_dir() => files(&path),
        path => vec![path],
    });
    found.flatten().collect()
}
