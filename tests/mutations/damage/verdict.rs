//! One broken file.

use super::compare::psnr_db;
use super::decoded::{Decoded, DecodedFrame};
use super::spoil::spoilt;
use crate::clips::{Clip, FRAME_US};
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PIXELS: usize = 160 * 120;
/// What a JPEG and another scaler may add.
const WORSE_DB: f64 = 1.0;
/// Below it, against the same picture of the whole file, anybody sees that something is wrong.
const SPOILT_DB: f64 = 22.0;
/// In every group of frames.
const TIMES_MS: [u64; 5] = [0, 280, 520, 760, 1040];

/// Knows the whole clip.
pub(super) struct Judge {
    pub(super) name: String,
    bytes: Vec<u8>,
    extension: &'static str,
    versions: Vec<Version>,
    folder: TempDir,
}

struct Version {
    ffmpeg: Ffmpeg,
    source: Decoded,
    /// What a job makes of the whole clip.
    pictures: Vec<Picture>,
}

impl Judge {
    pub(super) fn new(clip: &Clip, ffmpegs: &[Ffmpeg]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("whole{}", clip.extension));
        fs::write(&path, &**clip.bytes).unwrap();
        let version = |ffmpeg: &Ffmpeg| Version {
            ffmpeg: ffmpeg.clone(),
            source: Decoded::of(ffmpeg, &path, PIXELS),
            pictures: pictures(ffmpeg, &path).unwrap(),
        };
        Self {
            name: clip.name.to_owned(),
            bytes: clip.bytes.to_vec(),
            extension: clip.extension,
            versions: ffmpegs.iter().map(version).collect(),
            folder,
        }
    }

    /// What is wrong with what the ffmpeg of this number makes of the damage with this number.
    pub(super) fn wrong(&self, number: usize, version: usize) -> Vec<String> {
        let name = format!("{number:04}-{version}{}", self.extension);
        let path = self.folder.path().join(name);
        fs::write(&path, spoilt(&self.bytes, number)).unwrap();
        let version = &self.versions[version];
        let plain = Decoded::of(&version.ffmpeg, &path, PIXELS);
        let by_order = match version.ffmpeg.version.queues_output() {
            // The newer one decodes alike, but its lines are in no order.
            true => Decoded::of(&self.versions[0].ffmpeg, &path, PIXELS),
            false => Decoded::of(&version.ffmpeg, &path, PIXELS),
        };
        let given = pictures(&version.ffmpeg, &path);
        let mut wrong = Vec::new();
        // A file may be refused; the other mutations ask how.
        for picture in given.iter().flatten() {
            wrong.extend(version.judge(picture, &plain, &by_order));
        }
        if let Some(kept) = std::env::var_os("MUTATIONS_KEPT").filter(|_| !wrong.is_empty()) {
            let name = format!("{}-{number:04}{}", self.name, self.extension);
            fs::copy(&path, Path::new(&kept).join(name)).unwrap();
        }
        fs::remove_file(&path).unwrap();
        let front = format!(
            "{} damage {number}, ffmpeg {}",
            self.name, version.ffmpeg.version
        );
        wrong
            .into_iter()
            .map(|what| format!("{front}: {what}"))
            .collect()
    }
}

impl Version {
    fn judge(&self, picture: &Picture, plain: &Decoded, by_order: &Decoded) -> Option<String> {
        let at_us = picture.at_us as i64;
        let zero_us = self.source.frames.first()?.at_us;
        let source = self.source.at(zero_us, at_us)?;
        let whole = self
            .pictures
            .iter()
            .find(|whole| whole.at_us.abs_diff(picture.at_us) < FRAME_US / 8)?;
        let (ours, best) = (picture.pixels.as_raw(), whole.pixels.as_raw());
        if ours.len() != best.len() {
            return None;
        }
        let quality = psnr_db(ours, &source.pixels);
        if let Some(frame) = plain.at(zero_us, at_us) {
            let most = psnr_db(best, &source.pixels);
            let wanted = psnr_db(&frame.pixels, &source.pixels).min(most) - WORSE_DB;
            if quality < wanted {
                return Some(format!("{at_us} us: {quality:.1} dB, not {wanted:.1}"));
            }
        }
        let judged = by_order.at(zero_us, at_us);
        let is_corrupt = judged.is_some_and(|frame| frame.is_corrupt);
        if is_corrupt && !picture.is_damaged {
            return Some(format!(
                "{at_us} us: ffmpeg calls it corrupt, and it is not marked"
            ));
        }
        // Broken data that decodes to something else says nothing.
        let is_suspect = judged.is_some_and(|frame| frame.is_suspect);
        let is_spoilt = is_suspect && psnr_db(ours, best) < SPOILT_DB;
        if is_spoilt && !picture.is_damaged {
            return Some(format!(
                "{at_us} us: spoilt to {quality:.1} dB and not marked"
            ));
        }
        let doubts = |frame: &DecodedFrame| frame.is_doubted;
        let both = [judged, plain.at(zero_us, at_us)];
        // What plain decoding never gives is damaged, whatever it says.
        let is_doubted = both.iter().flatten().any(|frame| doubts(frame));
        if picture.is_damaged && both[0].is_some() && !is_doubted {
            return Some(format!(
                "{at_us} us: marked, though nothing is said of it or of what it needs"
            ));
        }
        None
    }
}

fn pictures(ffmpeg: &Ffmpeg, path: &Path) -> Option<Vec<Picture>> {
    match job::at(ffmpeg, path, &TIMES_MS) {
        Ending::Pictures(pictures) => Some(pictures),
        _ => None,
    }
}
