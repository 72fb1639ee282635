//! Files that name other files: none is followed, whatever the file calls itself.

use decoder::Ffmpeg;
use plan::Limits;
use plan::Size;
use service::pictures::{Stop, take};
use source::{FileSource, RangeSource};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use support::canary::CANARY;
use support::canary::{Canary, Line};
use support::clips::{Recipe, ffmpegs};
use support::work::{Far, at, engine, order_on};

const HTTP: &str = "http://127.0.0.1:18999/x.mp4";

/// Each with the text of the canary, or the address of the listener, in every place that a
/// demuxer would follow.
fn lists() -> Vec<Vec<u8>> {
    let hls = |uri: &str| {
        format!(
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-MAP:URI=\"{uri}\"\n#EXTINF:9,\n{uri}\n#EXT-X-ENDLIST\n"
        )
    };
    let dash = |uri: &str| {
        format!(
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT9S\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{uri}</BaseURL></Representation></AdaptationSet></Period></MPD>"
        )
    };
    let sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 18999 RTP/AVP 96\na=rtpmap:96 H264/90000\n";
    let file = format!("file://{CANARY}");
    let mut all = vec![sdp.into()];
    for uri in [
        CANARY,
        &file,
        HTTP,
        "concat:/tmp/snapshot-canary.txt|/etc/passwd",
    ] {
        all.push(hls(uri).into_bytes());
        all.push(dash(uri).into_bytes());
        all.push(format!("ffconcat version 1.0\nfile '{uri}'\n").into_bytes());
        all.push(gab2(hls(uri).as_bytes()));
    }
    all
}

/// An AVI file of one picture whose subtitles are a file of their own, in which `list` hides.
fn gab2(list: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len()).unwrap().to_le_bytes();
        [name, &size[..], body, &[0][..body.len() % 2]].concat()
    };
    let number = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let stream = |kind: &[u8; 8], format: &[u8]| {
        let mut header = [kind, &[0; 48][..]].concat();
        header[20..24].copy_from_slice(&number(1));
        header[24..28].copy_from_slice(&number(25));
        header[32..36].copy_from_slice(&number(1));
        let body = [
            b"strl",
            &chunk(b"strh", &header)[..],
            &chunk(b"strf", format),
        ]
        .concat();
        chunk(b"LIST", &body)
    };
    let mut main = vec![0; 56];
    main[0..4].copy_from_slice(&number(40_000));
    main[16..20].copy_from_slice(&number(1));
    main[24..28].copy_from_slice(&number(2));
    main[32..36].copy_from_slice(&number(64));
    main[36..40].copy_from_slice(&number(48));
    let (width, height, planes) = (number(64), number(48), [1, 0, 24, 0]);
    let format = [&number(40)[..], &width, &height, &planes, b"MJPG", &[0; 20]].concat();
    let headers = [
        b"hdrl",
        &chunk(b"avih", &main)[..],
        &stream(b"vidsMJPG", &format),
        &stream(b"txts\0\0\0\0", &[]),
    ]
    .concat();
    let text = [
        b"GAB2\0\x02\0",
        &[0; 4][..],
        &[4, 0],
        &number(list.len()),
        list,
    ]
    .concat();
    let movie = [
        b"movi",
        &chunk(b"01tx", &text)[..],
        &chunk(b"00dc", &picture()),
    ]
    .concat();
    let riff = [
        b"AVI ",
        &chunk(b"LIST", &headers)[..],
        &chunk(b"LIST", &movie),
    ]
    .concat();
    chunk(b"RIFF", &riff)
}

fn picture() -> Vec<u8> {
    let grey = [128; 64 * 48 * 3];
    let size = Size {
        width: 64,
        height: 48,
    };
    artifacts::jpeg::encode(&grey, size, artifacts::Quality::default()).unwrap()
}

/// What ffmpeg says of a file when it is left to itself.
fn described(ffmpeg: &Ffmpeg, file: &Path) -> String {
    let said = Command::new(&ffmpeg.path)
        .args(["-nostdin", "-hide_banner", "-i"])
        .arg(file)
        .output();
    String::from_utf8_lossy(&said.unwrap().stderr).into_owned()
}

