//! Pictures before which the decoder complained. What it says of one that is given to it with nothing
//! but what it needs is said of that one ([`ancestors`]); where that can't be told, with nothing but
//! what comes before, from its keyframe on ([`PacketSpan`]). One that is not clean is taken after more
//! of what comes before it, of which decoders fill holes.

use super::ancestors::{self, AloneVerdict};
use super::attempt::{RunOutcome, SeekRun, attempt};
use super::context::SeekContext;
use super::places::{SeekFrom, seek_time, times};
use crate::MediaError;
use crate::frame_format::{PictureFilter, RawPicture};
use crate::listing::timeline::FrameAccess;
use crate::picture::Picture;
use crate::suspects::{EarlyEnd, Suspects};
use decoder::selection::FrameSelection;
use decoder::{PIXELS_BEFORE, PacketSpan};
use plan::{ClockFault, Timeline};
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The picture of `frame`, none where it never comes. `suspect` is what is there of it.
pub(super) fn retake(
    context: &SeekContext<'_>,
    keys: &[i64],
    frame: usize,
    suspect: Option<RawPicture>,
    stopped: &AtomicBool,
) -> Result<Option<Picture>, MediaError> {
    let verdict = SuspectVerdict::of(context, keys, frame, stopped);
    let judged = |picture: Picture| Picture {
        damaged: verdict.is_damaged(&picture).unwrap_or(picture.damaged),
        ..picture
    };
    let mut last = suspect.map(|picture| judged(picture.finish(frame)));
    if last.as_ref().is_some_and(|picture| !picture.damaged) {
        return Ok(last);
    }
    let mut filter = Arc::clone(context.first);
    for place in [
        SeekFrom::KeyframeTime,
        SeekFrom::Keyframe,
        SeekFrom::KeyframeBefore,
        SeekFrom::Start,
    ] {
        let pixels = context.video.format.shape.pixels();
        if place == SeekFrom::Start && pixels.saturating_mul(frame as u64) > PIXELS_BEFORE {
            break;
        }
        let pts = times(&context.video.timeline, &[frame]);
        let from_us = pts
            .first()
            .and_then(|&pts| seek_time(context, keys, pts, place));
        let made = match alone(context, &mut filter, frame, from_us, stopped) {
            Err(MediaError::Exceeded(_)) => break,
            made => made?.map(judged),
        };
        let is_clean = made.as_ref().is_some_and(|picture| !picture.damaged);
        last = made.or(last);
        if is_clean || from_us.is_none() {
            break;
        }
    }
    Ok(last)
}

/// Whether the decoder has nothing to say of a picture, of a video that was listed by decoding all of
/// it, where it is given nothing but what that needs, or begins at the keyframe before. Nobody knows
/// where the times of frames are not those that the decoder gives them.
pub(super) fn is_clean_alone(
    context: &SeekContext<'_>,
    picture: &Picture,
    stopped: &AtomicBool,
) -> bool {
    let timeline = &context.video.timeline;
    let repairs = timeline.repairs();
    let is_moved = repairs
        .iter()
        .any(|repair| repair.fault == ClockFault::Restart);
    let frame = picture.frame;
    let Some(frames) = timeline.frames().get(..=frame).filter(|_| !is_moved) else {
        return false;
    };
    let keys = keyframes(timeline);
    let verdict = SuspectVerdict::of(context, &keys, frame, stopped);
    if let Some(is_damaged) = verdict.is_damaged(picture) {
        return !is_damaged;
    }
    let mut filter = Arc::clone(context.first);
    let mut is_clean = |place| {
        let from_us = seek_time(context, &keys, frames[frame].pts, place);
        let made = alone(context, &mut filter, frame, from_us, stopped);
        made.is_ok_and(|made| made.is_some_and(|picture| !picture.damaged))
    };
    is_clean(SeekFrom::KeyframeTime) || is_clean(SeekFrom::Keyframe)
}

