//! Files that name other files: none is followed, whatever the file calls itself.

use crate::impostor::CANARY;
use media::{Limits, Video};
use plan::Size;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use support::clips::ffmpegs;

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

/// An AVI file whose subtitles are a file of their own, in which a playlist hides.
fn gab2(list: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len()).unwrap().to_le_bytes();
        [name, &size[..], body, &[0][..body.len() % 2]].concat()
    };
    let mut header = vec![0; 56];
    header[24..28].copy_from_slice(&1_u32.to_le_bytes());
    let mut stream = [b"txts", &[0; 52][..]].concat();
    stream[20] = 1;
    stream[24] = 1;
    let streams = [b"strl", &chunk(b"strh", &stream)[..], &chunk(b"strf", &[])].concat();
    let headers = [
        b"hdrl",
        &chunk(b"avih", &header)[..],
        &chunk(b"LIST", &streams),
    ]
    .concat();
    let size = u32::try_from(list.len()).unwrap().to_le_bytes();
    let text = [b"GAB2\0\x02\0", &[0; 4][..], &[4, 0], &size, list].concat();
    let movie = [b"movi", &chunk(b"00tx", &text)[..]].concat();
    let riff = [
        b"AVI ",
        &chunk(b"LIST", &headers)[..],
        &chunk(b"LIST", &movie),
    ]
    .concat();
    chunk(b"RIFF", &riff)
}

#[test]
fn a_list_of_files_is_followed_under_no_name() {
    let canary_is_new = !fs::exists(CANARY).unwrap();
    if canary_is_new {
        fs::write(CANARY, "canary\n").unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:18999").ok();
    let folder = tempfile::tempdir().unwrap();
    let size = Size {
        width: 160,
        height: 90,
    };
    for ffmpeg in &ffmpegs() {
        for (nth, list) in lists().iter().enumerate() {
            for name in ["m3u8", "mpd", "sdp", "avi", "mp4", "mkv", "ts", "ffconcat"] {
                let file = folder.path().join(format!("{nth}.{name}"));
                fs::write(&file, list).unwrap();
                let limits = Limits::default();
                let error = Video::open(ffmpeg, &file, &limits)
                    .and_then(|video| video.extract(ffmpeg, &[0], size, &limits, &mut |_| Ok(())))
                    .unwrap_err();
                let said = error.to_string();
                assert!(error.is_permanent(), "{nth}.{name}: {said}");
                assert!(!said.contains("canary"), "{nth}.{name}: {said}");
            }
        }
    }
    if let Some(listener) = listener {
        listener.set_nonblocking(true).unwrap();
        let called = listener.accept().map_err(|error| error.kind());
        assert_eq!(called.err(), Some(ErrorKind::WouldBlock));
    }
}
