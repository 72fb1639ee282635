//! Files that are exchanged between the look at them and the reading.
//!
//! A name was checked, and then used again by us and by each ffmpeg: whoever could write to the
//! folder put a symlink to a foreign file there in between.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use support::clips::ffmpegs;
use support::server::{Server, Setup};

const JOBS: usize = 100;

/// Two seconds of one colour, in a container that ffmpeg's own demuxer reads.
fn clip(path: &Path, colour: &str) {
    let made = Command::new(&ffmpegs()[0].path)
        .args(["-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i"])
        .arg(format!("color={colour}:size=160x96:rate=25:duration=2"))
        .args(["-c:v", "flv1", "-f", "flv"])
        .arg(path)
        .status();
    assert!(made.unwrap().success());
}

/// Gives a name to a file and to a symlink to another one, in turn.
struct Swapper {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Swapper {
    fn start(name: PathBuf, own: PathBuf, foreign: PathBuf) -> Self {
        let over = Arc::<AtomicBool>::default();
        let is_over = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let next = name.with_extension("next");
            while !is_over.load(Ordering::Relaxed) {
                // Always the same file: what is exchanged is the name.
                std::fs::hard_link(&own, &next).unwrap();
                std::fs::rename(&next, &name).unwrap();
                std::thread::sleep(Duration::from_micros(500));
                symlink(&foreign, &next).unwrap();
                std::fs::rename(&next, &name).unwrap();
                std::thread::sleep(Duration::from_micros(200));
            }
        });
        Self {
            over,
            thread: Some(thread),
        }
    }
}

impl Drop for Swapper {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        drop(self.thread.take().map(JoinHandle::join));
    }
}

#[test]
fn no_job_shows_the_file_that_a_symlink_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let (media, foreign) = (top.join("media"), top.join("foreign.flv"));
    std::fs::create_dir(&media).unwrap();
    let (name, own) = (media.join("a.flv"), media.join("own.flv"));
    clip(&own, "red");
    clip(&foreign, "blue");
    std::fs::hard_link(&own, &name).unwrap();
    let server = Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: top.join("data"),
        media_root: media,
        arguments: vec!["--workers".to_owned(), "2".to_owned()],
    });
    let video = server.register(&name);
    let swapper = Swapper::start(name, own, foreign);
    let jobs: Vec<String> = (0..JOBS)
        .map(|_| server.submit(&video, &[("SpecifiedOffsetTimes", "[0,1000]")]))
        .collect();
    let begun = Instant::now();
    let mut shown = 0;
    for job in &jobs {
        // Those that meet the symlink are refused.
        if server.wait(job) == "Success" {
            for picture in server.manifest(&video, job).pictures {
                let picture = server.picture(&picture.key.unwrap());
                let [red, _, blue] = picture.get_pixel(80, 48).0;
                assert!(red > 200 && blue < 60, "a foreign picture: {red} {blue}");
                shown += 1;
            }
        }
    }
    drop(swapper);
    assert!(shown > 0, "no job met the file, in {:?}", begun.elapsed());
}
