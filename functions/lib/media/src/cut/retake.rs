//! Pictures before which the decoder complained, taken again.
//!
//! Which frame a complaint is about, nobody knows: since version 7 the decoder runs ahead of what
//! tells of frames. So each picture is made once more from nothing but the samples that it needs:
//! what is said then is said of it. One that is clean then is as good as any, and the same
//! whatever else was asked. A decoder fills the holes of one that is not with what it decoded
//! before; so that one is made once more after much of what comes before it in the video, as
//! whoever decodes all of it would see it, and says that it is damaged.

use super::CutContext;
use super::share::{DecodeMode, Share};
use crate::MediaError;
use crate::frame_format::{PictureFilter, RawPicture};
use crate::picture::SinkClosed;
use crate::suspects::Suspects;
use decoder::PIXELS_BEFORE;
use plan::SampleGroup;
use plan::cut::{by_own_start, cut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the first sample of a group is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupStart {
    Good,
    /// So are its pictures, but they come in another order than that of their times.
    Displaced,
    /// It does not say that decoding can begin with it. Either it is damaged, or the container
    /// tells a lie.
    Broken,
}

impl GroupStart {
    /// Of a picture made alone and the same made after more.
    fn better(
        self,
        own: Option<RawPicture>,
        after_more: Option<RawPicture>,
    ) -> Result<Option<RawPicture>, MediaError> {
        let is_clean = |picture: &Option<RawPicture>| {
            let picture = picture.as_ref();
            picture.is_some_and(|picture| !picture.damaged)
        };
        if is_clean(&own) {
            return Ok(own);
        }
        // What begins elsewhere than the container says, and well, is not damaged.
        if self == Self::Broken && is_clean(&after_more) {
            return Err(MediaError::IndexMismatch);
        }
        Ok(after_more.or(own))
    }
}

/// Retakes for one share.
pub(super) struct Retake<'a> {
    context: &'a CutContext<'a>,
    /// The one to begin with.
    filter: &'a Arc<PictureFilter>,
    stopped: &'a AtomicBool,
}

impl<'a> Retake<'a> {
    pub(super) fn new(
        context: &'a CutContext<'a>,
        filter: &'a Arc<PictureFilter>,
        stopped: &'a AtomicBool,
    ) -> Self {
        Self {
            context,
            filter,
            stopped,
        }
    }

    /// Delivers the pictures of `group`, none for one that never comes. `suspect` is what the decoder
    /// made of the first.
    pub(super) fn group(
        &self,
        group: &SampleGroup,
        start: GroupStart,
        mut suspect: Option<RawPicture>,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        for (nth, &target) in group.targets.iter().enumerate() {
            let alone = match start {
                // It has to come: of what does not, the index tells a lie.
                GroupStart::Displaced => self.strictly_alone(target),
                GroupStart::Good | GroupStart::Broken => self.alone(target),
            };
            match alone? {
                Some(clean) if !clean.damaged => {
                    deliver(Some(clean)).map_err(|SinkClosed| MediaError::Stopped)?;
                    suspect = None;
                }
                damaged => {
                    // What came among others depends on them.
                    let is_over = !self.context.retakes.is_left(self.context.limits);
                    let last = damaged.or(suspect.filter(|_| is_over));
                    let rest = SampleGroup {
                        targets: group.targets[nth..].to_vec(),
                        ..group.clone()
                    };
                    return self.after_more(&rest, start, last, deliver);
                }
            }
        }
        Ok(())
    }

    /// The picture of `target`, made of what it needs and nothing else. None where it does not
    /// come, or the processor time for it is used up.
    pub(super) fn alone(&self, target: usize) -> Result<Option<RawPicture>, MediaError> {
        let (made, decoded) = self.made_alone(target);
        lenient(decoded)?;
        Ok(made)
    }

    /// The same; none where the decoder complains and does not give it.
    fn strictly_alone(&self, target: usize) -> Result<Option<RawPicture>, MediaError> {
        let (made, decoded) = self.made_alone(target);
        decoded.map(|()| made)
    }

    fn made_alone(&self, target: usize) -> (Option<RawPicture>, Result<(), MediaError>) {
        let groups = cut(&self.context.track.samples, &[target]).unwrap_or_default();
        self.made(groups, false)
    }

    /// The one picture of `groups`, if it comes.
    fn made(
        &self,
        groups: Vec<SampleGroup>,
        is_plain: bool,
    ) -> (Option<RawPicture>, Result<(), MediaError>) {
        let mut made = None;
        let decoded = self.decode(groups, is_plain, &mut |picture| {
            made = picture;
            Ok(())
        });
        (made, decoded)
    }

