//! Small files that declare enormous tables: they end with an error of the contract, soon, and in
//! little memory of ours.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::clips::ffmpegs;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

/// More is no bounded time, even in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a file may cost beside what the program takes anyway.
const MOST_KB: u64 = 100 << 10;

const MANY: u32 = 10_000_000;

/// How it ended.
struct Ended {
    succeeded: bool,
    said: String,
    /// The most memory that it had.
    peak_kb: u64,
}

/// Takes a picture of `video` with the program itself.
fn snapshot(video: &Path) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let said = File::create(folder.path().join("said")).unwrap();
    let mut program = Command::new(PROGRAM)
        .args(["snapshot", "--count", "2", "--interval", "1", "--ffmpeg"])
        .arg(&ffmpegs()[0].path)
        .arg("--out")
        .arg(folder.path().join("out"))
        .arg(video)
        .stdout(Stdio::null())
        .stderr(said)
        .spawn()
        .unwrap();
    let (begun, mut peak_kb) = (Instant::now(), 0);
    let status = loop {
        peak_kb = peak_kb.max(peak(program.id()));
        if let Some(status) = program.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            program.kill().unwrap();
            program.wait().unwrap();
            panic!("{} takes too long", video.display());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let said = fs::read_to_string(folder.path().join("said")).unwrap();
    eprintln!(
        "{}: {peak_kb} KB, {:?}: {}",
        video.display(),
        begun.elapsed(),
        said.trim()
    );
    Ended {
        succeeded: status.success(),
        said,
        peak_kb,
    }
}

fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kb.unwrap_or(0)
}

/// What the program takes for a file that is none.
fn usual_kb(folder: &Path) -> u64 {
    let path = folder.join("usual.mp4");
    fs::write(&path, "this is no video").unwrap();
    snapshot(&path).peak_kb
}

/// Ends with an error of the contract, in at most `most_kb` more than usual.
fn is_refused(folder: &Path, name: &str, file: &[u8], bytes: u64, most_kb: u64) {
    let path = folder.join(name);
    fs::write(&path, file).unwrap();
    // What is not written takes no disk, but is there.
    let sparse = File::options().write(true).open(&path).unwrap();
    sparse.set_len(bytes.max(file.len() as u64)).unwrap();
    let ended = snapshot(&path);
    assert!(!ended.succeeded, "{name}: {}", ended.said);
    let is_code = |code: &str| ended.said.contains(code);
    assert!(
        is_code("InvalidParameter.ResourceContentBad") || is_code("LimitExceeded."),
        "{name}: {}",
        ended.said
    );
    let usual_kb = usual_kb(folder);
    let grown_kb = ended.peak_kb.saturating_sub(usual_kb);
    assert!(
        grown_kb < most_kb,
        "{name}: {grown_kb} KB beside {usual_kb}"
    );
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let bytes = u32::try_from(body.len() + 8).unwrap();
    [&bytes.to_be_bytes(), &kind[..], &body].concat()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

const UNITY: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// A track of H.264, 64x64, with these tables.
fn track(id: u32, handler: &[u8; 4], tables: &[u8]) -> Vec<u8> {
    let size = words(&[64 << 16, 64 << 16]);
    let tkhd = [
        words(&[7, 0, 0, id, 0, 1000, 0, 0, 0, 0]),
        words(&UNITY),
        size,
    ]
    .concat();
    let mdhd = words(&[0, 0, 0, 1000, 1000, 0x55c4_0000]);
    let hdlr = [&words(&[0, 0])[..], handler, &[0; 13]].concat();
    let avcc = boxed(b"avcC", &[&[1, 100, 0, 30, 255, 0xe0, 0]]);
    let picture: [&[u8]; 4] = [
        &[0, 0, 0, 0, 0, 0, 0, 1],
        &[0; 16],
        &[0, 64, 0, 64],
        &[0; 50],
    ];
    let avc1 = boxed(b"avc1", &[&picture.concat(), &avcc]);
    let stsd = boxed(b"stsd", &[&words(&[0, 1]), &avc1]);
    let stbl = boxed(b"stbl", &[&stsd, tables]);
    let minf = boxed(b"minf", &[&boxed(b"vmhd", &[&[0; 12]]), &stbl]);
    let mdia = boxed(
        b"mdia",
        &[&boxed(b"mdhd", &[&mdhd]), &boxed(b"hdlr", &[&hdlr]), &minf],
    );
    boxed(b"trak", &[&boxed(b"tkhd", &[&tkhd]), &mdia])
}

/// A movie of these tracks, and what follows it.
fn movie(tracks: &[u8], rest: &[u8]) -> Vec<u8> {
    let mvhd = [
        words(&[0, 0, 0, 1000, 1000, 0x1_0000, 0x100_0000, 0, 0]),
        words(&UNITY),
    ]
    .concat();
    let mvhd = [mvhd, words(&[0; 6]), words(&[2])].concat();
    let moov = boxed(b"moov", &[&boxed(b"mvhd", &[&mvhd]), tracks]);
    let ftyp = boxed(b"ftyp", &[b"isom", &[0; 4], b"isom"]);
    [ftyp, moov, rest.to_vec()].concat()
}

/// So many samples of `size` bytes in each of `chunks`, all at one place.
fn tables(samples: u32, size: u32, chunks: u32) -> Vec<u8> {
    let places: Vec<u32> = (0..chunks).map(|_| 1000).collect();
    let each = samples / chunks.max(1);
    [
        boxed(b"stts", &[&words(&[0, 1, samples, 1])]),
        boxed(b"stsc", &[&words(&[0, 1, 1, each.max(1), 1])]),
        boxed(b"stsz", &[&words(&[0, size, samples])]),
        boxed(b"stco", &[&words(&[0, chunks]), &words(&places)]),
    ]
    .concat()
}

fn mdat() -> Vec<u8> {
    boxed(b"mdat", &[&[0x55; 100]])
}

#[test]
fn ten_million_samples_declared_in_one_kilobyte_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, samples, chunks) in [
        ("one-chunk.mp4", MANY, 1),
        ("equal-chunks.mp4", MANY, 100),
        ("four-billion.mp4", u32::MAX, 1),
    ] {
        let file = movie(&track(1, b"vide", &tables(samples, 1, chunks)), &mdat());
        assert!(file.len() < 1200);
        is_refused(folder.path(), name, &file, 0, MOST_KB);
    }
}

