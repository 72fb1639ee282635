//! What a container shows of its frames: `clap` (ISO/IEC 14496-12, 12.1.4) and Matroska's
//! PixelCrop (RFC 9559, 5.1.4.1.28). ffmpeg applies them from 7.1 on; here they are read by hand.

use super::frames::Frame;
use super::raster::Raster;
use std::fs;
use std::path::Path;

/// Headers are looked for in so many bytes.
const MOST_HEADER_BYTES: usize = 1 << 20;

/// What is cut off a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContainerCrop {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    /// Whole px of the part that is shown; none where only the borders are said.
    shown: Option<(f64, f64)>,
    /// The size that this is said of; none where the container does not say it here.
    pub(super) coded: Option<(usize, usize)>,
    /// The aspect of what is shown, where the container says it for that part.
    display: Option<(f64, f64)>,
}

impl ContainerCrop {
    /// Of the first video track that has one.
    #[must_use]
    pub fn of(file: &Path) -> Option<Self> {
        let bytes = fs::read(file).ok()?;
        if bytes.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
            return matroska(&bytes[..bytes.len().min(MOST_HEADER_BYTES)]);
        }
        let is_mp4 = bytes
            .get(4..8)
            .is_some_and(|kind| [&b"ftyp"[..], b"moov", b"mdat", b"free", b"wide"].contains(&kind));
        is_mp4.then(|| clap(&bytes)).flatten()
    }

    /// The borders in px of a frame of that size: left, top, width, height of what is shown.
    #[must_use]
    pub fn part(&self, width: usize, height: usize) -> (usize, usize, usize, usize) {
        let (w, h) = (width as f64, height as f64);
        let (left, top, shown_w, shown_h) = match self.shown {
            Some((sw, sh)) => (
                (w - sw) / 2.0 + self.left,
                (h - sh) / 2.0 + self.top,
                sw,
                sh,
            ),
            None => (
                self.left,
                self.top,
                w - self.left - self.right,
                h - self.top - self.bottom,
            ),
        };
        let fits = left >= 0.0 && top >= 0.0 && shown_w >= 1.0 && shown_h >= 1.0;
        if !fits || left + shown_w > w || top + shown_h > h {
            return (0, 0, width, height);
        }
        let px = |v: f64| v.round() as usize;
        (px(left), px(top), px(shown_w), px(shown_h))
    }

    /// Cuts it off, unless ffmpeg has done so.
    #[must_use]
    pub fn apply(&self, raster: &Raster, coded: (usize, usize)) -> Raster {
        if (raster.width, raster.height) != coded {
            return raster.clone();
        }
        let (left, top, width, height) = self.part(raster.width, raster.height);
        raster.cropped(left, top, width, height)
    }

    /// The aspect of the pixels of a frame.
    #[must_use]
    pub fn pixel_aspect(&self, frame: &Frame, shown: (usize, usize)) -> (u64, u64) {
        match self.display {
            Some((width, height)) => (
                (width * shown.1 as f64) as u64,
                (height * shown.0 as f64) as u64,
            ),
            None => frame.pixel_aspect,
        }
    }
}

fn clap(bytes: &[u8]) -> Option<ContainerCrop> {
    let at = bytes.windows(8).position(|w| w == b"\0\0\0\x28clap")? + 8;
    let word = |nth: usize| {
        let word = bytes.get(at + 4 * nth..at + 4 * nth + 4)?;
        Some(f64::from(i32::from_be_bytes(word.try_into().ok()?)))
    };
    let ratio = |nth: usize| Some(word(nth)? / word(nth + 1)?);
    Some(ContainerCrop {
        shown: Some((ratio(0)?, ratio(2)?)),
        left: ratio(4)?,
        top: ratio(6)?,
        right: 0.0,
        bottom: 0.0,
        coded: None,
        display: None,
    })
}

const TRACKS: [u8; 4] = [0x16, 0x54, 0xae, 0x6b];
const TRACK_ENTRY: u64 = 0xae;
const VIDEO: u64 = 0xe0;

fn matroska(bytes: &[u8]) -> Option<ContainerCrop> {
    let mut found = None;
    // The seek head names the element too; what follows there is no track.
    for at in (0..bytes.len().saturating_sub(4)).filter(|&at| bytes[at..at + 4] == TRACKS) {
        let Some((_, tracks, _)) = element(&bytes[at..]) else {
            continue;
        };
        children(tracks, &mut |id, entry| {
            if id == TRACK_ENTRY {
                children(entry, &mut |id, video| {
                    if id == VIDEO && found.is_none() {
                        found = pixel_crop(video);
                    }
                });
            }
        });
    }
    found
}

fn pixel_crop(video: &[u8]) -> Option<ContainerCrop> {
    let mut crop = ContainerCrop {
        left: 0.0,
        top: 0.0,
        right: 0.0,
        bottom: 0.0,
        shown: None,
        coded: None,
        display: None,
    };
    let (mut width, mut height, mut coded) = (None, None, (0, 0));
    children(video, &mut |id, data| {
        let number = data.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)) as f64;
        match id {
            0x54aa => crop.bottom = number,
            0x54bb => crop.top = number,
            0x54cc => crop.left = number,
            0x54dd => crop.right = number,
            0xb0 => coded.0 = number as usize,
            0xba => coded.1 = number as usize,
            0x54b0 => width = Some(number),
            0x54ba => height = Some(number),
            _ => {}
        }
    });
    crop.display = width.zip(height);
    crop.coded = Some(coded);
    let cuts = crop.left + crop.top + crop.right + crop.bottom > 0.0;
    cuts.then_some(crop)
}

fn children<'a>(mut bytes: &'a [u8], take: &mut dyn FnMut(u64, &'a [u8])) {
    while let Some((id, data, rest)) = element(bytes) {
        take(id, data);
        bytes = rest;
    }
}

/// Its id, its data, and what follows.
fn element(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let length = |first: u8| first.leading_zeros() as usize + 1;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, &b| sum << 8 | u64::from(b));
    let id_bytes = length(*bytes.first()?);
    let id = number(bytes.get(..id_bytes)?);
    let rest = &bytes[id_bytes..];
    let size_bytes = length(*rest.first()?);
    let size = number(rest.get(..size_bytes)?) & ((1_u64 << (7 * size_bytes).min(63)) - 1);
    let rest = &rest[size_bytes..];
    let end = usize::try_from(size).ok()?.min(rest.len());
    Some((id, &rest[..end], &rest[end..]))
}