/// The file is no scarecrow: of the same with honest subtitles in it ffmpeg reads these.
#[test]
fn subtitles_in_avi_reach_the_demuxer_that_would_follow_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.avi");
    let subtitles =
        "1\n00:00:00,000 --> 00:00:09,000\nhello\n\n2\n00:00:09,500 --> 00:00:09,900\nx\n";
    std::fs::write(&file, gab2(subtitles.as_bytes())).unwrap();
    for ffmpeg in &ffmpegs() {
        let said = described(ffmpeg, &file);
        assert!(said.contains("Input #0, avi"), "{said}");
        assert!(said.contains("Subtitle: subrip"), "{said}");
    }
}

/// All of `lists`, under each of `names`, on the way that `source` opens them.
fn are_followed_by_nobody(names: &[&str], source: &dyn Fn(&Path) -> Arc<dyn RangeSource>) {
    let (canary, line) = (Canary::set(), Line::open());
    let folder = tempfile::tempdir().unwrap();
    for ffmpeg in &ffmpegs() {
        for (nth, list) in lists().iter().enumerate() {
            for name in names {
                let file = folder.path().join(format!("{nth}.{name}"));
                std::fs::write(&file, list).unwrap();
                let order = order_on(source(&file), at(&[0]));
                let taken = take(&engine(ffmpeg, Limits::default()), &order, &mut |_| true);
                let by = format!("{nth}.{name} with {}", ffmpeg.version);
                canary.is_untouched(&by);
                line.is_silent(&by);
                match taken {
                    Ok(_) => assert!(list.starts_with(b"RIFF"), "{by} gave pictures"),
                    Err(Stop::Fail(failure)) => {
                        assert!(
                            !failure.message.contains("canary"),
                            "{by}: {}",
                            failure.message
                        );
                    }
                    Err(other) => panic!("{by}: {other}"),
                }
            }
        }
    }
}

#[test]
fn a_list_of_files_is_followed_under_no_name() {
    let names = [
        "m3u8", "mpd", "sdp", "avi", "mp4", "mkv", "ts", "ffconcat", "",
    ];
    are_followed_by_nobody(&names, &|file| Arc::new(FileSource::open(file).unwrap()));
}

#[test]
fn a_far_list_of_files_is_followed_under_no_name() {
    are_followed_by_nobody(&["m3u8", "mp4"], &|file| Arc::new(Far::open(file).unwrap()));
}

/// Where our own index is believed and the decoder is fed: a list for a sample, and one for the
/// reference to a file that MP4 can have in place of its samples.
#[test]
fn a_list_within_a_video_is_followed_by_nobody() {
    let (canary, line) = (Canary::set(), Line::open());
    let folder = tempfile::tempdir().unwrap();
    for ffmpeg in &ffmpegs() {
        let clip = Recipe::h264("hostile").clip(&ffmpegs()[0].path);
        let clip = std::fs::read(clip).unwrap();
        for list in lists() {
            let mut bytes = clip.clone();
            let media = bytes.windows(4).position(|name| name == b"mdat").unwrap();
            let samples = &mut bytes[media + 4..];
            let length = list.len().min(samples.len());
            samples[..length].copy_from_slice(&list[..length]);
            check(ffmpeg, folder.path(), &bytes, &canary, line);
        }
        let mut bytes = clip.clone();
        let place = bytes.windows(4).position(|name| name == b"url ").unwrap();
        // The reference is "in this file" no more; what follows is read as its address.
        bytes[place + 7] = 0;
        check(ffmpeg, folder.path(), &bytes, &canary, line);
    }
}

fn check(ffmpeg: &Ffmpeg, folder: &Path, bytes: &[u8], canary: &Canary, line: &Line) {
    let file = folder.join("a.mp4");
    std::fs::write(&file, bytes).unwrap();
    let order = order_on(Arc::new(FileSource::open(&file).unwrap()), at(&[0, 100]));
    let taken = take(&engine(ffmpeg, Limits::default()), &order, &mut |_| true);
    if let Err(Stop::Fail(failure)) = taken {
        assert!(!failure.message.contains("canary"), "{}", failure.message);
    }
    canary.is_untouched("a sample");
    line.is_silent("a sample");
}
