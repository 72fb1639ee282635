use crate::templates::{add, bench, clip, list, run};
use support::number;
use support::server::Server;

/// One cue: from, to (ms), and what it names.
type Cue = (u64, u64, String);

/// Reads a WebVTT file as strictly as it was promised.
fn parse(text: &str) -> Vec<Cue> {
    let mut blocks = text.trim_end().split("\n\n");
    assert_eq!(blocks.next(), Some("WEBVTT"));
    let cue = |block: &str| {
        let (times, url) = block.split_once('\n').unwrap();
        let (from, to) = times.split_once(" --> ").unwrap();
        (ms(from), ms(to), url.to_owned())
    };
    blocks.map(cue).collect()
}

fn ms(time: &str) -> u64 {
    assert_eq!(time.len(), "00:00:00.000".len(), "{time}");
    let part = |range: std::ops::Range<usize>| time[range].parse::<u64>().unwrap();
    ((part(0..2) * 60 + part(3..5)) * 60 + part(6..8)) * 1000 + part(9..12)
}

fn fetch(server: &Server, url: &str) -> Vec<Cue> {
    let reply = server.get(url);
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "text/vtt")
    );
    parse(&String::from_utf8(reply.bytes).unwrap())
}

#[test]
fn single_pictures_have_a_cue_each_from_their_presentation_time() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let config = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":4,"Interval":0,"SpecifiedOffsetTime":30,"FrameType":"normal","Width":320,"Format":"vtt","SubOut":{"IsSptFrag":"false"}}}"#;
    let job = run(server, &video, &add(server, config));
    let url = format!("{}/{video}/snapshots/vtt/{job}.vtt", server.url);
    let cues = fetch(server, &url);
    // 30 ms, then steps of 2492.5 ms: frames of 40 ms each.
    let expected = [(0, 2520), (2520, 5000), (5000, 7480), (7480, 10_000)];
    assert_eq!(
        cues.iter().map(|c| (c.0, c.1)).collect::<Vec<_>>(),
        expected
    );
    for (at, (from, _, name)) in cues.iter().enumerate() {
        let (file, part) = name.split_once('#').unwrap();
        assert_eq!(file, format!("{job}-{:05}.jpg", at + 1), "relative");
        assert_eq!(part, "xywh=0,0,320,180", "most players need it");
        let picture = server.picture(&format!("{video}/snapshots/vtt/{file}"));
        assert_eq!((picture.width(), picture.height()), (320, 180));
        assert_eq!(number(&picture), Some(from / 40));
    }
    let manifest = server.manifest(&video, &job);
    assert_eq!(manifest.snapshot_type, "WebVttSnapshot");
    assert_eq!(
        manifest.web_vtt,
        Some(format!("{video}/snapshots/vtt/{job}.vtt"))
    );
}

#[test]
fn tiled_pictures_are_cut_from_their_sheets_by_their_fragments() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let config = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":10,"Interval":1,"FrameType":"normal","Format":"vtt","SubOut":{"IsSptFrag":"true"},"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Columns":3,"Lines":2,"Padding":10,"Margin":20,"KeepCellPic":"keep"}}}"#;
    let job = run(server, &video, &add(server, config));
    let listed = list(server, &video, "WebVttSnapshot");
    assert_eq!(listed["Total"], 3, "the file and two sheets");
    let entries = listed["Snapshots"]["Snapshot"].as_array().unwrap();
    let indices: Vec<_> = entries
        .iter()
        .map(|e| e["Index"].as_u64().unwrap())
        .collect();
    assert_eq!(indices, [0, 1, 2]);
    let cues = fetch(server, entries[0]["Url"].as_str().unwrap());
    assert_eq!(cues.len(), 10);
    for (at, (from, to, name)) in cues.iter().enumerate() {
        let second = u64::try_from(at).unwrap() * 1000;
        assert_eq!((*from, *to), (second, second + 1000));
        let (file, xywh) = name.split_once("#xywh=").unwrap();
        assert_eq!(file, format!("{job}-{:05}.jpg", at / 6 + 1));
        let xywh: Vec<u32> = xywh.split(',').map(|n| n.parse().unwrap()).collect();
        let sheet = server.picture(&format!("{video}/snapshots/vtt/{file}"));
        assert_eq!((sheet.width(), sheet.height()), (540, 230));
        let cell = image::imageops::crop_imm(&sheet, xywh[0], xywh[1], xywh[2], xywh[3]);
        assert_eq!((xywh[2], xywh[3]), (160, 90));
        assert_eq!(number(&cell.to_image()), Some(second / 40), "{name}");
    }
    let regular = listed["Regular"].as_str().unwrap();
    let first = regular.replace("{SnapshotCount}", "00001");
    assert_eq!(server.get(&first).status, 200);
    assert!(entries[1]["Url"].as_str().unwrap().starts_with(&first));
}

#[test]
fn pictures_of_one_keyframe_share_a_cue() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let config = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":5,"Interval":1,"FrameType":"intra","Width":320}}"#;
    let job = run(server, &video, &add(server, config));
    let cues = fetch(
        server,
        &format!("{}/{video}/snapshots/vtt/{job}.vtt", server.url),
    );
    assert_eq!(server.manifest(&video, &job).pictures.len(), 5);
    // 0 1 2 3 4 s take the keyframes of 0 0 2 2 4 s.
    let times: Vec<_> = cues.iter().map(|c| (c.0, c.1)).collect();
    assert_eq!(times, [(0, 2000), (2000, 4000), (4000, 10_000)]);
    let names: Vec<_> = cues.iter().map(|c| c.2.clone()).collect();
    let name = |n| format!("{job}-{n:05}.jpg#xywh=0,0,320,180");
    assert_eq!(names, [1, 3, 5].map(name));
}
