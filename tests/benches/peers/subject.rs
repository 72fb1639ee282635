//! The video and the frames wanted of it.

use crate::clips;
use crate::machine::Machine;
use media::Video;
use std::path::{Path, PathBuf};
use support::long_clips::LongClip;

/// A frame that is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The time point, ms after the first frame.
    pub(crate) at_ms: u64,
    /// Its number in order of presentation, from 0.
    pub(crate) frame: u64,
    /// When it is shown, s after the first frame.
    pub(crate) shown_s: f64,
    /// How many keyframes are shown before it.
    pub(crate) keyframes: u64,
    /// What is painted into it.
    pub(crate) number: Option<u64>,
}

/// Tells jobs of the same name apart.
pub(crate) fn mark(clip: &LongClip) -> String {
    format!(", groups of {:.0} s", group_s(clip))
}

fn group_s(clip: &LongClip) -> f64 {
    f64::from(clip.group) / f64::from(clip.rate)
}

/// A video that pictures are taken of.
pub(crate) struct Subject {
    pub(crate) path: PathBuf,
    /// Such as `10 min 1080p30, keyframes every 2 s`.
    pub(crate) title: String,
    /// Tells jobs of the same name apart.
    pub(crate) mark: String,
    pub(crate) duration_ms: u64,
    /// How long one frame is shown.
    pub(crate) frame_s: f64,
    /// As displayed, px.
    pub(crate) width: u32,
    /// As displayed, px.
    pub(crate) height: u32,
    source: Source,
}

enum Source {
    Clip(LongClip),
    Video(Box<Video>),
}

impl Subject {
    pub(crate) fn clip(clip: &LongClip, machine: &Machine) -> Self {
        let group_s = group_s(clip);
        Self {
            path: clips::path(clip, &machine.ffmpeg.path),
            title: format!(
                "{} min {}p{}, {:?} in {:?}, a keyframe every {group_s:.1} s",
                clip.seconds() / 60,
                clip.height,
                clip.rate,
                clip.encoder,
                clip.container
            ),
            mark: mark(clip),
            duration_ms: u64::from(clip.seconds()) * 1000,
            frame_s: 1.0 / f64::from(clip.rate),
            width: clip.width,
            height: clip.height,
            source: Source::Clip(*clip),
        }
    }

    /// A video of the user's; which frames are right is as our own engine lists them.
    pub(crate) fn video(path: &Path, machine: &Machine) -> Self {
        let path = path.canonicalize().expect("there is a video");
        let limits = plan::Limits::default();
        let video = Video::open(&machine.ffmpeg, &path, &limits).expect("it is a video");
        let display = video.display();
        Self {
            title: path.file_name().unwrap().display().to_string(),
            mark: String::new(),
            duration_ms: video.timeline().duration_ms(),
            frame_s: 1.0 / video.frame_rate(),
            width: display.width,
            height: display.height,
            source: Source::Video(Box::new(video)),
            path,
        }
    }

    /// Whether it is one of ours, which the goals are for.
    pub(crate) fn is_clip(&self) -> bool {
        matches!(self.source, Source::Clip(_))
    }

    /// The size of a picture no wider than `width`.
    pub(crate) fn fitted(&self, width: u32) -> (u32, u32) {
        let width = width.min(self.width);
        let height = f64::from(width) * f64::from(self.height) / f64::from(self.width);
        (width, (height / 2.0).round() as u32 * 2)
    }

    /// The frames shown at these times.
    pub(crate) fn targets(&self, times_ms: &[u64]) -> Vec<Target> {
        times_ms.iter().map(|&at| self.target(at, false)).collect()
    }

    /// The keyframes nearest to these times.
    pub(crate) fn keyframes(&self, times_ms: &[u64]) -> Vec<Target> {
        let mut targets: Vec<_> = times_ms.iter().map(|&at| self.target(at, true)).collect();
        targets.dedup_by_key(|target| target.frame);
        targets
    }

    fn target(&self, at_ms: u64, key: bool) -> Target {
        match &self.source {
            Source::Clip(clip) => clip_target(clip, at_ms, key),
            Source::Video(video) => video_target(video, at_ms, key),
        }
    }
}

/// Every segment begins with a keyframe, whatever the length of the last group before.
fn clip_target(clip: &LongClip, at_ms: u64, key: bool) -> Target {
    let (seen, group) = (clip.seen_at(at_ms), u64::from(clip.group));
    let segment = u64::from(clip.segment_frames());
    let within = clip.number(seen);
    let nearest = ((within + group / 2) / group * group).min(segment);
    let frame = if key { seen - within + nearest } else { seen };
    Target {
        at_ms,
        frame,
        shown_s: frame as f64 / f64::from(clip.rate),
        keyframes: frame / segment * segment.div_ceil(group) + clip.number(frame).div_ceil(group),
        number: Some(clip.number(frame)),
    }
}

fn video_target(video: &Video, at_ms: u64, key: bool) -> Target {
    let timeline = video.timeline();
    let nearest = key.then(|| timeline.sync_nearest(at_ms)).flatten();
    let index = nearest.unwrap_or_else(|| timeline.shown_at(at_ms));
    let before = &timeline.frames()[..index];
    Target {
        at_ms,
        frame: index as u64,
        shown_s: timeline.presentation_us(index) as f64 / 1e6,
        keyframes: before.iter().filter(|frame| frame.sync).count() as u64,
        number: None,
    }
}
