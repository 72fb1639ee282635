//! What goes wrong is told for what it is, and no process outlives it.

use decoder::Ffmpeg;
use media::{MediaError, SinkClosed, Video};
use plan::Limits;
use plan::{PathTaken, Size};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::clips::{Recipe, ffmpegs};
use tempfile::TempDir;

const SMALL: Size = Size {
    width: 160,
    height: 90,
};

/// A video that is cut.
fn clip(ffmpeg: &Ffmpeg) -> PathBuf {
    Recipe::h264("failures").clip(&ffmpeg.path)
}

/// A video that ffmpeg's own demuxer lists and seeks in.
fn listed_clip(ffmpeg: &Ffmpeg) -> PathBuf {
    let sorenson = Recipe::h264("failures_flv").encoded("flv", "-q:v 3 -g 25");
    let recipe = sorenson.inside(".flv", 1000);
    recipe.clip(&ffmpeg.path)
}

/// The real ffmpeg, but for what `script` does in its place; `$*` is the command line. What is
/// tried when it is found (`framecrc` of a clip that it is fed) is the real one's to do.
fn impostor(real: &Ffmpeg, folder: &TempDir, script: &str) -> Ffmpeg {
    let script = format!("case \"$*\" in *pipe:0*framecrc*) ;; *) {script};; esac");
    support::impostor::impostor(real, folder.path(), &script)
}

fn extract(ffmpeg: &Ffmpeg, video: &Video, wanted: &[usize]) -> Result<Vec<usize>, MediaError> {
    video.extract(ffmpeg, wanted, SMALL, &Limits::default(), &mut |_| Ok(()))
}

/// Command lines of running processes that contain `mark`, once those that were killed have had
/// time to go.
fn left_running(mark: &str) -> Vec<String> {
    for _ in 0..100 {
        if running(mark).is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    running(mark)
}

fn running(mark: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok())
        .filter(|command| command.contains(mark))
        .collect()
}

#[test]
fn files_that_are_none_are_told_apart() {
    let ffmpeg = &ffmpegs()[0];
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| Video::open(ffmpeg, path, &Limits::default()).unwrap_err();
    assert!(matches!(
        open(&folder.path().join("none.mp4")),
        MediaError::NotFound
    ));
    assert!(matches!(
        open(folder.path()),
        MediaError::NotReadable { .. }
    ));
    let text = folder.path().join("secret-name.mp4");
    fs::write(&text, "no video at all\n".repeat(100)).unwrap();
    let error = open(&text);
    assert!(matches!(error, MediaError::Unreadable { .. }), "{error}");
    assert!(
        !error.to_string().contains("secret-name"),
        "a path is nobody's business: {error}"
    );
}

#[test]
fn a_taker_who_stops_leaves_nothing_running() {
    for ffmpeg in &ffmpegs() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("stopped.mp4");
        fs::copy(clip(ffmpeg), &copy).unwrap();
        let video = Video::open(ffmpeg, &copy, &Limits::default()).unwrap();
        let wanted: Vec<usize> = (0..250).collect();
        let mut taken = 0;
        // Found again in the command lines of decoders.
        let size = Size {
            width: 1918,
            height: 1074,
        };
        let error = video.extract(ffmpeg, &wanted, size, &Limits::default(), &mut |_| {
            taken += 1;
            if taken == 3 { Err(SinkClosed) } else { Ok(()) }
        });
        assert!(matches!(error, Err(MediaError::Stopped)), "{error:?}");
        assert_eq!(taken, 3);
        assert_eq!(left_running("1918:1074"), [] as [String; 0]);
    }
}

