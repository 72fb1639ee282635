//! The parts that every ffmpeg command line has in common.

use super::cpu_meter::JobLimits;
use super::process_group::ProcessGroup;
use super::sandbox::{ResourceLimits, Sandbox, confine};
use super::watchdog::Watchdog;
use crate::pool::{DecoderPool, PlannedWork, RunningPermit};
use crate::raw_clip::RawClip;
use crate::temporary::TemporaryFolder;
use crate::{DecoderError, Ffmpeg};
use ffmpeg_sidecar::command::FfmpegCommand;
use source::reopened;
use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Stdio};

/// Real containers and nothing else: a playlist, a list of files or a session description would
/// make ffmpeg open what it names. The audio formats are here so that such a file is told to
/// have no video. Animated WebP is not here: older versions show its first picture at most.
const CONTAINERS: &str = "mov,matroska,mpegts,mpeg,mpegvideo,flv,live_flv,avi,asf,ogg,ivf,\
    h264,hevc,vvc,m4v,h263,vc1,obu,av1,dv,mxf,gxf,nut,rm,swf,wtv,\
    gif,apng,yuv4mpegpipe,\
    mp3,wav,w64,aac,flac,amr,ac3,eac3";

/// One run of ffmpeg on one input.
pub struct Invocation {
    command: FfmpegCommand,
    /// The working folder: empty, and gone when the run is over.
    folder: TemporaryFolder,
    queues_output: bool,
    sandbox: Sandbox,
    /// The one file it may read: inherited by this process alone.
    input: Option<OwnedFd>,
    limits: JobLimits,
    /// How many pictures come of it, where that is known.
    pictures: Option<usize>,
    pool: DecoderPool,
    /// For its place among others that wait for a decoder.
    work: PlannedWork,
}

/// A run that has begun.
pub struct RunningDecoder {
    /// The process.
    pub group: ProcessGroup,
    /// Where it is fed.
    pub stdin: Option<ChildStdin>,
    /// What it makes.
    pub stdout: Option<ChildStdout>,
    /// What it says.
    pub stderr: Option<ChildStderr>,
    reads_a_file: bool,
    _folder: TemporaryFolder,
    /// Given back once the process has ended: fields are dropped in their order.
    _permit: RunningPermit,
}

impl RunningDecoder {
    /// Has `watchdog` look whether it is stuck, where it reads its input by itself.
    pub fn watched_by(&self, watchdog: &mut Watchdog) {
        let reader = self.reads_a_file.then(|| self.group.pid());
        watchdog.begin_reading(reader.flatten());
    }
}

impl Invocation {
    /// Up to the input; `before` are further options for the input.
    pub fn new(
        ffmpeg: &Ffmpeg,
        input: &File,
        limits: &JobLimits,
        before: &[&str],
    ) -> Result<Self, DecoderError> {
        Self::of_file(ffmpeg, input, limits, CONTAINERS, before)
    }

    /// Up to raw pictures, which are what we say they are.
    pub(crate) fn raw_pictures(
        ffmpeg: &Ffmpeg,
        clip: &RawClip<'_>,
        limits: &JobLimits,
    ) -> Result<Self, DecoderError> {
        let size = format!("{}x{}", clip.size.width, clip.size.height);
        let rate = format!("{}/1000", clip.frames_per_1000_s);
        let before = ["-f", "rawvideo", "-pixel_format", "rgb24"];
        let shape = ["-video_size", &size, "-framerate", &rate];
        let before = [&before[..], &shape].concat();
        Self::of_file(ffmpeg, clip.file, limits, "rawvideo", &before)
    }

    fn of_file(
        ffmpeg: &Ffmpeg,
        input: &File,
        limits: &JobLimits,
        containers: &str,
        before: &[&str],
    ) -> Result<Self, DecoderError> {
        // Its own, with a position of its own. It has no name: whatever the file's is given to
        // meanwhile is not read.
        let bytes = input.metadata().map_or(0, |metadata| metadata.len());
        let input = OwnedFd::from(reopened(input)?);
        let number = input.as_raw_fd().to_string();
        let mut invocation;
        if ffmpeg.version.reads_descriptors() {
            let before = [before, &["-fd", &number]].concat();
            invocation = Self::open(ffmpeg, limits, "fd", containers, &before)?;
            invocation.command.input("fd:");
        } else {
            invocation = Self::open(ffmpeg, limits, "file", containers, before)?;
            invocation
                .command
                .input(format!("file:/proc/self/fd/{number}"));
        }
        invocation.input = Some(input);
        invocation.work = PlannedWork::of_file(bytes);
        invocation.command.as_inner_mut().stdin(Stdio::null());
        Ok(invocation)
    }

