//! Samples whose times no order of decoding explains.

use crate::{Codec, IndexError};
use plan::clock::{DecodingOrderCheck, check_decoding_order, put_between_neighbours};
use plan::{ClockFault, ClockRepair, CodedSample, TimeBase};

/// What the check of a track's times needs to know of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SampleClock {
    /// Pictures may be shown in another order than they are decoded.
    pub(crate) reorders: bool,
    /// Of the times.
    pub(crate) time_base: TimeBase,
}

/// Where in the file the samples lie that were given another time, rising: whatever is dropped
/// from a track afterwards, they are found by it.
pub(crate) type MovedSamples = Vec<u64>;

impl SampleClock {
    pub(crate) fn new(codec: Codec, time_base: TimeBase) -> Self {
        Self {
            reorders: codec.reorders(),
            time_base,
        }
    }

    /// Gives samples that are shown far from where their neighbours are a time between them.
    ///
    /// # Errors
    /// Only what the decoder gives after what tells where they belong.
    pub(crate) fn repair(self, samples: &mut [CodedSample]) -> Result<MovedSamples, IndexError> {
        let pts: Vec<i64> = samples.iter().map(|sample| sample.pts).collect();
        let outliers = match check_decoding_order(&pts, self.reorders, self.time_base) {
            DecodingOrderCheck::Fits => return Ok(Vec::new()),
            DecodingOrderCheck::Doubtful => return Err(DOUBTFUL),
            DecodingOrderCheck::Outliers(outliers) => outliers,
        };
        let placed = put_between_neighbours(&pts, &outliers, self.reorders).ok_or(DOUBTFUL)?;
        let mut moved = Vec::with_capacity(placed.len());
        for (at, pts) in placed {
            samples[at].pts = pts;
            moved.push(samples[at].offset);
        }
        moved.sort_unstable();
        Ok(moved)
    }

    /// Whether there is nothing to repair.
    pub(crate) fn is_clean(self, samples: &[CodedSample]) -> bool {
        let pts: Vec<i64> = samples.iter().map(|sample| sample.pts).collect();
        check_decoding_order(&pts, self.reorders, self.time_base) == DecodingOrderCheck::Fits
    }
}

const DOUBTFUL: IndexError = IndexError::Unsupported("a picture is shown far from its neighbours");

/// What was done to the samples that are left of a track.
pub(crate) fn repairs(samples: &[CodedSample], moved: &MovedSamples) -> Vec<ClockRepair> {
    if moved.is_empty() {
        return Vec::new();
    }
    let is_moved = |sample: &&CodedSample| moved.binary_search(&sample.offset).is_ok();
    let shown = samples.iter().filter(|sample| sample.shown);
    let shown = shown.filter(is_moved);
    let faults: Vec<_> = shown.map(|s| (ClockFault::Outlier, s.pts)).collect();
    ClockRepair::summarize(&faults)
}

/// Between frames that follow each other, ticks.
pub(crate) fn usual_gap(samples: &[CodedSample]) -> i64 {
    let mut times: Vec<i64> = samples.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let gaps = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    let mut gaps: Vec<i64> = gaps.filter(|&gap| gap > 0).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(1).max(1)
}
