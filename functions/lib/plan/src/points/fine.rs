//! Points by lengths finer than a millisecond, or measured by the video.
//!
//! A time is rounded up to the next millisecond: the time of a frame as other programs print it,
//! 1.966633 s, then names that frame and not the one before it. A part of the video is rounded
//! down, so that less than all of it lies inside.

use contract::snapshot::TimeLength;

const US_PER_MS: u128 = 1000;
const MILLION: u128 = 1_000_000;

/// `times` this length after `offset_ms`, from the exact length: roundings do not add up.
pub(super) fn ms(length: TimeLength, times: u64, offset_ms: u64, duration_ms: u64) -> u64 {
    let times = u128::from(times);
    let ms = match length {
        TimeLength::Us(us) => (times * u128::from(us)).div_ceil(US_PER_MS),
        TimeLength::PartsPerMillion(parts) => {
            times * u128::from(parts) * u128::from(duration_ms) / MILLION
        }
    };
    u64::try_from(ms).map_or(u64::MAX, |ms| offset_ms.saturating_add(ms))
}

/// This length, in microseconds.
pub(super) fn us(length: TimeLength, duration_ms: u64) -> u64 {
    match length {
        TimeLength::Us(us) => us,
        TimeLength::PartsPerMillion(parts) => {
            let us = u128::from(parts) * u128::from(duration_ms) * US_PER_MS / MILLION;
            u64::try_from(us).unwrap_or(u64::MAX)
        }
    }
}

/// How many points of this step there are until the end, one more at most.
pub(super) fn fitting(step: TimeLength, offset_ms: u64, duration_ms: u64) -> u64 {
    let left_us = u128::from(duration_ms.saturating_sub(offset_ms)) * US_PER_MS;
    let fitting = match step {
        TimeLength::Us(us) => left_us.div_ceil(u128::from(us.max(1))),
        TimeLength::PartsPerMillion(parts) => {
            let step = u128::from(parts.max(1)) * u128::from(duration_ms.max(1)) * US_PER_MS;
            (left_us * MILLION).div_ceil(step)
        }
    };
    u64::try_from(fitting).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
