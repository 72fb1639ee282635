use crate::{check_numbers, frame_at, objects, setup, wait_for};
use plan::PathTaken;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use support::clips::{Recipe, Timing, ffmpegs};
use support::server::Server;
use tempfile::TempDir;

/// A server whose one video may be tampered with.
struct Bench {
    folder: TempDir,
    file: PathBuf,
    server: Server,
    video: String,
    other: Recipe,
}

fn recipe(name: &'static str, extension: &'static str) -> Recipe {
    match extension {
        ".mp4" => Recipe::h264(name),
        // Of Sorenson's codec, which ffmpeg's own demuxer lists.
        other => Recipe::h264(name)
            .encoded("flv", "-q:v 3 -g 25")
            .inside(other, 1000),
    }
}

/// One that shows other frames, from 2.4 s on.
fn other(extension: &'static str) -> Recipe {
    Recipe {
        frames: 100,
        timing: Timing::Slowing,
        ..recipe("replaced", extension)
    }
}

impl Bench {
    fn start(extension: &'static str) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join(format!("a{extension}"));
        let clip = recipe("numbered", extension).clip(&ffmpegs()[0].path);
        fs::copy(clip, &file).unwrap();
        let data = folder.path().join("data");
        let arguments = ["--workers", "1", "--missing-file-seconds", "1"];
        let server = Server::start(&setup(&data, folder.path(), &arguments));
        let video = server.register(&file);
        Self {
            folder,
            file,
            server,
            video,
            other: other(extension),
        }
    }

    /// A job that has begun.
    fn begin(&self) -> String {
        let many = [("Count", "80"), ("Interval", "0"), ("Width", "640")];
        let job = self.server.submit(&self.video, &many);
        let data = self.folder.path().join("data");
        wait_for("a picture", || objects(&data, &self.video).len() > 3);
        job
    }

    /// The bytes of another video; of an MP4, as many as this one has.
    fn other_bytes(&self) -> Vec<u8> {
        let size = usize::try_from(fs::metadata(&self.file).unwrap().len()).unwrap();
        let mut bytes = fs::read(self.other.clip(&ffmpegs()[0].path)).unwrap();
        if self.other.extension != ".mp4" {
            return bytes;
        }
        let room = size.checked_sub(bytes.len()).expect("it is shorter");
        bytes.extend(u32::try_from(room).unwrap().to_be_bytes());
        bytes.extend(b"free");
        bytes.resize(size, 0);
        bytes
    }

    fn replace(&self) {
        let new = self.folder.path().join("new");
        fs::write(&new, self.other_bytes()).unwrap();
        fs::rename(new, &self.file).unwrap();
    }

    fn is_running(&self, job: &str) -> bool {
        !manifest(&self.folder.path().join("data"), &self.video, job).exists()
    }

    /// All pictures are of the other video.
    fn check_other(&self, job: &str) {
        let at = |ms| u64::from(self.other.seen_at(ms));
        check_numbers(&self.server, &self.video, job, at);
    }

    /// All pictures are of the one video or all of the other.
    fn check_one(&self, job: &str) {
        let manifest = self.server.manifest(&self.video, job);
        let last = manifest.pictures.last().unwrap();
        let number = support::number(&self.server.picture(last.key.as_ref().unwrap()));
        if number == Some(frame_at(last.requested_ms)) {
            check_numbers(&self.server, &self.video, job, frame_at);
        } else {
            self.check_other(job);
        }
    }
}

fn manifest(data: &Path, video: &str, job: &str) -> PathBuf {
    data.join("objects")
        .join(artifacts::key::manifest(video, job))
}

#[test]
fn a_video_that_is_deleted_while_a_job_reads_it_is_read_to_its_end() {
    let bench = Bench::start(".mp4");
    let job = bench.begin();
    fs::remove_file(&bench.file).unwrap();
    assert!(bench.is_running(&job), "too late to say anything");
    assert_eq!(bench.server.wait(&job), "Success");
    check_numbers(&bench.server, &bench.video, &job, frame_at);
    let next = bench.server.submit(&bench.video, &[("Count", "1")]);
    assert_eq!(bench.server.wait(&next), "Fail");
}

#[test]
fn a_video_whose_name_another_gets_while_a_job_reads_it_is_read_to_its_end() {
    let bench = Bench::start(".mp4");
    let job = bench.begin();
    bench.replace();
    assert!(bench.is_running(&job), "too late to say anything");
    assert_eq!(bench.server.wait(&job), "Success");
    check_numbers(&bench.server, &bench.video, &job, frame_at);
    let few = [("Count", "3"), ("Interval", "0"), ("Width", "640")];
    let next = bench.server.submit(&bench.video, &few);
    assert_eq!(bench.server.wait(&next), "Success");
    bench.check_other(&next);
}

#[test]
fn a_video_that_is_written_over_while_a_job_reads_it_is_not_mixed_with_what_it_was() {
    let bench = Bench::start(".mp4");
    let bytes = bench.other_bytes();
    let job = bench.begin();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(&bench.file)
        .unwrap();
    file.write_all(&bytes).unwrap();
    drop(file);
    assert!(bench.is_running(&job), "too late to say anything");
    assert_eq!(bench.server.wait(&job), "Success");
    // What was read ahead may have been all there is to read.
    bench.check_one(&job);
}

/// ffmpeg's own demuxer reads what was opened, not what has the name.
#[test]
fn a_video_that_is_not_cut_and_whose_name_another_gets_is_read_to_its_end() {
    let bench = Bench::start(".flv");
    let job = bench.begin();
    bench.replace();
    assert!(bench.is_running(&job), "too late to say anything");
    assert_eq!(bench.server.wait(&job), "Success");
    assert_ne!(
        bench.server.manifest(&bench.video, &job).path,
        PathTaken::Cut
    );
    check_numbers(&bench.server, &bench.video, &job, frame_at);
}

#[test]
fn a_video_that_is_not_cut_and_is_deleted_is_read_to_its_end() {
    let bench = Bench::start(".flv");
    let job = bench.begin();
    fs::remove_file(&bench.file).unwrap();
    assert!(bench.is_running(&job), "too late to say anything");
    assert_eq!(bench.server.wait(&job), "Success");
    check_numbers(&bench.server, &bench.video, &job, frame_at);
}