    /// Up to an input that we write ourselves, a fragmented MP4. It is what we say it is, so
    /// there is nothing to find out before decoding begins.
    /// `before` are further options for it.
    pub fn fed(ffmpeg: &Ffmpeg, limits: &JobLimits, before: &[&str]) -> Result<Self, DecoderError> {
        let before = [&["-f", "mp4"], before].concat();
        Self::fed_with(ffmpeg, limits, "mov", &before)
    }

    /// Up to an input that another ffmpeg has written, a NUT.
    pub(crate) fn fed_packets(ffmpeg: &Ffmpeg, limits: &JobLimits) -> Result<Self, DecoderError> {
        Self::fed_with(ffmpeg, limits, "nut", &["-f", "nut"])
    }

    fn fed_with(
        ffmpeg: &Ffmpeg,
        limits: &JobLimits,
        container: &str,
        before: &[&str],
    ) -> Result<Self, DecoderError> {
        let mut invocation = Self::open(ffmpeg, limits, "pipe", container, before)?;
        invocation.command.input("pipe:0");
        invocation.command.as_inner_mut().stdin(Stdio::piped());
        Ok(invocation)
    }

    fn open(
        ffmpeg: &Ffmpeg,
        limits: &JobLimits,
        protocol: &str,
        containers: &str,
        before: &[&str],
    ) -> Result<Self, DecoderError> {
        let folder = TemporaryFolder::new()?;
        let mut command = FfmpegCommand::new_with_path(&ffmpeg.path);
        command
            .args(["-nostdin", "-hide_banner", "-nostats", "-copyts"])
            .args(["-max_pixels", &limits.max_pixels_per_frame.to_string()])
            .args(["-protocol_whitelist", protocol])
            .args(["-format_whitelist", containers])
            .args(["-threads", "1"])
            .args(before);
        command
            .as_inner_mut()
            .env_clear()
            .current_dir(folder.path())
            .process_group(0);
        Ok(Self {
            command,
            folder,
            queues_output: ffmpeg.version.queues_output(),
            sandbox: ffmpeg.sandbox,
            input: None,
            limits: limits.clone(),
            pictures: None,
            pool: ffmpeg.pool.clone(),
            work: PlannedWork::LOOK,
        })
    }

    /// Further arguments.
    #[must_use]
    pub fn args<S: AsRef<str>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.command.arg(arg.as_ref());
        }
        self
    }

    /// Decodes the video stream of this number alone, every frame once through `filters`. Where
    /// frames change their size or format on the way, ffmpeg builds the filters anew for them: a
    /// graph that got frames of another kind would read past their ends. It adds no scaler of its
    /// own then: filters that make pictures end in one size and format anyhow.
    pub fn decoding(self, stream: usize, filters: &str) -> Self {
        self.args(["-map", &format!("0:{stream}"), "-an", "-sn", "-dn"])
            .args(["-filter_threads", "1", "-vf", filters])
            .args(["-fps_mode", "passthrough", "-noautoscale"])
    }

    /// Raw pictures on stdout. Newer versions would hold eight of them ready in a queue for the
    /// pipe, at several megabytes each.
    pub fn raw(self, pixel_format: &str) -> Self {
        let queue: &[&str] = match self.queues_output {
            true => &["-thread_queue_size", "1"],
            false => &[],
        };
        self.args(queue)
            .args(["-f", "rawvideo", "-pix_fmt", pixel_format, "pipe:1"])
    }

    /// Said where it is to make so many pictures: it may use the processor for so many.
    pub fn for_pictures(self, count: usize) -> Self {
        Self {
            pictures: Some(count),
            ..self
        }
    }

    /// Starts it in the sandbox, within what is left of the limits, once there is a permit for it.
    ///
    /// # Errors
    /// The job has no time left, or there is no process.
    pub fn start(mut self) -> Result<RunningDecoder, DecoderError> {
        let deadline = self.limits.deadline.clone();
        let permit = self.pool.take_one(self.work, &|| deadline.is_over());
        let permit = permit.ok_or(DecoderError::Stopped)?;
        let allowance = self.limits.allowance(self.pictures)?;
        let command = self.command.as_inner_mut();
        let resources = ResourceLimits {
            cpu: allowance.time,
            memory_bytes: self.limits.memory_bytes,
        };
        let reads_a_file = self.input.is_some();
        let duty = confine(command, self.sandbox, self.input, resources)?;
        // Past the wrapper's own start, which insists on a pipe for stdin.
        let mut child = command
            .spawn()
            .map_err(|cause| DecoderError::not_started(&cause))?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let group = ProcessGroup::with_allowance(child, allowance)?;
        duty.begin()?;
        Ok(RunningDecoder {
            group,
            stdin,
            stdout,
            stderr,
            reads_a_file,
            _folder: self.folder,
            _permit: permit,
        })
    }
}
