//! Damage of which decoders say nothing, looked for in all samples of a track: which pictures it may
//! reach.

use crate::lost_reference::ReferenceWatch;
use crate::{Codec, VideoTrack};
use bitstream::{LossWatch, ReachedSamples, hides_damage, is_referenced};
use plan::CodedSample;
use source::{RangeSource, ReadError};

/// Of each sample whether it holds such damage, or may refer to one that does, or to one that is
/// gone.
///
/// # Errors
/// The samples could not be read.
pub fn hidden_damage(source: &dyn RangeSource, track: &VideoTrack) -> Result<Vec<bool>, ReadError> {
    let mut watch = HiddenDamageWatch::new(track.codec, &track.entry, ReferenceWatch::of(track));
    let samples = &track.samples;
    let reached = samples.iter().enumerate().map(|(nth, sample)| {
        let mut bytes = vec![0; sample.size as usize];
        source.read_at(sample.offset, &mut bytes)?;
        Ok(watch.reaches(samples, nth, &track.unpacked(bytes)))
    });
    reached.collect()
}

/// Follows the samples of a track in decoding order.
struct HiddenDamageWatch {
    codec: Codec,
    losses: LossWatch,
    references: Option<ReferenceWatch>,
    /// It reaches what comes next, up to a keyframe.
    is_reached: bool,
    /// The last keyframe: when it is shown, and whether what comes before it is reached.
    key: (i64, bool),
}

impl HiddenDamageWatch {
    fn new(codec: Codec, entry: &[u8], references: Option<ReferenceWatch>) -> Self {
        Self {
            codec,
            losses: LossWatch::new(codec, entry),
            references,
            is_reached: false,
            key: (i64::MIN, false),
        }
    }

    fn reaches(&mut self, samples: &[CodedSample], nth: usize, bytes: &[u8]) -> bool {
        let sample = &samples[nth];
        if sample.sync {
            self.key = (sample.pts, self.is_reached);
            self.is_reached = false;
        }
        let reached = self.losses.take(samples, nth, bytes);
        let references = self.references.as_mut();
        let lacks_one = references.is_some_and(|watch| watch.lacks_one(sample.pts, bytes));
        let is_own =
            reached == ReachedSamples::Following || lacks_one || hides_damage(self.codec, bytes);
        // What follows a keyframe and is shown before it refers to what comes before it as well.
        let is_leading = sample.pts < self.key.0;
        let is_reached =
            is_own || reached == ReachedSamples::Own || self.is_reached || is_leading && self.key.1;
        if is_own && is_referenced(self.codec, 0, bytes) {
            match is_leading {
                true => self.key.1 = true,
                false => self.is_reached = true,
            }
        }
        is_reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index;
    use crate::test_support::{LIMITS, media};
    use source::FileSource;
    use std::path::Path;

    const INTRA: u8 = 0;
    const PREDICTED: u8 = 1;
    const BETWEEN: u8 = 2;

    /// Which of these pictures of MPEG-4 part 2 are reached: kind, time, and whether it holds zeros.
    fn reached(pictures: &[(u8, i64, bool)]) -> Vec<i64> {
        let mut watch = HiddenDamageWatch::new(Codec::Mpeg4, &[], None);
        let sample = |&(kind, pts, _): &(u8, i64, bool)| CodedSample {
            offset: 0,
            size: 0,
            pts,
            sync: kind == INTRA,
            shown: true,
            encrypted: false,
        };
        let samples: Vec<CodedSample> = pictures.iter().map(sample).collect();
        let reached = pictures.iter().enumerate();
        let reached = reached.filter(|&(nth, &(kind, _, is_zeroed))| {
            let zeros: &[u8] = if is_zeroed { &[0; 8] } else { &[] };
            let bytes = [&[0, 0, 1, 0xb6, kind << 6 | 5, 5][..], zeros, &[7]].concat();
            watch.reaches(&samples, nth, &bytes)
        });
        reached.map(|(_, &(_, pts, _))| pts).collect()
    }

    #[test]
    fn it_reaches_up_to_a_keyframe_and_what_leads_that() {
        let pictures = |damaged: i64| {
            let pictures = [
                (INTRA, 0),
                (PREDICTED, 2),
                (BETWEEN, 1),
                (PREDICTED, 4),
                (BETWEEN, 3),
                (INTRA, 6),
                (BETWEEN, 5),
                (PREDICTED, 7),
            ];
            pictures.map(|(kind, pts)| (kind, pts, pts == damaged))
        };
        assert!(reached(&pictures(9)).is_empty());
        assert_eq!(reached(&pictures(2)), [2, 1, 4, 3, 5]);
        assert_eq!(reached(&pictures(3)), [3], "none refers to it");
        assert_eq!(reached(&pictures(6)), [6, 5, 7]);
        assert_eq!(reached(&pictures(5)), [5]);
    }

    /// The samples of a file that hold such zeros, and how many it has; none of one that is not indexed.
    fn zeroed(path: &Path) -> Option<(Vec<usize>, usize)> {
        let source = FileSource::open(path).unwrap();
        let track = index(&source, LIMITS).ok()?;
        let is_hidden = |&at: &usize| {
            let sample = &track.samples[at];
            let mut bytes = vec![0; sample.size as usize];
            let is_read = source.read_at(sample.offset, &mut bytes).is_ok();
            is_read && !sample.encrypted && hides_damage(track.codec, &bytes)
        };
        let found = (0..track.samples.len()).filter(is_hidden).collect();
        Some((found, track.samples.len()))
    }

    #[test]
    #[cfg_attr(
        not(corpus),
        ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
    )]
    fn no_sample_of_a_clean_file_holds_such_zeros() {
        let mut files = 0;
        let mut samples = 0;
        for folder in ["real", "synthetic", "reported"] {
            for path in media(folder, &["mp4", "mov", "m4v", "3gp", "mkv", "webm"]) {
                if let Some((found, count)) = zeroed(&path) {
                    files += 1;
                    samples += count;
                    assert!(found.is_empty(), "{}: {found:?}", path.display());
                }
            }
        }
        assert!(files > 40 && samples > 10_000, "{samples} in {files}");
    }
}
