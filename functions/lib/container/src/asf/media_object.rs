//! Objects put together of their payloads: a picture, or a stretch of sound.

use super::data_packet::Payload;
use crate::IndexError;

const BREAKS_OFF: IndexError = IndexError::Damaged("an object of it breaks off");
const ODD_PART: IndexError = IndexError::Damaged("parts of it do not belong together");
const MISSING: IndexError = IndexError::Damaged("objects of it are missing");
const TOO_LARGE: IndexError = IndexError::Unsupported("an object of it is too large");
/// What only the header of a packet tells: whoever reads on behind the payload does not know it.
const ODD_PLACE: IndexError = IndexError::Unsupported("an object of it goes on in no usual place");

/// Readers take none that is longer.
const MOST_BYTES: u32 = (1 << 24) - 1;
/// What tells whether a picture is a keyframe is shorter.
const HEAD_BYTES: usize = 16;

/// Of one stream, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaObject {
    /// Where the header of its first payload begins in the file.
    pub(super) begin: u64,
    /// Where its last byte ends.
    pub(super) end: u64,
    pub(super) bytes: u32,
    /// As the file has it, ms.
    pub(super) time: u32,
    pub(super) is_key: bool,
    /// What it begins with.
    pub(super) head: Vec<u8>,
    /// What is said of it behind its length and time.
    pub(super) said: Vec<u8>,
    number: u8,
}

/// Where a payload lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct PayloadPlace<'a> {
    /// Where its packet begins in the file.
    pub(super) packet_at: u64,
    /// What comes behind the last payload of the packet, where this is the last.
    pub(super) padding: Option<&'a [u8]>,
}

/// Takes the payloads of one stream in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct ObjectBuilder {
    /// An object, and how much of it has come.
    pending: Option<(MediaObject, u32)>,
    last_number: Option<u8>,
}

impl ObjectBuilder {
    /// Whether an object has begun that has not ended.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Gives the object that ends with the payload. Amid a file the first ones belong to one that began
    /// before.
    pub(super) fn take(
        &mut self,
        payload: &Payload<'_>,
        place: PayloadPlace<'_>,
        is_amid: bool,
    ) -> Result<Option<MediaObject>, IndexError> {
        let (bytes, time) = payload.object().ok_or(ODD_PART)?;
        let (object, come) = match self.pending.take() {
            Some((object, come)) => {
                let belongs = (payload.number, payload.offset, bytes, time)
                    == (object.number, come, object.bytes, object.time);
                if !belongs {
                    return Err(if payload.offset == 0 {
                        BREAKS_OFF
                    } else {
                        ODD_PART
                    });
                }
                (object, come)
            }
            None if payload.offset > 0 && is_amid && self.last_number.is_none() => return Ok(None),
            None => (self.begin(payload, place, (bytes, time))?, 0),
        };
        let come = come
            .checked_add(u32::try_from(payload.bytes.len()).map_err(|_| TOO_LARGE)?)
            .filter(|&come| come <= object.bytes)
            .ok_or(ODD_PART)?;
        if come < object.bytes {
            if payload.offset == 0 {
                check_goes_on(payload, place)?;
            }
            self.pending = Some((object, come));
            return Ok(None);
        }
        self.last_number = Some(object.number);
        Ok(Some(MediaObject {
            end: place.packet_at + payload.end as u64,
            ..object
        }))
    }

    fn begin(
        &self,
        payload: &Payload<'_>,
        place: PayloadPlace<'_>,
        (bytes, time): (u32, u32),
    ) -> Result<MediaObject, IndexError> {
        let follows = |last: u8| last.wrapping_add(1) == payload.number;
        if payload.offset > 0 {
            return Err(ODD_PART);
        }
        if !self.last_number.is_none_or(follows) {
            return Err(MISSING);
        }
        if bytes > MOST_BYTES {
            return Err(TOO_LARGE);
        }
        let head = payload.bytes.len().min(HEAD_BYTES);
        Ok(MediaObject {
            begin: place.packet_at + payload.header_at as u64,
            end: 0,
            bytes,
            time,
            is_key: payload.is_key,
            head: payload.bytes[..head].to_vec(),
            said: payload.said.get(8..).unwrap_or_default().to_vec(),
            number: payload.number,
        })
    }
}

/// That behind the first payload of an object only zeros come in its packet, so that the next packet is
/// found behind them.
fn check_goes_on(payload: &Payload<'_>, place: PayloadPlace<'_>) -> Result<(), IndexError> {
    // Where the packet is the payload's own its header tells.
    let is_told = payload.header_at == 0;
    let is_found = place
        .padding
        .is_some_and(|rest| rest.iter().all(|&byte| byte == 0));
    (is_told || is_found).then_some(()).ok_or(ODD_PLACE)
}
