//! When sounds end: a player shows the last picture until then.

use super::media_object::MediaObject;
use super::stream_header::{StreamHeader, StreamKind};
use crate::little_endian::{number, short};
use crate::{IndexError, SoundTrack};
use plan::TimeBase;

const UNSURE: IndexError = IndexError::Unsupported("when its sound ends cannot be told");
/// No object of a sound lasts longer.
const LONGEST_MS: i64 = 5000;

pub(super) const MILLISECONDS: TimeBase = TimeBase { num: 1, den: 1000 };

/// The last object of each sound.
#[derive(Debug, Clone, Default)]
pub(super) struct SoundEnds(Vec<SoundEnd>);

#[derive(Debug, Clone, Copy)]
struct SoundEnd {
    stream: u8,
    /// ms
    time: i64,
    /// The same; not known of all codings.
    duration: Option<i64>,
}

impl SoundEnds {
    /// Takes an object that is heard at `time`; none of what is told by itself.
    pub(super) fn take(&mut self, stream: &StreamHeader, time: i64, object: Option<&MediaObject>) {
        let duration = object.and_then(|object| duration(&stream.format, object.bytes));
        let end = SoundEnd {
            stream: stream.id,
            time,
            duration,
        };
        match self.0.iter_mut().find(|known| known.stream == stream.id) {
            Some(known) => *known = end,
            None => self.0.push(end),
        }
    }

    /// Whether all that have come before have come here as well.
    pub(super) fn has_all_of(&self, earlier: &[u8]) -> bool {
        let has = |stream: &u8| self.0.iter().any(|end| end.stream == *stream);
        earlier.iter().all(has)
    }

    pub(super) fn streams(&self) -> impl Iterator<Item = u8> {
        self.0.iter().map(|end| end.stream)
    }

    /// Of all that have come, in the order of their streams, beside pictures that end at
    /// `pictures_end`.
    pub(super) fn ends(
        &self,
        streams: &[StreamHeader],
        pictures_end: i64,
    ) -> Result<Vec<SoundTrack>, IndexError> {
        let sounds = streams
            .iter()
            .filter(|stream| stream.kind == StreamKind::Sound);
        let ends = sounds.filter_map(|stream| self.0.iter().find(|end| end.stream == stream.id));
        let track = |end: &SoundEnd| {
            let ends_before = end.time.saturating_add(LONGEST_MS) < pictures_end;
            let duration = end.duration.or(ends_before.then_some(0)).ok_or(UNSURE)?;
            Ok(SoundTrack {
                end_pts: end.time.saturating_add(duration),
                time_base: MILLISECONDS,
            })
        };
        ends.map(track).collect()
    }
}

/// Of so many bytes, ms: of Windows Media Audio by its rate, which is steady.
fn duration(format: &[u8], bytes: u32) -> Option<i64> {
    let coding = short(format, 0)?;
    let rate = u64::from(number(format, 4)?).checked_mul(1000)?;
    let (bytes_a_second, block) = (u64::from(number(format, 8)?), short(format, 12)?);
    let is_steady = matches!(coding, 0x160 | 0x161) && block > 1;
    let samples = (u64::from(bytes) * (rate / 1000)).checked_div(bytes_a_second)?;
    let ms = (samples * 1000).checked_div(rate / 1000)?;
    i64::try_from(ms).ok().filter(|_| is_steady)
}