/// What is known of a suspect.
struct SuspectVerdict<'a> {
    context: &'a SeekContext<'a>,
    keys: &'a [i64],
    frame: usize,
    /// What the decoder makes of what it needs and of nothing else; none where that can't be told.
    alone: Option<AloneVerdict>,
    /// Whether it complains of it, or of what comes before it since the keyframe.
    since_key: OnceCell<Option<bool>>,
}

impl<'a> SuspectVerdict<'a> {
    fn of(
        context: &'a SeekContext<'a>,
        keys: &'a [i64],
        frame: usize,
        stopped: &AtomicBool,
    ) -> Self {
        let alone = |place| {
            let span = span(context, keys, frame, place)?;
            ancestors::judge(context, &span, frame, stopped)
        };
        Self {
            context,
            keys,
            frame,
            alone: alone(SeekFrom::Keyframe).or_else(|| alone(SeekFrom::KeyframeBefore)),
            since_key: OnceCell::new(),
        }
    }

    /// Whether the decoder complains of what `picture` depends on. None where that can't be told by
    /// its packets alone.
    fn is_damaged(&self, picture: &Picture) -> Option<bool> {
        match &self.alone {
            Some(AloneVerdict::Damaged) => Some(true),
            Some(AloneVerdict::Clean(clean)) if is_same(clean, picture) => Some(false),
            _ => *self.since_key.get_or_init(|| self.is_damaged_since_key()),
        }
    }

    /// Another frame may have the time of one that is known by its number.
    fn is_damaged_since_key(&self) -> Option<bool> {
        let context = self.context;
        if let FrameAccess::Numbers(_) = context.video.access {
            return None;
        }
        let verdict = |place| {
            let span = span(context, self.keys, self.frame, place)?;
            let verdict = span.is_damaged(
                context.ffmpeg,
                context.video.file(),
                &context.video.options.args(),
                context.limits,
                context.clock,
            );
            verdict.ok().flatten()
        };
        verdict(SeekFrom::Keyframe).or_else(|| verdict(SeekFrom::KeyframeBefore))
    }
}

/// When the keyframes of a video are shown that was listed by decoding all of it.
pub(super) fn keyframes(timeline: &Timeline) -> Vec<i64> {
    let keys = timeline.frames().iter().filter(|frame| frame.sync);
    keys.map(|frame| frame.pts).collect()
}

fn is_same(one: &Picture, other: &Picture) -> bool {
    (one.size, one.layout) == (other.size, other.layout) && one.pixels == other.pixels
}

/// The packets of `frame` and of what comes before it, since the keyframe.
pub(super) fn span(
    context: &SeekContext<'_>,
    keys: &[i64],
    frame: usize,
    place: SeekFrom,
) -> Option<PacketSpan> {
    let video = context.video;
    let frames = video.timeline.frames();
    let (first, to) = (frames.first()?.pts, frames.get(frame)?.pts);
    let from = *keys[..keys.partition_point(|&key| key <= to)].last()?;
    Some(PacketSpan {
        stream: video.stream,
        time_base: video.timeline.time_base(),
        from,
        to,
        next: frames.get(frame + 1).map(|next| next.pts),
        seek_us: seek_time(context, keys, to, place),
        begins_whole: from == first && video.begins_whole(),
    })
}

/// One picture, decoded from `from_us` on.
fn alone(
    context: &SeekContext<'_>,
    filter: &mut Arc<PictureFilter>,
    frame: usize,
    from_us: Option<i64>,
    stopped: &AtomicBool,
) -> Result<Option<Picture>, MediaError> {
    let mut made = None;
    for _ in 0..2 {
        let order = SeekRun {
            frames: &[frame],
            selection: FrameSelection::by_times(times(&context.video.timeline, &[frame])),
            from_us,
            ends_at_missed: true,
            filter: Arc::clone(filter),
            suspects: Suspects::Deliver,
        };
        let RunOutcome { early, .. } = attempt(context, &order, stopped, &mut |picture| {
            made = Some(picture);
            Ok(())
        })?;
        match early {
            Some(EarlyEnd::OtherFilter(other)) => *filter = other,
            _ => break,
        }
    }
    Ok(made)
}