    /// Delivers the pictures of `group`, decoded after what comes before them. `first` is what is
    /// known of the first: it may come in no other way.
    fn after_more(
        &self,
        group: &SampleGroup,
        start: GroupStart,
        first: Option<RawPicture>,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        let mut known = Some(first);
        let mut own = |target| known.take().map_or_else(|| self.alone(target), Ok);
        // What comes before a picture is the same then as where it is asked for alone.
        for group in by_own_start(&self.context.track.samples, group) {
            self.together(&group, start, &mut own, deliver)?;
        }
        Ok(())
    }

    /// The same of pictures for which decoding begins with the same sample. `own` makes one of what it
    /// needs.
    fn together(
        &self,
        group: &SampleGroup,
        start: GroupStart,
        own: &mut dyn FnMut(usize) -> Result<Option<RawPicture>, MediaError>,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        let targets = &group.targets;
        let mut given = 0;
        let mut failed = None;
        let mut sink = |picture: Option<RawPicture>| {
            let target = targets[given];
            let chosen =
                own(target).and_then(|own| self.chosen(group, target, start, own, picture));
            given += 1;
            deliver(chosen.map_err(|error| {
                failed = Some(error);
                SinkClosed
            })?)
        };
        let widened = self.widened(group)?;
        let decoded = self.decode(vec![widened], true, &mut sink);
        if let Some(error) = failed {
            return Err(error);
        }
        if start == GroupStart::Broken && given == 0 {
            decoded?;
        } else {
            lenient(decoded)?;
        }
        for &target in &targets[given..] {
            let chosen = self.chosen(group, target, start, own(target)?, None)?;
            deliver(chosen).map_err(|SinkClosed| MediaError::Stopped)?;
        }
        Ok(())
    }

    /// The better picture of `target`: its own, or that which was made after more.
    fn chosen(
        &self,
        group: &SampleGroup,
        target: usize,
        start: GroupStart,
        own: Option<RawPicture>,
        after_more: Option<RawPicture>,
    ) -> Result<Option<RawPicture>, MediaError> {
        let is_damaged = own.as_ref().is_none_or(|own| own.damaged);
        // A decoder may give the pictures in another order than that of their times: the only one that is
        // to come is found wherever it comes.
        let is_late = is_damaged && after_more.is_none() && group.targets.len() > 1;
        match is_late && self.context.retakes.is_left(self.context.limits) {
            true => start.better(own, self.only_after_more(group, target)?),
            false => start.better(own, after_more),
        }
    }

    fn only_after_more(
        &self,
        group: &SampleGroup,
        target: usize,
    ) -> Result<Option<RawPicture>, MediaError> {
        let only = SampleGroup {
            targets: vec![target],
            ..group.clone()
        };
        let (made, decoded) = self.made(vec![self.widened(&only)?], true);
        lenient(decoded)?;
        Ok(made)
    }

    fn widened(&self, group: &SampleGroup) -> Result<SampleGroup, MediaError> {
        Ok(SampleGroup {
            first: self.earlier(group.first)?,
            last: group.targets.iter().copied().fold(group.first, usize::max),
            targets: group.targets.clone(),
        })
    }

    fn decode(
        &self,
        groups: Vec<SampleGroup>,
        is_plain: bool,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        let mode = DecodeMode {
            suspects: Suspects::Deliver,
            is_plain,
        };
        let mut share = Share::new(self.context, groups, mode, self.stopped);
        share.filter = Arc::clone(self.filter);
        share.decode(deliver)?;
        Ok(())
    }

    /// Where decoding begins for a picture whose own begins at `first`: the start of the video if
    /// that is near, else a sync sample as far back as the pixels go.
    ///
    /// Of a track of which only parts are known, which parts depends on what else is asked for: all
    /// have to be known then.
    fn earlier(&self, first: usize) -> Result<usize, MediaError> {
        let track = self.context.track;
        let frames = usize::try_from(PIXELS_BEFORE / track.coded.pixels().max(1));
        let lowest = first.saturating_sub(frames.unwrap_or(usize::MAX));
        let is_sync = |&sample: &usize| track.samples[sample].sync;
        let near = || (0..lowest).rfind(is_sync);
        let from = (lowest..first).find(is_sync).map(|_| lowest).or_else(near);
        if track.lacks_samples(from.unwrap_or(first), first) {
            self.context.lacks_samples.store(true, Ordering::Relaxed);
            return Err(MediaError::IndexMismatch);
        }
        let mut syncs = (lowest..first).filter(is_sync);
        let far = syncs.find(|&sample| !track.has_gap(sample, first));
        let near = || near().filter(|&sample| !track.has_gap(sample, first));
        Ok(far.or_else(near).unwrap_or(first))
    }
}

/// A picture that does not come, or not in time, is no reason to fail: others may.
fn lenient(decoded: Result<(), MediaError>) -> Result<(), MediaError> {
    match decoded {
        Err(MediaError::IndexMismatch | MediaError::Exceeded(_)) => Ok(()),
        other => other,
    }
}
