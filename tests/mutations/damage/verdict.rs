//! One broken file.

use super::compare::{psnr_db, together_db};
use super::decoded::{Decoded, DecodedFrame};
use super::known::is_known;
use super::listed::ListedTimes;
use super::spoil::spoilt;
use super::tally::{Tally, count};
use crate::clips::Clip;
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PIXELS: usize = 160 * 120;
/// What another scaler may add.
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
    listed: ListedTimes,
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
            listed: ListedTimes::of(ffmpeg, &path),
            pictures: pictures(ffmpeg, &path, &TIMES_MS).unwrap(),
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
    pub(super) fn wrong(&self, number: usize, version: usize, tally: &Tally) -> Vec<String> {
        count(&tally.files);
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
        let listed = ListedTimes::of(&version.ffmpeg, &path);
        let given = pictures(&version.ffmpeg, &path, &TIMES_MS);
        let alone = pictures(&version.ffmpeg, &path, &[TIMES_MS[number % TIMES_MS.len()]]);
        let spoilt = Spoilt {
            plain,
            by_order,
            later_us: listed.begins_later_us(&version.listed),
            listed,
        };
        let mut wrong = Vec::new();
        // A file may be refused; the other mutations ask how.
        if given.is_none() {
            count(&tally.refused);
        }
        for picture in given.iter().flatten() {
            wrong.extend(version.judge(picture, &spoilt, tally));
        }
        let among = given.as_deref().unwrap_or_default();
        wrong.extend(
            alone
                .iter()
                .flatten()
                .find_map(|alone| differs(alone, among)),
        );
        if let Some(kept) = std::env::var_os("MUTATIONS_KEPT").filter(|_| !wrong.is_empty()) {
            let name = format!("{}-{number:04}{}", self.name, self.extension);
            fs::copy(&path, Path::new(&kept).join(name)).unwrap();
        }
        fs::remove_file(&path).unwrap();
        let front = format!(
            "{} damage {number}, ffmpeg {}",
            self.name, version.ffmpeg.version
        );
        let wrong = wrong.into_iter().map(|what| format!("{front}: {what}"));
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() {
            count(&tally.right);
        } else if is_known(&self.name, number) {
            count(&tally.known);
            eprintln!("known: {}", wrong.join("; "));
            return Vec::new();
        }
        wrong
    }
}

/// What is known of a broken file.
struct Spoilt {
    plain: Decoded,
    /// Of a version whose lines are in order.
    by_order: Decoded,
    /// Where its container lost the packets that it began with: its zero.
    later_us: i64,
    listed: ListedTimes,
}

impl Version {
    fn judge(&self, picture: &Picture, spoilt: &Spoilt, tally: &Tally) -> Option<String> {
        count(&tally.pictures);
        let Spoilt {
            plain, by_order, ..
        } = spoilt;
        let at_us = picture.at_us as i64;
        let zero_us = self.source.frames.first()?.at_us + spoilt.later_us;
        let source = self.source.at(zero_us, at_us)?;
        let wholes = self.pictures.iter();
        let whole = wholes.min_by_key(|whole| whole.at_us.abs_diff(picture.at_us))?;
        let (ours, best) = (picture.pixels.as_raw(), whole.pixels.as_raw());
        if ours.len() != best.len() {
            return None;
        }
        let quality = psnr_db(ours, &source.pixels);
        // Damage to a clock may have other frames, or several, shown at a time.
        let place = spoilt.listed.place_of(at_us);
        let is_timed = place.is_some_and(|place| spoilt.listed.are_of(&self.listed, place));
        if place.is_none() {
            count(&tally.uncompared);
        }
        if !is_timed {
            count(&tally.untimed);
        }
        if let Some(frame) = plain.at(zero_us, at_us).filter(|_| place.is_some()) {
            // The noise of the JPEG comes on top of that of the damage.
            let jpeg = self.jpeg_db(whole)?;
            let wanted = together_db(psnr_db(&frame.pixels, &source.pixels), jpeg) - WORSE_DB;
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
        let is_spoilt = is_suspect && is_timed && quality < SPOILT_DB;
        if is_spoilt && !picture.is_damaged {
            return Some(format!(
                "{at_us} us: spoilt to {quality:.1} dB and not marked"
            ));
        }
        let doubts = |frame: &DecodedFrame| frame.is_doubted;
        let both = [judged, plain.at(zero_us, at_us)];
        // What plain decoding never gives is damaged, whatever it says.
        let is_doubted = both.iter().flatten().any(|frame| doubts(frame));
        let is_whole = quality >= SPOILT_DB;
        if picture.is_damaged && both[0].is_some() && !is_doubted && is_whole {
            return Some(format!(
                "{at_us} us: marked, though nothing is said of it or of what it needs"
            ));
        }
        None
    }
}

impl Version {
    fn jpeg_db(&self, whole: &Picture) -> Option<f64> {
        let zero_us = self.source.frames.first()?.at_us;
        let source = self.source.at(zero_us, whole.at_us as i64)?;
        Some(psnr_db(whole.pixels.as_raw(), &source.pixels))
    }
}

/// What is otherwise of a picture that was asked for alone than of the same one among others.
fn differs(alone: &Picture, others: &[Picture]) -> Option<String> {
    let at_us = alone.at_us;
    let Some(among) = others.iter().find(|other| other.at_us == at_us) else {
        return Some(format!("{at_us} us: it is there only when asked for alone"));
    };
    if among.is_damaged != alone.is_damaged {
        let is = alone.is_damaged;
        return Some(format!(
            "{at_us} us: marked alone: {is}, among others not so"
        ));
    }
    (among.pixels != alone.pixels).then(|| format!("{at_us} us: other pixels when asked for alone"))
}

fn pictures(ffmpeg: &Ffmpeg, path: &Path, times_ms: &[u64]) -> Option<Vec<Picture>> {
    match job::at(ffmpeg, path, times_ms) {
        Ending::Pictures(pictures) => Some(pictures),
        _ => None,
    }
}