#[test]
fn a_decoder_that_hangs_is_ended_with_all_it_started() {
    let real = &ffmpegs()[0];
    let limits = Limits {
        idle: Duration::from_millis(300),
        ..Limits::default()
    };
    for (clip, part, seconds) in [
        (clip(real), "rawvideo", "86399"),
        (listed_clip(real), "framecrc", "86398"),
        (listed_clip(real), "rawvideo", "86397"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let hangs = format!("case \"$*\" in *{part}*) sleep {seconds} & wait;; esac");
        let ffmpeg = impostor(real, &folder, &hangs);
        let error = Video::open(&ffmpeg, &clip, &limits)
            .and_then(|video| video.extract(&ffmpeg, &[0], SMALL, &limits, &mut |_| Ok(())))
            .unwrap_err();
        assert!(
            error.budget().is_some() && error.is_permanent(),
            "{part}: {error}"
        );
        assert_eq!(left_running(seconds), [] as [String; 0]);
    }
}

#[test]
fn a_decoder_that_crashes_is_told_from_one_that_is_ended_by_others() {
    let real = &ffmpegs()[0];
    for (clip, part) in [
        (clip(real), "rawvideo"),
        (listed_clip(real), "framecrc"),
        (listed_clip(real), "null"),
        (listed_clip(real), "rawvideo"),
    ] {
        for (does, crashes) in [
            ("kill -SEGV $$", true),
            ("kill -KILL $$", true),
            ("kill -TERM $$", false),
            (
                "echo '[info] Exiting normally, received signal 15.' >&2; exit 255",
                false,
            ),
            ("exit 127", false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let script = format!("case \"$*\" in *{part}*) {does};; esac");
            let ffmpeg = impostor(real, &folder, &script);
            let error = Video::open(&ffmpeg, &clip, &Limits::default())
                .and_then(|video| extract(&ffmpeg, &video, &[0, 200]))
                .unwrap_err();
            let told = match crashes {
                true => matches!(error, MediaError::DecoderCrashed { .. }),
                false => matches!(error, MediaError::DecoderUnavailable { .. }),
            };
            assert!(told, "{part}, {does}: {error}");
            assert!(!error.is_permanent());
        }
    }
}

#[test]
fn frames_that_do_not_come_are_an_untrue_index_and_then_missing() {
    let real = &ffmpegs()[0];
    let folder = tempfile::tempdir().unwrap();
    // Whatever is asked for, only the first frame is let through.
    let lets_one =
        "case \"$*\" in *rawvideo*) case \"$*\" in *'eq(pts,0)'*) ;; *) exit 0;; esac;; esac";
    let ffmpeg = impostor(real, &folder, lets_one);
    let mut video = Video::open(&ffmpeg, &clip(real), &Limits::default()).unwrap();
    while video.path_taken() != PathTaken::Decode {
        let error = extract(&ffmpeg, &video, &[100, 200]).unwrap_err();
        assert!(matches!(error, MediaError::IndexMismatch), "{error}");
        video.relist(&ffmpeg, &Limits::default()).unwrap();
    }
    assert_eq!(extract(&ffmpeg, &video, &[0]).unwrap(), [] as [usize; 0]);
    assert_eq!(extract(&ffmpeg, &video, &[100, 200]).unwrap(), [100, 200]);
}

/// The two ways share nothing but the decoder, and give the same bytes.
#[test]
fn what_is_cut_is_what_is_sought() {
    for ffmpeg in &ffmpegs() {
        let mut compared = 0;
        for recipe in crate::recipes::all() {
            let clip = recipe.clip(&ffmpeg.path);
            let cut = Video::open(ffmpeg, &clip, &Limits::default()).unwrap();
            if cut.path_taken() != PathTaken::Cut {
                continue;
            }
            let mut sought = cut.clone();
            while sought.path_taken() == PathTaken::Cut {
                sought.relist(ffmpeg, &Limits::default()).unwrap();
            }
            assert_eq!(times(&cut), times(&sought), "{}", recipe.name);
            assert_eq!(cut.display(), sought.display(), "{}", recipe.name);
            let wanted: Vec<usize> = (0..cut.timeline().frames().len()).step_by(7).collect();
            let pictures = pictures(ffmpeg, &cut, &wanted);
            if recipe.name == "intra_refresh" {
                // Its sync samples are not whole: found out, and sought.
                assert!(matches!(pictures, Err(MediaError::IndexMismatch)));
                continue;
            }
            let pictures = pictures.unwrap_or_else(|error| panic!("{}: {error}", recipe.name));
            let same = self::pictures(ffmpeg, &sought, &wanted).unwrap() == pictures;
            assert!(same, "{} with {}", recipe.name, ffmpeg.version);
            compared += 1;
        }
        assert!(compared >= 15, "only {compared} clips go both ways");
    }
}

/// When each frame is shown, ms after the first, and whether it is a keyframe.
fn times(video: &Video) -> Vec<(u64, bool)> {
    let timeline = video.timeline();
    let frames = timeline.frames().iter().enumerate();
    frames
        .map(|(nth, frame)| (timeline.presentation_us(nth) / 1000, frame.sync))
        .collect()
}

fn pictures(ffmpeg: &Ffmpeg, video: &Video, wanted: &[usize]) -> Result<Vec<Vec<u8>>, MediaError> {
    let mut pictures = Vec::new();
    let mut take = |picture: media::Picture| {
        pictures.push(picture.pixels);
        Ok(())
    };
    video.extract(ffmpeg, wanted, SMALL, &Limits::default(), &mut take)?;
    Ok(pictures)
}
