//! From access units to samples with times that go on from those before.

use super::access_unit::AccessUnit;
use super::elementary::UnitStart;
use super::stream_clock::{StreamClock, nearest};
use crate::IndexError;
use crate::error::UNORDERED;
use plan::CodedSample;

/// Pictures are shown at most so much later than they are decoded.
const MOST_DELAY: i64 = 9 * 90_000;

/// Reads the units of a stretch one after the other.
#[derive(Debug)]
pub(crate) struct SampleReader {
    clock: StreamClock,
    place: StretchPlace,
}

/// What comes before a stretch.
#[derive(Debug)]
enum StretchPlace {
    /// Nothing. When the first keyframe is shown, once there is one.
    Start(Option<i64>),
    /// What is not read here. The time there, about.
    Amid(i64),
}

impl SampleReader {
    /// Of what comes first in the file.
    pub(crate) fn at_start() -> Self {
        Self {
            clock: StreamClock::default(),
            place: StretchPlace::Start(None),
        }
    }

    /// Of a stretch that begins at a time near `near`.
    pub(crate) fn amid(near: i64) -> Self {
        Self {
            clock: StreamClock::default(),
            place: StretchPlace::Amid(near),
        }
    }

    /// The decoding time of the last unit.
    pub(crate) fn now(&self) -> Option<i64> {
        self.clock.last()
    }

    /// The sample of a unit of which `video` tells the `start`. What a recording begins amid is not
    /// shown: see [`UnitStart::is_skipped_at_start`].
    pub(crate) fn read(
        &mut self,
        unit: &AccessUnit,
        start: &UnitStart<'_>,
    ) -> Result<CodedSample, IndexError> {
        if let (None, StretchPlace::Amid(near)) = (self.clock.last(), &self.place) {
            let dts = i64::try_from(unit.dts).unwrap_or(i64::MAX);
            self.clock = StreamClock::before(nearest(dts, *near));
        }
        let mut sample = sample(unit, &mut self.clock, start.is_sync)?;
        if let StretchPlace::Start(first) = &mut self.place {
            let key = match start.is_sync {
                true => Some(*first.get_or_insert(sample.pts)),
                false => *first,
            };
            let is_before = key.is_some_and(|key| sample.pts < key);
            sample.shown = !(is_before && start.is_skipped_at_start);
        }
        Ok(sample)
    }
}

/// With times that go on from those before.
fn sample(
    unit: &AccessUnit,
    clock: &mut StreamClock,
    sync: bool,
) -> Result<CodedSample, IndexError> {
    let before = clock.last();
    let dts = clock.next(unit.dts, None)?;
    let pts = nearest(i64::try_from(unit.pts).unwrap_or(i64::MAX), dts);
    let is_late = before.is_some_and(|before| dts <= before);
    if is_late || !(0..=MOST_DELAY).contains(&(pts - dts)) {
        return Err(UNORDERED);
    }
    let size = unit.until.saturating_sub(unit.from);
    Ok(CodedSample {
        offset: unit.from,
        size: u32::try_from(size).map_err(|_| UNORDERED)?,
        pts,
        sync,
        shown: true,
        encrypted: false,
    })
}
