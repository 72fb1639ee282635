//! When an audio track ends: a player shows the last picture until then.

use super::header::TrackEntry;
use super::scan::BlockFrames;

/// What is known of one audio track so far, ticks.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct SoundEnd {
    pub(super) track: u64,
    frame_duration_ns: u64,
    delay_ns: u64,
    last: Option<i64>,
    /// Between the last two blocks.
    gap: i64,
    is_sure: bool,
    end: Option<i64>,
}

impl SoundEnd {
    pub(super) fn new(entry: &TrackEntry) -> Self {
        Self {
            track: entry.number,
            frame_duration_ns: entry.default_duration_ns,
            delay_ns: entry.codec_delay_ns,
            ..Self::default()
        }
    }

    pub(super) fn extend(&mut self, frames: &BlockFrames, scale_ns: u64) {
        if let Some(last) = self.last {
            self.gap = frames.time.saturating_sub(last).max(0);
        }
        self.last = Some(frames.time);
        let stated = frames.duration.filter(|&duration| duration > 0);
        let stated = stated.or_else(|| {
            let frames_ns = self.frame_duration_ns.saturating_mul(frames.count as u64);
            Some(frames_ns / scale_ns).filter(|&duration| duration > 0)
        });
        self.is_sure = stated.is_some() || self.gap > 0;
        let duration = stated.and_then(|ticks| i64::try_from(ticks).ok());
        let end = frames.time.saturating_add(duration.unwrap_or(self.gap));
        self.end = Some(self.end.map_or(end, |known| known.max(end)));
    }

    /// Whether the blocks seen tell the end, if they are the last ones.
    pub(super) fn is_sure(&self) -> bool {
        self.is_sure
    }

    /// On the clock of the presentation; none without blocks.
    pub(super) fn end(&self, scale_ns: u64) -> Option<i64> {
        let delay = i64::try_from(self.delay_ns / scale_ns).unwrap_or(i64::MAX);
        Some(self.end?.saturating_sub(delay))
    }
}
