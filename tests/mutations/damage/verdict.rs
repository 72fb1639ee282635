//! One broken file.

use super::compare::{psnr_db, together_db};
use super::decoded::{Decoded, DecodedFrame, is_silent, pixels_alone};
use super::listed::{ListedPackets, References};
use super::spoil::spoilt;
use super::tally::{Tally, count};
use crate::clips::Clip;
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What another scaler may add.
const WORSE_DB: f64 = 1.0;
/// Above it, two pictures are the same but for the noise of a JPEG.
const SAME_DB: f64 = 25.0;
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
    references: References,
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
            source: Decoded::of(ffmpeg, &path),
            references: References::new(
                ListedPackets::of(ffmpeg, &path),
                &Decoded::referenced(ffmpeg, &path),
            ),
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
        let plain = Decoded::of(&version.ffmpeg, &path);
        let by_order = match version.ffmpeg.version.queues_output() {
            // The newer one decodes alike, but its lines are in no order.
            true => Decoded::of(&self.versions[0].ffmpeg, &path),
            false => Decoded::of(&version.ffmpeg, &path),
        };
        let listed = ListedPackets::of(&version.ffmpeg, &path);
        let given = pictures(&version.ffmpeg, &path, &TIMES_MS);
        let alone = pictures(&version.ffmpeg, &path, &[TIMES_MS[number % TIMES_MS.len()]]);
        let source_us = version.source.frames.first().map_or(0, |first| first.at_us);
        let spoilt = Spoilt {
            plain,
            by_order,
            zero_us: source_us + listed.begins_later_us(version.references.packets()),
            listed,
            path: path.clone(),
        };
        let mut faults = Vec::new();
        // A file may be refused; the other mutations ask how.
        if given.is_none() {
            count(&tally.refused);
        }
        for picture in given.iter().flatten() {
            faults.extend(version.judge(picture, &spoilt, tally));
        }
        let among = given.as_deref().unwrap_or_default();
        faults.extend(
            alone
                .iter()
                .flatten()
                .find_map(|alone| differs(alone, among)),
        );
        let wrong = self.lasting(faults, &spoilt, version, tally);
        if let Some(kept) = std::env::var_os("MUTATIONS_KEPT").filter(|_| !wrong.is_empty()) {
            let name = format!("{}-{number:04}{}", self.name, self.extension);
            fs::copy(&path, Path::new(&kept).join(name)).unwrap();
        }
        fs::remove_file(&path).unwrap();
        let front = format!(
            "{} damage {number}, ffmpeg {}",
            self.name, version.ffmpeg.version
        );
        let wrong = wrong.iter().map(|what| format!("{front}: {what}"));
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() {
            count(&tally.right);
        }
        wrong
    }
}

impl Judge {
    /// Of `faults` those that are none of ffmpeg's own: some of its decoders show what their memory held
    /// before where data is broken, and other pixels each time.
    fn lasting(
        &self,
        mut faults: Vec<Fault>,
        spoilt: &Spoilt,
        version: &Version,
        tally: &Tally,
    ) -> Vec<String> {
        let (ffmpeg, path) = (&version.ffmpeg, &spoilt.path);
        if faults.iter().any(|fault| fault.is_of_pixels) {
            let first = &self.versions[0].ffmpeg;
            let again = [
                (&spoilt.plain, Decoded::of(ffmpeg, path)),
                (&spoilt.plain, Decoded::in_used_memory(ffmpeg, path)),
                (&spoilt.by_order, Decoded::in_used_memory(first, path)),
            ];
            faults.retain(|fault| {
                let pixels = |decoded: &Decoded| {
                    let frame = decoded.at(spoilt.zero_us, fault.at_us);
                    frame.map(|frame| frame.pixels.clone())
                };
                let is_steady = again
                    .iter()
                    .all(|(once, again)| pixels(once) == pixels(again))
                    && version.shows_leftovers(spoilt, fault.at_us) != Some(true);
                let is_lasting = is_steady || !fault.is_of_pixels;
                (!is_lasting).then(|| count(&tally.unsteady));
                is_lasting
            });
        }
        faults.into_iter().map(|fault| fault.what).collect()
    }
}

/// What is wrong with a picture.
struct Fault {
    at_us: i64,
    what: String,
    /// Only what it shows.
    is_of_pixels: bool,
}

impl Fault {
    fn new(at_us: i64, what: &str, is_of_pixels: bool) -> Self {
        let what = format!("{at_us} us: {what}");
        Self {
            at_us,
            what,
            is_of_pixels,
        }
    }
}

/// What is known of a broken file.
struct Spoilt {
    plain: Decoded,
    /// Of a version whose lines are in order.
    by_order: Decoded,
    /// When its first frame is shown: its container may have lost the packets that it began with.
    zero_us: i64,
    listed: ListedPackets,
    path: PathBuf,
}

