//! The frames of the video track, one after the other.

use super::encoding::FrameEncoding;
use super::header::TrackEntry;
use super::scan::BlockFrames;
use crate::clock::{MovedSamples, SampleClock, usual_gap};
use crate::known_samples::NO_SYNC;
use crate::{Codec, IndexError};
use plan::CodedSample;
use plan::SampleLimit;

/// All of a track.
#[derive(Debug)]
pub(super) struct FinishedSamples {
    /// In decoding order.
    pub(super) samples: Vec<CodedSample>,
    /// Those whose times were repaired.
    pub(super) moved: MovedSamples,
    /// When the last one shown ends, ticks.
    pub(super) end_pts: i64,
}

/// Those read so far.
#[derive(Debug)]
pub(super) struct SampleBuilder {
    scale_ns: u64,
    frame_duration_ns: u64,
    most: SampleLimit,
    is_vp8: bool,
    /// Frames begin with a byte that tells whether they are encrypted.
    is_signalled: bool,
    stored: Vec<CodedSample>,
    /// The frame shown last, and what is said of its duration, ticks.
    last: Option<(i64, Option<i64>)>,
}

impl SampleBuilder {
    pub(super) fn new(scale_ns: u64, video: &TrackEntry, codec: Codec, most: SampleLimit) -> Self {
        Self {
            scale_ns,
            frame_duration_ns: video.default_duration_ns,
            most,
            is_vp8: codec == Codec::Vp8,
            is_signalled: video.encoding == FrameEncoding::Signalled,
            stored: Vec::new(),
            last: None,
        }
    }

    /// In decoding order.
    pub(super) fn so_far(&self) -> &[CodedSample] {
        &self.stored
    }

    pub(super) fn count(&self) -> usize {
        self.stored.len()
    }

    pub(super) fn add(&mut self, frames: &BlockFrames) -> Result<(), IndexError> {
        let each = self.duration(frames)?;
        let encrypted = self.is_encrypted(frames)?;
        let shown = encrypted || !self.is_hidden(frames);
        // What is fed to a decoder begins after the signal.
        let signal_bytes = u64::from(self.is_signalled && !encrypted);
        let mut pts = frames.time;
        for (nth, &(offset, size)) in frames.places.iter().enumerate() {
            if nth > 0 {
                let step = each.ok_or(IndexError::Unsupported("laced frames have no times"))?;
                pts = pts.saturating_add(step);
            }
            self.most.check(self.stored.len() + 1)?;
            let size = size.saturating_sub(signal_bytes);
            let size = u32::try_from(size).ok().filter(|&size| size > 0);
            self.stored.push(CodedSample {
                offset: offset + signal_bytes,
                size: size.ok_or(IndexError::Unsupported("a sample has an absurd size"))?,
                pts,
                sync: frames.is_key,
                shown,
                encrypted,
            });
            if shown && self.last.is_none_or(|(last, _)| last < pts) {
                self.last = Some((pts, each));
            }
        }
        Ok(())
    }

    /// VP8's alternate reference frames are blocks of their own and show nothing: RFC 6386, 9.1.
    fn is_hidden(&self, frames: &BlockFrames) -> bool {
        let first = frames.first_bytes[usize::from(self.is_signalled)];
        self.is_vp8 && first.is_some_and(|byte| byte & 0x10 == 0)
    }

    /// The first bit of the signal byte: `WebM` Encryption, 4.
    fn is_encrypted(&self, frames: &BlockFrames) -> Result<bool, IndexError> {
        if !self.is_signalled {
            return Ok(false);
        }
        let [signal, _] = frames.first_bytes;
        let signal = signal.ok_or(IndexError::Unsupported("encrypted frames are laced"))?;
        Ok(signal & 1 != 0)
    }

    /// Of each frame of a block, ticks, where that is said.
    fn duration(&self, frames: &BlockFrames) -> Result<Option<i64>, IndexError> {
        let count = frames.count as u64;
        let stated = frames.duration.filter(|&duration| duration > 0);
        let all =
            stated.unwrap_or_else(|| self.frame_duration_ns.saturating_mul(count) / self.scale_ns);
        let each = i64::try_from(all / count.max(1));
        let each = each.map_err(|_| IndexError::Unsupported("a frame is shown absurdly long"))?;
        Ok(Some(each).filter(|&each| each > 0))
    }

    /// All as stored, and when the last of those shown ends, ticks, where that is said.
    pub(super) fn stored(self) -> (Vec<CodedSample>, Option<i64>) {
        let end = self.last.and_then(|(pts, each)| pts.checked_add(each?));
        (self.stored, end)
    }

    /// Nothing can be decoded before the first sync sample.
    pub(super) fn finish(mut self, clock: SampleClock) -> Result<FinishedSamples, IndexError> {
        let first = self.stored.iter().position(|sample| sample.sync);
        let first = first.ok_or(NO_SYNC)?;
        self.stored.drain(..first);
        let moved = clock.repair(&mut self.stored)?;
        let (stated_last, duration) = self
            .last
            .ok_or(IndexError::Unsupported("it shows nothing"))?;
        let shown = self.stored.iter().filter(|sample| sample.shown);
        let last = shown.map(|sample| sample.pts).max();
        let last = last.unwrap_or(stated_last);
        let duration = duration.unwrap_or_else(|| usual_gap(&self.stored));
        Ok(FinishedSamples {
            end_pts: last.saturating_add(duration),
            samples: self.stored,
            moved,
        })
    }
}
