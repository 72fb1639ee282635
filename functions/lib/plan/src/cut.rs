//! The cut: which coded samples the wanted pictures need, and no others.
//!
//! A container says where decoding can start (sync samples, ISO/IEC 14496-12, 8.6.2) and when
//! each picture is shown; what references what, only the coded pictures know. So the cut keeps
//! to what every codec promises: a picture shown at or after a sync sample that comes before it
//! in decoding order needs nothing from before that sync sample. A picture shown earlier than
//! the sync sample it follows is a *leading picture* (ITU-T H.265, 3.73; an open group of
//! pictures) and may need pictures since the sync sample before.
//!
//! Purely arithmetic, and near linear in samples and targets, whatever a file says.

mod error;
mod keys;
mod shares;
mod shown;
mod spans;
mod starts;
#[cfg(test)]
mod tests;

pub use error::CutPlanError;
pub use keys::some_keys;
pub use shares::distribute;
pub use shown::shown_samples;

use crate::CodedSample;
use std::iter::Peekable;
use std::vec;

/// Samples to be decoded one after the other, from a sync sample to the last target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleGroup {
    /// The sync sample: index into the track's samples.
    pub first: usize,
    /// The last target in decoding order; nothing after it is needed.
    pub last: usize,
    /// Indices of the samples whose pictures are wanted, in order of presentation.
    pub targets: Vec<usize>,
}

impl SampleGroup {
    /// Tells, sample by sample, what is to be decoded.
    #[must_use]
    pub fn reference_filter(&self) -> ReferenceFilter {
        let mut targets = self.targets.clone();
        targets.sort_unstable();
        ReferenceFilter {
            first: self.first,
            targets: targets.into_iter().peekable(),
        }
    }
}

/// Keeps of a group what is wanted for itself or by others.
#[derive(Debug, Clone)]
pub struct ReferenceFilter {
    first: usize,
    targets: Peekable<vec::IntoIter<usize>>,
}

impl ReferenceFilter {
    /// Whether `sample` (index into the track's samples) is to be decoded. To be asked for each
    /// sample of the group in decoding order. The first is always kept, since decoding starts
    /// there, and so are targets.
    ///
    /// `is_reference` tells whether another sample may refer to this one; where that is unknown,
    /// it does. Known from the coded bytes are: H.264, `nal_ref_idc == 0` (ITU-T H.264, 7.4.1);
    /// HEVC, sub-layer non-reference pictures of the highest temporal sub-layer (ITU-T H.265,
    /// table 7-1). It is asked for no sample that is kept anyway.
    pub fn keeps(&mut self, sample: usize, is_reference: impl FnOnce() -> bool) -> bool {
        let is_wanted = self.targets.next_if_eq(&sample).is_some();
        is_wanted || sample == self.first || is_reference()
    }
}

/// Leaves what is behind the first so many pictures, which come in the order of groups and targets.
pub fn drop_taken(groups: &mut Vec<SampleGroup>, mut pictures: usize) {
    let is_whole = |group: &&SampleGroup| {
        let is_whole = pictures >= group.targets.len();
        pictures -= if is_whole { group.targets.len() } else { 0 };
        is_whole
    };
    let whole = groups.iter().take_while(is_whole).count();
    groups.drain(..whole);
    if let Some(group) = groups.first_mut() {
        group.targets.drain(..pictures);
    }
}

/// Joins groups with at most `most_between` samples between them, which are then decoded too:
/// for decoders that cannot start anew at a group, where so much decoding costs less than
/// another decoder. No group grows past `most_samples`.
#[must_use]
pub fn bridged(
    groups: Vec<SampleGroup>,
    most_between: usize,
    most_samples: usize,
) -> Vec<SampleGroup> {
    let mut joined: Vec<SampleGroup> = Vec::with_capacity(groups.len());
    for group in groups {
        match joined.last_mut() {
            Some(last)
                if group.first - last.last - 1 <= most_between
                    && group.last - last.first < most_samples =>
            {
                last.last = group.last;
                last.targets.extend(group.targets);
            }
            _ => joined.push(group),
        }
    }
    joined
}

/// Cuts `targets` (indices into `samples`, which are in decoding order) out of a track. Targets
/// may come in any order; one that is given twice counts once.
///
/// A target's group starts at the last sync sample at or before it, in decoding order, that is
/// shown no later than the target, and ends with the target. Groups that share samples are one
/// group. What comes back is in decoding order, nothing is in two groups, and the presentation
/// times of all targets, group after group, don't fall; those of one time come in decoding order.
///
/// # Errors
/// See [`CutPlanError`]. Tracks that keep to the rules of H.264, H.265 and of codecs without reordering
/// give none, but for leading pictures of the track's first sync sample.
pub fn cut(samples: &[CodedSample], targets: &[usize]) -> Result<Vec<SampleGroup>, CutPlanError> {
    let mut targets = targets.to_vec();
    targets.sort_unstable();
    targets.dedup();
    let starts = starts::starts(samples, &targets)?;
    let groups: Vec<SampleGroup> = spans::spans(&targets, &starts)
        .into_iter()
        .map(|span| group(samples, span.first, &targets[span.targets]))
        .collect();
    let in_order = groups
        .iter()
        .flat_map(|group| &group.targets)
        .is_sorted_by_key(|&target| samples[target].pts);
    in_order.then_some(groups).ok_or(CutPlanError::OutOfOrder)
}

/// The targets of `group` by the sample that the group of each begins with where it is the only target.
#[must_use]
pub fn by_own_start(samples: &[CodedSample], group: &SampleGroup) -> Vec<SampleGroup> {
    let start = |&target: &usize| {
        let own = starts::starts(samples, &[target]);
        own.map_or(group.first, |starts| starts[0])
    };
    let mut parts: Vec<SampleGroup> = Vec::new();
    for target in &group.targets {
        let first = start(target);
        match parts.last_mut().filter(|part| part.first == first) {
            Some(part) => {
                part.last = part.last.max(*target);
                part.targets.push(*target);
            }
            None => parts.push(SampleGroup {
                first,
                last: *target,
                targets: vec![*target],
            }),
        }
    }
    parts
}

/// `targets` in decoding order; not empty.
fn group(samples: &[CodedSample], first: usize, targets: &[usize]) -> SampleGroup {
    let mut shown = targets.to_vec();
    shown.sort_by_key(|&target| samples[target].pts);
    SampleGroup {
        first,
        last: targets.last().copied().unwrap_or(first),
        targets: shown,
    }
}