#[test]
fn ten_million_samples_of_a_file_that_is_one_hole_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = [&0_u32.to_be_bytes()[..], b"mdat"].concat();
    let file = movie(&track(1, b"vide", &tables(MANY, 1, 1)), &open);
    let bytes = u64::from(MANY) + 2000;
    is_refused(folder.path(), "hole.mp4", &file, bytes, 2 * MOST_KB);
}

#[test]
fn a_fragment_of_ten_million_default_samples_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, samples) in [("trun.mp4", MANY), ("trun-four-billion.mp4", u32::MAX)] {
        let trex = boxed(b"trex", &[&words(&[0, 1, 1, 1, 1, 0])]);
        let tracks = [
            track(1, b"vide", &tables(0, 0, 0)),
            boxed(b"mvex", &[&trex]),
        ];
        let tfhd = boxed(b"tfhd", &[&words(&[0x2_0000, 1])]);
        let trun = boxed(b"trun", &[&words(&[1, samples, 100])]);
        let traf = boxed(
            b"traf",
            &[&tfhd, &boxed(b"tfdt", &[&words(&[0, 0])]), &trun],
        );
        let moof = boxed(b"moof", &[&boxed(b"mfhd", &[&words(&[0, 1])]), &traf]);
        let file = movie(&tracks.concat(), &[moof, mdat()].concat());
        is_refused(folder.path(), name, &file, 0, MOST_KB);
    }
}

#[test]
fn many_tracks_with_enormous_tables_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let tracks = (1..=300).map(|id| track(id, b"vide", &tables(MANY, 1, 1)));
    let tracks: Vec<u8> = tracks.flatten().collect();
    let file = movie(&tracks, &mdat());
    is_refused(folder.path(), "tracks.mp4", &file, 0, MOST_KB);
    // The video is one of few, and none of the sounds can be walked through.
    let sounds = (2..=200).map(|id| track(id, b"soun", &tables(u32::MAX, 1, 1)));
    let tracks = track(1, b"vide", &tables(MANY, 1, 1))
        .into_iter()
        .chain(sounds.flatten());
    let file = movie(&tracks.collect::<Vec<u8>>(), &mdat());
    is_refused(folder.path(), "sounds.mp4", &file, 0, MOST_KB);
}

/// An element of Matroska; its size takes eight bytes.
fn element(id: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let size = (body.len() as u64 | 1 << 56).to_be_bytes();
    [id, &size, &body].concat()
}

/// A file of MPEG-4 with these clusters or cues.
fn matroska(rest: &[u8]) -> Vec<u8> {
    let header = element(
        &[0x1a, 0x45, 0xdf, 0xa3],
        &[&element(&[0x42, 0x82], &[b"matroska"])],
    );
    let info = element(
        &[0x15, 0x49, 0xa9, 0x66],
        &[&element(&[0x2a, 0xd7, 0xb1], &[&[0x0f, 0x42, 0x40]])],
    );
    let size = [element(&[0xb0], &[&[64]]), element(&[0xba], &[&[64]])].concat();
    let entry = [
        element(&[0xd7], &[&[1]]),
        element(&[0x83], &[&[1]]),
        element(&[0x86], &[b"V_MPEG4/ISO/ASP"]),
        element(&[0x23, 0xe3, 0x83], &[&[0x0f, 0x42, 0x40]]),
        element(&[0xe0], &[&size]),
    ];
    let tracks = element(
        &[0x16, 0x54, 0xae, 0x6b],
        &[&element(&[0xae], &[&entry.concat()])],
    );
    let segment = element(&[0x18, 0x53, 0x80, 0x67], &[&info, &tracks, rest]);
    [header, segment].concat()
}

#[test]
fn laces_of_a_byte_each_and_cues_without_number_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    // 256 frames of one byte in each block: a million in 1.1 MB.
    let lace = [&[0x81, 0, 0, 0x84, 255][..], &[0x55; 256]].concat();
    let blocks: Vec<u8> = (0..4000).flat_map(|_| element(&[0xa3], &[&lace])).collect();
    let time = element(&[0xe7], &[&[0]]);
    let cluster = element(&[0x1f, 0x43, 0xb6, 0x75], &[&time, &blocks]);
    is_refused(folder.path(), "laces.mkv", &matroska(&cluster), 0, MOST_KB);
    let cue = [0xbb, 0x80];
    let cues = element(&[0x1c, 0x53, 0xbb, 0x6b], &[&cue.repeat(500_000)]);
    let both = [cues, cluster].concat();
    is_refused(folder.path(), "cues.mkv", &matroska(&both), 0, MOST_KB);
}