impl Version {
    fn judge(&self, picture: &Picture, spoilt: &Spoilt, tally: &Tally) -> Option<Fault> {
        count(&tally.pictures);
        let Spoilt {
            plain, by_order, ..
        } = spoilt;
        let at_us = picture.at_us as i64;
        let zero_us = spoilt.zero_us;
        // Damage to a clock may have other frames, or several, shown at a time.
        let whole_packets = self.references.packets();
        let place = spoilt.listed.place_of(at_us);
        let own_us = place.and_then(|place| spoilt.listed.time_in(whole_packets, place));
        let source = match own_us {
            Some(own_us) => self.source.at(0, own_us)?,
            None => self.source.at(zero_us, at_us)?,
        };
        let wholes = self.pictures.iter();
        let whole = wholes.min_by_key(|whole| whole.at_us.abs_diff(picture.at_us))?;
        let (ours, best) = (picture.pixels.as_raw(), whole.pixels.as_raw());
        if ours.len() != best.len() {
            return None;
        }
        let quality = psnr_db(ours, &source.pixels);
        // Some containers leave times out.
        let is_timed = spoilt.listed.are_of(whole_packets, place);
        let is_comparable = is_timed || place.is_some();
        if !is_comparable {
            count(&tally.uncompared);
        }
        if !is_timed {
            count(&tally.untimed);
        }
        if let Some(frame) = plain.at(zero_us, at_us).filter(|_| is_comparable) {
            // The noise of the JPEG comes on top of that of the damage.
            let jpeg = self.jpeg_db(whole)?;
            let wanted = together_db(psnr_db(&frame.pixels, &source.pixels), jpeg) - WORSE_DB;
            // Where times are damaged, the source may show something else at this one: noise is as near
            // to it as a picture is.
            let is_same = !is_timed && psnr_db(ours, &frame.pixels) >= SAME_DB;
            if quality < wanted && !is_same {
                let what = format!("{quality:.1} dB, not {wanted:.1}");
                return Some(Fault::new(at_us, &what, true));
            }
        }
        let judged = by_order.at(zero_us, at_us);
        let is_corrupt = judged.is_some_and(|frame| frame.is_corrupt);
        if is_corrupt && !picture.is_damaged {
            let what = "ffmpeg calls it corrupt, and it is not marked";
            return Some(Fault::new(at_us, what, false));
        }
        let timed_place = place.filter(|_| is_timed);
        let ancestors = timed_place.map(|place| self.references.ancestors(place));
        // Broken data that decodes to something else says nothing.
        let is_suspect = judged.is_some_and(|frame| frame.is_suspect);
        let is_spoilt = is_suspect && is_timed && quality < SPOILT_DB;
        let is_unmarked = is_spoilt && !picture.is_damaged;
        let tells_damage =
            |ancestors: &Vec<usize>| is_silent(&self.ffmpeg, &spoilt.path, ancestors) != Some(true);
        if is_unmarked && ancestors.as_ref().is_none_or(tells_damage) {
            let what = format!("spoilt to {quality:.1} dB and not marked");
            return Some(Fault::new(at_us, &what, false));
        }
        let is_whole = |ancestors: &Vec<usize>| {
            let listed = &spoilt.listed;
            listed.are_coded_as_in(whole_packets, ancestors)
        };
        if picture.is_damaged && ancestors.as_ref().is_some_and(is_whole) {
            let what = "marked, though all that it needs is as it was";
            return Some(Fault::new(at_us, what, false));
        }
        let doubts = |frame: &DecodedFrame| frame.is_doubted;
        let both = [judged, plain.at(zero_us, at_us)];
        // What plain decoding never gives is damaged, whatever it says.
        let is_doubted = both.iter().flatten().any(|frame| doubts(frame));
        let is_whole = quality >= SPOILT_DB;
        if picture.is_damaged && both[0].is_some() && !is_doubted && is_whole {
            let what = "marked, though nothing is said of it or of what it needs";
            return Some(Fault::new(at_us, what, false));
        }
        None
    }
}

impl Version {
    /// Whether pixels of the keyframe that the picture is decoded from are none of its own: it needs no
    /// other frame, so that it can only be another one after others where parts of it are not decoded
    /// and show what the decoder's memory held before.
    fn shows_leftovers(&self, spoilt: &Spoilt, at_us: i64) -> Option<bool> {
        let listed = &spoilt.listed;
        let place = listed
            .place_of(at_us)
            .filter(|_| listed.has_all(self.references.packets()));
        let key = self.references.key_of(place?);
        let among = spoilt.plain.at(spoilt.zero_us, listed.shown_us(key)?)?;
        Some(among.pixels != pixels_alone(&self.ffmpeg, &spoilt.path, key)?)
    }

    fn jpeg_db(&self, whole: &Picture) -> Option<f64> {
        let zero_us = self.source.frames.first()?.at_us;
        let source = self.source.at(zero_us, whole.at_us as i64)?;
        Some(psnr_db(whole.pixels.as_raw(), &source.pixels))
    }
}

/// What is otherwise of a picture that was asked for alone than of the same one among others.
fn differs(alone: &Picture, others: &[Picture]) -> Option<Fault> {
    let at_us = alone.at_us as i64;
    let mut others = others.iter();
    let Some(among) = others.find(|other| other.at_us == alone.at_us) else {
        let what = "it is there only when asked for alone";
        return Some(Fault::new(at_us, what, false));
    };
    if among.is_damaged != alone.is_damaged {
        let is = alone.is_damaged;
        let what = format!("marked alone: {is}, among others not so");
        return Some(Fault::new(at_us, &what, false));
    }
    let is_other = among.pixels != alone.pixels;
    is_other.then(|| Fault::new(at_us, "other pixels when asked for alone", true))
}

fn pictures(ffmpeg: &Ffmpeg, path: &Path, times_ms: &[u64]) -> Option<Vec<Picture>> {
    match job::at(ffmpeg, path, times_ms) {
        Ending::Pictures(pictures) => Some(pictures),
        _ => None,
    }
}
