//! The order in which a decoder gives the pictures of a track, told from their headers: what a
//! container says of times is held against it.

pub(crate) mod counting;
mod h264;
pub(crate) mod hevc;
pub(crate) mod low_bits;
mod mpeg2;
mod mpeg4;
mod row;

pub use row::OrderRow;

use crate::Codec;

/// The place of a picture in the order of output: those of a later period come after those of an
/// earlier one, and within a period they come by their counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputOrder {
    /// A period begins with a picture that has the decoder forget all others.
    pub period: u32,
    /// The picture order count, or what stands for it.
    pub count: i64,
}

/// Reads the headers of samples that follow each other in decoding order.
#[derive(Debug)]
pub struct OutputOrderReader {
    codec: CodecOrder,
    period: u32,
}

#[derive(Debug)]
enum CodecOrder {
    H264(h264::OrderCount),
    Hevc(hevc::OrderCount),
    Mpeg2(mpeg2::OrderCount),
    Mpeg4(mpeg4::OrderCount),
}

/// Whether coded pictures may be shown in another order than they are decoded, by what the whole
/// track says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reordering {
    /// They are not.
    Never,
    /// They may be, or nothing is said.
    Possible,
}

impl OutputOrderReader {
    /// For a track with this sample entry; none where its headers don't tell an order, or do so
    /// in a way that is not read here.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Option<Self> {
        let codec = match codec {
            Codec::H264 { length_bytes } => {
                CodecOrder::H264(h264::OrderCount::new(entry, length_bytes)?)
            }
            Codec::Hevc { length_bytes } => {
                CodecOrder::Hevc(hevc::OrderCount::new(entry, length_bytes)?)
            }
            Codec::Mpeg1 | Codec::Mpeg2 => CodecOrder::Mpeg2(mpeg2::OrderCount::default()),
            Codec::Mpeg4 => CodecOrder::Mpeg4(mpeg4::OrderCount::new(entry)),
            _ => return None,
        };
        Some(Self { codec, period: 0 })
    }

    /// What the track says of its order as a whole.
    #[must_use]
    pub fn reordering(&self) -> Reordering {
        let never = match &self.codec {
            CodecOrder::H264(order) => order.never_reorders(),
            CodecOrder::Hevc(order) => order.never_reorders(),
            CodecOrder::Mpeg2(_) => false,
            CodecOrder::Mpeg4(order) => order.never_reorders(),
        };
        if never {
            Reordering::Never
        } else {
            Reordering::Possible
        }
    }

    /// The place of the next sample, of which the beginning is enough; none where it is not
    /// told, and then nothing that follows is in its period.
    pub fn next(&mut self, sample: &[u8]) -> Option<OutputOrder> {
        let (begins, count) = match &mut self.codec {
            CodecOrder::H264(order) => order.next(sample)?,
            CodecOrder::Hevc(order) => order.next(sample)?,
            CodecOrder::Mpeg2(order) => order.next(sample)?,
            CodecOrder::Mpeg4(order) => (false, order.next(sample)?),
        };
        self.period = self.period.saturating_add(u32::from(begins));
        Some(OutputOrder {
            period: self.period,
            count,
        })
    }
}

/// Whether times agree with the order of output. `samples` are time and place, in decoding order.
/// Of samples with one time any order is right.
#[must_use]
pub fn agrees(samples: &[(i64, OutputOrder)]) -> bool {
    let mut by_time = samples.to_vec();
    by_time.sort_unstable();
    by_time
        .windows(2)
        .all(|pair| pair[0].1 <= pair[1].1 || pair[0].0 == pair[1].0)
}

#[cfg(test)]
mod tests;
