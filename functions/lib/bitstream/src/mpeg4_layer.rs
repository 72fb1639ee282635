//! `VideoObjectLayer` of MPEG-4 part 2, and what encoders write about themselves beside it:
//! ISO/IEC 14496-2, 6.2.3.

use super::bits::BitReader;

const FIRST_LAYER: u8 = 0x20;
const LAST_LAYER: u8 = 0x2f;
const USER_DATA: u8 = 0xb2;

const EXTENDED_ASPECT_RATIO: u32 = 15;
const SIMPLE: u32 = 1;
const ADVANCED_SIMPLE: u32 = 17;
/// `vbv_parameters`
const BUFFER_BITS: usize = 79;

/// What matters of the first one in some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mpeg4Layer {
    /// `low_delay`: none where it is not said.
    pub low_delay: Option<bool>,
    /// `video_object_type_indication`
    kind: u32,
    /// Of the time within a second in each picture's header; none where it cannot be told.
    pub time_bits: Option<u8>,
}

impl Mpeg4Layer {
    /// The first one in these bytes.
    #[must_use]
    pub fn find(bytes: &[u8]) -> Option<Self> {
        let is_layer = |code: u8| (FIRST_LAYER..=LAST_LAYER).contains(&code);
        let mut bits = BitReader::new(after_code(bytes, is_layer)?);
        bits.skip(1)?;
        let kind = bits.number(8)?;
        if bits.flag()? {
            bits.skip(4 + 3)?;
        }
        if bits.number(4)? == EXTENDED_ASPECT_RATIO {
            bits.skip(16)?;
        }
        let mut low_delay = None;
        if bits.flag()? {
            bits.skip(2)?;
            low_delay = Some(bits.flag()?);
            if bits.flag()? {
                bits.skip(BUFFER_BITS)?;
            }
        }
        Some(Self {
            low_delay,
            kind,
            time_bits: time_bits(&mut bits),
        })
    }

    /// Whether a decoder holds pictures back until it knows that no other comes before them: as
    /// ffmpeg does where the layer does not say.
    #[must_use]
    pub fn holds_back(self) -> bool {
        let is_simple = matches!(self.kind, SIMPLE | ADVANCED_SIMPLE);
        !self.low_delay.unwrap_or(is_simple)
    }
}

/// Of pictures that are rectangles.
fn time_bits(bits: &mut BitReader<'_>) -> Option<u8> {
    const RECTANGULAR: u32 = 0;
    if bits.number(2)? != RECTANGULAR || !bits.flag()? {
        return None;
    }
    let ticks = bits.number(16)?;
    let most = ticks.checked_sub(1)?;
    u8::try_from((u32::BITS - most.leading_zeros()).max(1)).ok()
}

/// Whether the encoder says that it packs pictures: `DivX503b1393p`.
#[must_use]
pub fn says_packed(bytes: &[u8]) -> bool {
    let is_noted = |note: &[u8]| {
        let Some(rest) = note.strip_prefix(b"DivX") else {
            return false;
        };
        let rest = rest.trim_ascii_start();
        let version = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = &rest[version..];
        let build = rest.strip_prefix(b"Build").or(rest.strip_prefix(b"b"));
        let Some(build) = build.filter(|_| version > 0) else {
            return false;
        };
        let digits = build.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        digits > 0 && build.get(digits) == Some(&b'p')
    };
    let codes = bytes.windows(4).enumerate();
    let notes = codes.filter(|(_, code)| *code == [0, 0, 1, USER_DATA]);
    notes.into_iter().any(|(at, _)| is_noted(&bytes[at + 4..]))
}

fn after_code(bytes: &[u8], is_meant: impl Fn(u8) -> bool) -> Option<&[u8]> {
    let mut codes = bytes.windows(4);
    let at = codes.position(|code| code[..3] == [0, 0, 1] && is_meant(code[3]))?;
    Some(&bytes[at + 4..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::bits_of;

    fn layer(text: &str) -> Mpeg4Layer {
        let bytes = [&[0, 0, 1, 0x20][..], &bits_of(text)].concat();
        Mpeg4Layer::find(&bytes).unwrap()
    }

    #[test]
    fn a_layer_says_whether_pictures_are_held_back() {
        let rest = "00 1 0000000000011001";
        let told = layer(&format!("0 00000001 0 0001 1 01 0 0 {rest}"));
        assert_eq!((told.low_delay, told.time_bits), (Some(false), Some(5)));
        assert!(told.holds_back());
        assert!(!layer(&format!("0 00000001 0 0001 1 01 1 0 {rest}")).holds_back());
        assert!(!layer(&format!("0 00010001 0 0001 0 {rest}")).holds_back());
        assert!(layer(&format!("0 00000100 0 0001 0 {rest}")).holds_back());
        assert_eq!(layer("0 00000001 0 0001 0 01 1").time_bits, None);
    }

    #[test]
    fn only_a_note_with_a_p_says_that_pictures_are_packed() {
        let says = |note: &[u8]| says_packed(&[&[7, 0, 0, 1, 0xb2][..], note].concat());
        assert!(says(b"DivX503b1393p\0"));
        assert!(says(b"DivX501Build413p"));
        assert!(!says(b"DivX503b1393"));
        assert!(!says(b"XviD0046"));
        assert!(!says_packed(b"DivX503b1393p"));
    }
}
