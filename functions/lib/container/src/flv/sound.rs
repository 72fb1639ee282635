//! When the sound ends: a player shows the last picture until then.

use super::tag::TagHeader;
use crate::window_reader::WindowReader;
use crate::{IndexError, SoundTrack};
use plan::TimeBase;

const UNSURE: IndexError = IndexError::Unsupported("when its sound ends cannot be told");
/// No tag of a sound lasts longer.
const LONGEST_MS: i64 = 5000;

const AAC: u8 = 10;
const MP3: u8 = 2;

/// Follows the sound.
#[derive(Debug, Clone, Default)]
pub(super) struct SoundEnd {
    /// Of AAC, by its configuration: samples in a second.
    aac_rate: Option<u32>,
    /// The last tag's time and how long it lasts, ms; that is not known of all codings.
    last: Option<(i64, Option<i64>)>,
}

impl SoundEnd {
    /// Of a later stretch of the file.
    pub(super) fn later(&self) -> Self {
        Self {
            last: None,
            ..self.clone()
        }
    }

    pub(super) fn take(
        &mut self,
        reader: &mut WindowReader<'_>,
        tag: TagHeader,
    ) -> Result<(), IndexError> {
        let head = tag.head(reader, 8)?;
        let Some((&kind, rest)) = head.split_first() else {
            return Ok(());
        };
        let duration = match (kind >> 4, rest) {
            (AAC, [0, configuration @ ..]) => {
                self.aac_rate = aac_rate(configuration);
                return Ok(());
            }
            (AAC, [1, _, ..]) => self.aac_rate.map(|rate| ms_of(1024, rate)),
            (AAC, _) => return Ok(()),
            (MP3, frame) => mp3_ms(frame),
            _ => None,
        };
        if self.last.is_none_or(|(last, _)| last <= tag.time) {
            self.last = Some((tag.time, duration));
        }
        Ok(())
    }

    /// Takes note of a sound that begins later.
    pub(super) fn note(&mut self, later: &Self) {
        self.last = self.last.or(later.last);
    }

    pub(super) fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// None where there is no sound. Beside pictures that end at `pictures_end`.
    pub(super) fn end(&self, pictures_end: i64) -> Result<Option<SoundTrack>, IndexError> {
        let Some((last, duration)) = self.last else {
            return Ok(None);
        };
        let ends_before = last + LONGEST_MS < pictures_end;
        let duration = duration.or(ends_before.then_some(0)).ok_or(UNSURE)?;
        Ok(Some(SoundTrack {
            end_pts: last + duration,
            time_base: MILLISECONDS,
        }))
    }
}

pub(super) const MILLISECONDS: TimeBase = TimeBase { num: 1, den: 1000 };

fn ms_of(samples: u32, rate: u32) -> i64 {
    i64::from(samples) * 1000 / i64::from(rate.max(1))
}

/// ISO/IEC 14496-3, 1.6.2.1.
fn aac_rate(configuration: &[u8]) -> Option<u32> {
    const RATES: [u32; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8000, 7350,
    ];
    let &[first, second, ..] = configuration else {
        return None;
    };
    let index = usize::from((first & 7) << 1 | second >> 7);
    RATES.get(index).copied()
}

/// The header of a frame: ISO/IEC 11172-3, 2.4.2.3.
fn mp3_ms(frame: &[u8]) -> Option<i64> {
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    let &[0xff, kind, rates, ..] = frame else {
        return None;
    };
    let rate = *RATES.get(usize::from(rates >> 2 & 3))?;
    let (samples, rate) = match kind >> 3 & 3 {
        3 => (1152, rate),
        2 => (576, rate / 2),
        0 => (576, rate / 4),
        _ => return None,
    };
    (kind >> 5 == 7 && kind >> 1 & 3 == 1).then(|| ms_of(samples, rate))
}
