//! What was to come, what ffmpeg says that it shows, and the pixels, brought together.

use super::CutContext;
use super::expected::ExpectedPicture;
use crate::MediaError;
use crate::frame_format::{FrameFormat, PictureFilter, RawPicture};
use crate::picture::SinkClosed;
use crate::suspects::{EarlyEnd, Suspects};
use container::SilentDamage;
use decoder::SeenFrame;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// What the readers of the two outputs find. When both are at their ends, the channel closes.
#[derive(Debug)]
pub(super) enum DecoderEvent {
    Pixels(Vec<u8>),
    /// A frame that is let through.
    Marked(SeenFrame),
    /// The decoder has ended, and complained.
    Complained,
}

/// Brings together what was to come, what ffmpeg says that it shows, and the pixels. Each comes
/// in order, but at its own pace.
pub(super) struct PicturePairing<'a> {
    context: &'a CutContext<'a>,
    /// Of the process.
    filter: Arc<PictureFilter>,
    suspects: Suspects,
    expected: Receiver<ExpectedPicture>,
    silent: &'a SilentDamage,
    marked: VecDeque<SeenFrame>,
    pixels: VecDeque<Vec<u8>>,
    complained: bool,
}

impl<'a> PicturePairing<'a> {
    pub(super) fn new(
        context: &'a CutContext<'a>,
        filter: &Arc<PictureFilter>,
        suspects: Suspects,
        expected: Receiver<ExpectedPicture>,
        silent: &'a SilentDamage,
    ) -> Self {
        Self {
            context,
            filter: Arc::clone(filter),
            suspects,
            expected,
            silent,
            marked: VecDeque::new(),
            pixels: VecDeque::new(),
            complained: false,
        }
    }

    pub(super) fn take(&mut self, event: DecoderEvent) {
        match event {
            DecoderEvent::Pixels(pixels) => self.pixels.push_back(pixels),
            DecoderEvent::Marked(frame) => self.marked.push_back(frame),
            DecoderEvent::Complained => self.complained = true,
        }
    }

    /// Delivers what is complete.
    pub(super) fn settle(
        &mut self,
        deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
    ) -> Result<Option<EarlyEnd>, MediaError> {
        while let Some(&frame) = self.marked.front()
            && !self.pixels.is_empty()
        {
            let (filter, damaged) = match self.judge(&frame)? {
                Judged::Good(filter, damaged) => (filter, damaged),
                Judged::Lost => {
                    deliver(None).map_err(|SinkClosed| MediaError::Stopped)?;
                    continue;
                }
                Judged::End(end) => return Ok(Some(end)),
            };
            self.marked.pop_front();
            let picture = RawPicture {
                pixels: self.pixels.pop_front().unwrap_or_default(),
                filter,
                damaged,
            };
            if picture.damaged && self.suspects == Suspects::End {
                return Ok(Some(EarlyEnd::Suspect(Some(picture))));
            }
            deliver(Some(picture)).map_err(|SinkClosed| MediaError::Stopped)?;
        }
        Ok(None)
    }

    fn judge(&self, frame: &SeenFrame) -> Result<Judged, MediaError> {
        let expected = self.expected.try_recv().ok();
        let pts = frame.info.pts.and_then(|pts| u64::try_from(pts).ok());
        let is_it = expected.is_some_and(|expected| pts == Some(expected.pts));
        let samples = expected.map(|expected| expected.samples());
        let is_silent = samples
            .as_ref()
            .is_some_and(|all| self.silent.reaches_last(all));
        let follows_damage = samples
            .as_ref()
            .is_some_and(|all| self.silent.is_among(all));
        // Where what is kept is known, so is what a loss makes of it.
        let is_known = frame.lacks_given_up_alone && self.silent.is_all_told();
        let suspect = frame.suspect && !is_known || is_silent;
        if !is_it && (suspect || follows_damage) {
            match self.suspects {
                Suspects::End => return Ok(Judged::End(EarlyEnd::Suspect(None))),
                Suspects::Deliver if expected.is_some_and(|lost| Some(lost.pts) < pts) => {
                    return Ok(Judged::Lost);
                }
                Suspects::Deliver => {}
            }
        }
        let is_another = |later: ExpectedPicture| pts == Some(later.pts);
        let may_be_displaced = self.suspects == Suspects::End && self.context.tells_order();
        if !is_it && may_be_displaced && self.expected.try_iter().any(is_another) {
            return Ok(Judged::End(EarlyEnd::Displaced));
        }
        let mut info = frame.info;
        info.sar = expected.and_then(|e| e.aspect).unwrap_or(info.sar);
        let traits = expected.map_or(self.context.traits, |e| self.context.traits_of(e.sample));
        let format = FrameFormat::new(&info, frame.colour, &traits);
        let assumed = self.context.assumed;
        let as_assumed = assumed.is_none_or(|assumed| assumed.is_met(&format));
        if !is_it || !as_assumed || !frame.fits {
            tracing::debug!(?expected, ?frame, "another picture came");
            return Err(MediaError::IndexMismatch);
        }
        let filter = self.context.filters.of(&format)?;
        Ok(match filter.runs_as(&self.filter) {
            true => Judged::Good(filter, suspect),
            false => Judged::End(EarlyEnd::OtherFilter(filter)),
        })
    }

    /// How many were to come and did not. To be asked once, when the feeder has ended. Damage that a
    /// decoder hides counts as its complaint: it may leave out pictures without a word.
    pub(super) fn count_lost(&mut self) -> usize {
        let mut lost = 0;
        for expected in self.expected.try_iter() {
            lost += 1;
            self.complained |= self.silent.is_among(&expected.samples());
        }
        lost
    }

    pub(super) fn has_complained(&self) -> bool {
        self.complained
    }

    /// Whether what did not come may be damaged: it is then looked at by itself.
    pub(super) fn may_be_damaged(&self) -> bool {
        self.complained && self.suspects == Suspects::End
    }
}

enum Judged {
    /// And whether it may be damaged.
    Good(Arc<PictureFilter>, bool),
    /// What was to come does not: this is a later one.
    Lost,
    End(EarlyEnd),
}
