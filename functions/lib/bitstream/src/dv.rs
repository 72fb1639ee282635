//! DV: IEC 61834-2 and SMPTE 314M. Each frame tells the shape of its picture among its auxiliary data.

/// What a frame begins with: the header of its first sequence, and as much as is read here.
pub const HEAD_BYTES: usize = 512;

/// Blocks of 80 bytes: the sixth is of auxiliary data for the video. Packs in it are of five bytes.
const AUXILIARY: usize = 5 * 80;
/// Their numbers there.
const SOURCE: usize = AUXILIARY + 48;
const CONTROL: usize = SOURCE + 5;
const CONTROL_PACK: u8 = 0x61;

/// A frame of standard definition by its head.
pub struct DvFrame {
    /// Of the whole frame.
    pub bytes: u64,
    /// The shape of a pixel; none where it is not told.
    pub aspect: Option<(u32, u32)>,
}

impl DvFrame {
    /// By the first [`HEAD_BYTES`] of a frame; none where it is no such frame.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        const HEADER: [u8; 2] = [0x1f, 0x07];
        const MBIT_25: u8 = 0;
        const MBIT_50: u8 = 4;
        let &[_, _, _, system, application, ..] = head else {
            return None;
        };
        let bytes = match (head.get(SOURCE + 3)? & 0x1f, system & 0x80 != 0) {
            (MBIT_25, false) => 120_000,
            (MBIT_25, true) => 144_000,
            (MBIT_50, false) => 240_000,
            (MBIT_50, true) => 288_000,
            _ => return None,
        };
        let control = head.get(CONTROL..CONTROL + 3)?;
        let kind = control[2] & 7;
        let application = application & 7;
        let is_wide = kind == 2 || kind == 7 && application == 0;
        let aspect = match (system & 0x80 != 0, is_wide) {
            (false, false) => (8, 9),
            (false, true) => (32, 27),
            (true, false) => (16, 15),
            (true, true) => (64, 45),
        };
        head.starts_with(&HEADER).then_some(Self {
            bytes,
            aspect: (control[0] == CONTROL_PACK).then_some(aspect),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_tells_the_shape_of_its_pixels() {
        let frame = |system: u8, application: u8, kind: u8| {
            let mut head = vec![0; HEAD_BYTES];
            head[..5].copy_from_slice(&[0x1f, 0x07, 0, system, application]);
            head[CONTROL..CONTROL + 3].copy_from_slice(&[CONTROL_PACK, 0, kind]);
            let frame = DvFrame::of(&head).unwrap();
            (frame.bytes, frame.aspect)
        };
        assert_eq!(frame(0x80, 1, 0), (144_000, Some((16, 15))));
        assert_eq!(frame(0x80, 1, 2), (144_000, Some((64, 45))));
        assert_eq!(frame(0, 0, 7), (120_000, Some((32, 27))));
        assert_eq!(frame(0, 1, 7), (120_000, Some((8, 9))), "of another kind");
        assert!(DvFrame::of(&[0x1f, 7, 0]).is_none());
    }
}
