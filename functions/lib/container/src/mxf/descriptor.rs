//! What is said of the pictures: SMPTE ST 377-1, annex F.

use super::essence::Wrapping;
use super::klv::Label;
use super::local_sets::MetadataSet;
use crate::{ColourCodes, IndexError};
use plan::Size;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const ODD_WRAPPING: IndexError =
    IndexError::Unsupported("its frames are wrapped in an unusual way");
const NO_SIZE: IndexError = IndexError::Unsupported("its pictures have no size");
const NO_SHAPE: IndexError = IndexError::Unsupported("its pictures have no shape");
const ODD_LAYOUT: IndexError = IndexError::Unsupported("its fields are stored in an unusual way");

/// What the pictures are coded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureCoding {
    Mpeg2,
    /// MPEG-2 of SMPTE D-10: all of its pictures refer to no other.
    D10,
    H264,
    /// H.264 of which all pictures refer to no other.
    AvcIntra,
    Dv,
    DnxHd,
    Jpeg2000,
    /// Of `QuickTime`'s name.
    ProRes([u8; 4]),
}

impl PictureCoding {
    /// Whether all pictures refer to no other.
    pub(super) fn is_intra(self) -> bool {
        !matches!(self, Self::Mpeg2 | Self::H264)
    }
}

/// Of the video of the file.
#[derive(Debug, Clone)]
pub(super) struct PictureDescriptor {
    pub(super) coding: PictureCoding,
    pub(super) wrapping: Wrapping,
    /// As stored: of frames, not of fields.
    pub(super) stored: Size,
    /// Width to height of what is shown.
    pub(super) shape: (u32, u32),
    pub(super) colour: Option<ColourCodes>,
    /// Fields are apart, or may be.
    pub(super) has_fields: bool,
}

/// `FrameLayout`
const FULL_FRAME: u8 = 0;
const SEPARATE_FIELDS: u8 = 1;
const MIXED_FIELDS: u8 = 3;
const SEGMENTED_FRAME: u8 = 4;

impl PictureDescriptor {
    /// In a file of the pattern Atom or of another one.
    pub(super) fn parse(set: &MetadataSet, is_atom: bool) -> Result<Self, IndexError> {
        let container = set.label(0x3004).ok_or(ODD_CODEC)?;
        let coding = coding(set, &container)?;
        let side = |tag| {
            let side = set.number(tag).filter(|side| (1..=0x7fff).contains(side));
            side.ok_or(NO_SIZE)
        };
        let layout = set.byte(0x320c).unwrap_or(FULL_FRAME);
        let fields = match layout {
            FULL_FRAME | MIXED_FIELDS => 1,
            SEPARATE_FIELDS | SEGMENTED_FRAME => 2,
            _ => return Err(ODD_LAYOUT),
        };
        Ok(Self {
            coding,
            wrapping: match is_atom {
                true => Wrapping::Clip,
                false => wrapping(coding, &container)?,
            },
            stored: Size {
                width: side(0x3203)?,
                height: side(0x3202)? * fields,
            },
            shape: set.ratio(0x320e).ok_or(NO_SHAPE)?,
            colour: colour(set),
            has_fields: layout != FULL_FRAME,
        })
    }
}

/// The registry of a label and what it names there, whatever its version is.
fn named(label: &Label) -> Option<&[u8]> {
    label
        .starts_with(b"\x06\x0e\x2b\x34\x04\x01\x01")
        .then_some(&label[8..])
}

/// By the coding of pictures: SMPTE RP 224. Where that is not said, by the container of the essence.
fn coding(set: &MetadataSet, container: &Label) -> Result<PictureCoding, IndexError> {
    const MPEG2: [u8; 5] = [4, 1, 2, 2, 1];
    let container = named(container).ok_or(ODD_CODEC)?;
    let is_d10 = container.starts_with(&[13, 1, 3, 1, 2, 1]);
    let mpeg2 = if is_d10 {
        PictureCoding::D10
    } else {
        PictureCoding::Mpeg2
    };
    let told = set.label(0x3201).or_else(|| set.label(0x3005));
    let told = told.filter(|label| *label != Label::default());
    let Some(label) = told else {
        return match container {
            [13, 1, 3, 1, 2, 1 | 4, ..] => Ok(mpeg2),
            [13, 1, 3, 1, 2, 2, ..] => Ok(PictureCoding::Dv),
            [13, 1, 3, 1, 2, 12, ..] => Ok(PictureCoding::Jpeg2000),
            [13, 1, 3, 1, 2, 17, ..] => Ok(PictureCoding::DnxHd),
            _ => Err(ODD_CODEC),
        };
    };
    match named(&label).ok_or(ODD_CODEC)? {
        [rest @ .., 1..=4, _, _] if rest == MPEG2 => Ok(mpeg2),
        [4, 1, 2, 2, 1, 0x31, ..] => Ok(PictureCoding::H264),
        [4, 1, 2, 2, 1, 0x32, ..] => Ok(PictureCoding::AvcIntra),
        [4, 1, 2, 2, 2, ..] => Ok(PictureCoding::Dv),
        [4, 1, 2, 2, 3, 1, ..] => Ok(PictureCoding::Jpeg2000),
        [4, 1, 2, 2, 0x71, ..] | [4, 1, 2, 2, 3, 2, ..] | [14, 4, 2, 1, 2, 4, 1, 0] => {
            Ok(PictureCoding::DnxHd)
        }
        [4, 1, 2, 2, 3, 6, kind @ 1..=6, _] => Ok(PictureCoding::ProRes(prores(*kind))),
        _ => Err(ODD_CODEC),
    }
}

