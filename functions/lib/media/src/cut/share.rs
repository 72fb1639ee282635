//! Groups of samples, decoded by as few processes as can do it.

use super::CutContext;
use super::attempt::{CutRun, attempt};
use super::feeder::SampleFeeder;
use super::slice::CutSlice;
use crate::MediaError;
use crate::frame_format::{PictureFilter, RawPicture};
use crate::picture::SinkClosed;
use crate::suspects::{EarlyEnd, Suspects};
use container::SamplePieces;
use plan::SampleGroup;
use plan::cut::drop_taken;
use source::{ByteRange, PrefetchLimits, Prefetcher};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How groups are decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct DecodeMode {
    pub(super) suspects: Suspects,
    /// As whoever decodes the whole video: also samples that nothing refers to and nobody wants,
    /// and from its start on even where nothing can begin there.
    pub(super) is_plain: bool,
}

/// What is left to be decoded, and how.
pub(super) struct Share<'a> {
    context: &'a CutContext<'a>,
    groups: Vec<SampleGroup>,
    /// What the next process begins with.
    pub(super) filter: Arc<PictureFilter>,
    pub(super) mode: DecodeMode,
    /// Nobody wants any more.
    stopped: &'a AtomicBool,
    /// What of it is to be done now; none: all of it.
    slice: Option<&'a CutSlice>,
}

/// What ends a share early.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShareBounds<'a> {
    pub(super) slice: &'a CutSlice,
    /// Nobody wants any more.
    pub(super) stopped: &'a AtomicBool,
}

/// How far decoding came.
#[derive(Debug)]
pub(super) enum DecodeEnd {
    /// All pictures are made.
    Done,
    /// The first that is left may be damaged. What the decoder made of it, if anything.
    Suspect(Option<RawPicture>),
    /// A later picture came in place of the first that is left.
    Displaced,
    /// Decoding can't begin where the first that is left begins.
    NoStart,
}

impl<'a> Share<'a> {
    pub(super) fn new(
        context: &'a CutContext<'a>,
        groups: Vec<SampleGroup>,
        mode: DecodeMode,
        stopped: &'a AtomicBool,
    ) -> Self {
        Self {
            context,
            groups,
            filter: Arc::clone(&context.first),
            mode,
            stopped,
            slice: None,
        }
    }

    /// The same, of which only what belongs to `slice` is done.
    pub(super) fn within(self, slice: &'a CutSlice) -> Self {
        Self {
            slice: Some(slice),
            ..self
        }
    }

    fn has_next(&self) -> bool {
        let may_begin = |group| self.slice.is_none_or(|slice| slice.may_begin(group));
        self.groups.first().is_some_and(may_begin)
    }

    /// Delivers pictures until all are made, or up to one that may be damaged; none for one that does
    /// not come.
    pub(super) fn decode(
        &mut self,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<DecodeEnd, MediaError> {
        let mut tried = false;
        while self.has_next() {
            let mut delivered = 0;
            let mut count = |picture| {
                delivered += 1;
                deliver(picture)
            };
            let end = self.run(&mut count)?;
            drop_taken(&mut self.groups, delivered);
            match end {
                None => {}
                Some(EarlyEnd::Suspect(picture)) => return Ok(DecodeEnd::Suspect(picture)),
                Some(EarlyEnd::Displaced) => return Ok(DecodeEnd::Displaced),
                Some(EarlyEnd::NoStart) => return Ok(DecodeEnd::NoStart),
                // A decoder that shows the same frame in another way each time is not asked again.
                Some(EarlyEnd::OtherFilter(_)) if tried && delivered == 0 => {
                    return Err(MediaError::IndexMismatch);
                }
                Some(EarlyEnd::OtherFilter(filter)) => self.filter = filter,
            }
            tried = delivered == 0;
        }
        Ok(DecodeEnd::Done)
    }

    /// By processes that all have the same filter.
    fn run(
        &self,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<Option<EarlyEnd>, MediaError> {
        let reading = AtomicBool::new(false);
        let mut feeder = SampleFeeder {
            context: self.context,
            groups: self.groups.iter().peekable(),
            pieces: self.pieces()?.peekable(),
            is_plain: self.mode.is_plain,
            stopped: self.stopped,
            reading: &reading,
            slice: self.slice,
        };
        let run = CutRun {
            filter: Arc::clone(&self.filter),
            suspects: self.mode.suspects,
            stopped: self.stopped,
            slice: self.slice,
        };
        while !feeder.is_done() {
            let end = attempt(self.context, &run, &mut feeder, deliver)?;
            if end.is_some() {
                return Ok(end);
            }
        }
        Ok(None)
    }

    fn pieces(&self) -> Result<SamplePieces<'_>, MediaError> {
        let context = self.context;
        let samples = self
            .groups
            .iter()
            .flat_map(|group| &context.track.samples[group.first..=group.last]);
        let limits = PrefetchLimits::of(
            &**context.source,
            context.limits.window_bytes,
            context.processes(),
        );
        let pieces = Prefetcher::start(
            Arc::clone(context.source),
            samples.map(ByteRange::from).collect(),
            limits,
        )?;
        Ok(SamplePieces {
            track: context.track,
            stored: pieces.until(context.limits.deadline.clone()),
        })
    }

    /// The next group, with those of its pictures that are left.
    pub(super) fn take_group(&mut self) -> Option<SampleGroup> {
        (!self.groups.is_empty()).then(|| self.groups.remove(0))
    }
}