fn prores(kind: u8) -> [u8; 4] {
    match kind {
        1 => *b"apco",
        2 => *b"apcs",
        3 => *b"apcn",
        4 => *b"apch",
        5 => *b"ap4h",
        _ => *b"ap4x",
    }
}

/// By the label of the container: each kind says it in a place of its own.
fn wrapping(coding: PictureCoding, container: &Label) -> Result<Wrapping, IndexError> {
    let kind = match (coding, named(container)) {
        (PictureCoding::Dv, Some([13, 1, 3, 1, 2, 2, _, kind])) => *kind,
        (PictureCoding::Mpeg2, Some([13, 1, 3, 1, 2, 4, _, kind])) => *kind,
        (PictureCoding::H264 | PictureCoding::AvcIntra, Some([13, 1, 3, 1, 2, 16, _, kind])) => {
            *kind
        }
        (PictureCoding::D10, Some([13, 1, 3, 1, 2, 1, _, 1 | 2])) => 1,
        (PictureCoding::DnxHd, Some([13, 1, 3, 1, 2, 17, kind, _])) => *kind,
        (PictureCoding::ProRes(_), Some([13, 1, 3, 1, 2, 28, kind, _])) => *kind,
        (PictureCoding::Jpeg2000, Some([13, 1, 3, 1, 2, 12, kind @ (1 | 6), _])) => match kind {
            6 => 1,
            kind => *kind,
        },
        _ => 0,
    };
    match kind {
        1 => Ok(Wrapping::Frame),
        2 => Ok(Wrapping::Clip),
        _ => Err(ODD_WRAPPING),
    }
}

/// In numbers of ITU-T H.273.
fn colour(set: &MetadataSet) -> Option<ColourCodes> {
    const UNSPECIFIED: u16 = 2;
    let code = |tag, known: &[(u8, u8, u16)]| {
        let label = set.label(tag)?;
        let &[4, 1, 1, 1, group, code, ..] = named(&label)? else {
            return None;
        };
        let mut known = known.iter();
        known
            .find(|&&(its, name, _)| (its, name) == (group, code))
            .map(|&(_, _, code)| code)
    };
    let primaries = code(0x3219, &PRIMARIES);
    let transfer = code(0x3210, &TRANSFERS);
    let matrix = code(0x321a, &MATRICES);
    let full_range = is_full_range(set);
    let is_known = primaries.or(transfer).or(matrix).is_some() || full_range.is_some();
    is_known.then(|| ColourCodes {
        primaries: primaries.unwrap_or(UNSPECIFIED),
        transfer: transfer.unwrap_or(UNSPECIFIED),
        matrix: matrix.unwrap_or(UNSPECIFIED),
        full_range,
    })
}

/// The group of labels, the label in it, and the code point.
const PRIMARIES: [(u8, u8, u16); 8] = [
    (3, 1, 6),
    (3, 2, 5),
    (3, 3, 1),
    (3, 4, 9),
    (3, 5, 10),
    (3, 6, 12),
    (3, 8, 10),
    (3, 10, 11),
];
const TRANSFERS: [(u8, u8, u16); 11] = [
    (1, 1, 4),
    (1, 2, 1),
    (1, 3, 7),
    (1, 4, 1),
    (1, 5, 12),
    (1, 6, 8),
    (1, 7, 17),
    (1, 8, 11),
    (1, 9, 14),
    (1, 10, 16),
    (1, 11, 18),
];
const MATRICES: [(u8, u8, u16); 6] = [
    (2, 1, 5),
    (2, 2, 1),
    (2, 3, 7),
    (2, 4, 8),
    (2, 5, 0),
    (2, 6, 9),
];

/// By the levels of black, of white and of colours: none of other levels than those of ITU-R BT.601 and
/// BT.709, and of those that use all.
fn is_full_range(set: &MetadataSet) -> Option<bool> {
    let depth = set.number(0x3301).filter(|depth| (8..31).contains(depth))?;
    let levels = [0x3304, 0x3305, 0x3306].map(|tag| set.number(tag).unwrap_or(0));
    let all = 1 << depth;
    let narrow = [
        1 << (depth - 4),
        235 << (depth - 8),
        (14 << (depth - 4)) + 1,
    ];
    match levels {
        [0, white, colours] if white == all - 1 && (colours == all || colours == all - 1) => {
            Some(true)
        }
        levels => (levels == narrow).then_some(false),
    }
}
