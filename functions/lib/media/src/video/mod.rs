//! One video: what it holds, and how its frames are reached.

mod cut;
mod listed;
mod local;
mod sparse;

pub(crate) use listed::Listed;

use crate::container::{self, IndexLimits, NoIndex, Outline};
use crate::most::Most;
use crate::process::{Account, Purse};
use crate::source::{Counted, FileSource, Patient, RangeSource, Tally};
use crate::stalls::Awaited;
use crate::{Budget, Ffmpeg, Limits, MediaError, Picture, Stop, Target};
use cut::Cut;
use local::Local;
use plan::{PathTaken, Size, Timeline};
use std::path::Path;
use std::sync::Arc;

/// An opened video. What it is read from must stay as it is while this is in use.
#[derive(Debug, Clone)]
pub struct Video {
    input: Input,
    way: Way,
    /// Why it is not cut.
    odd: Option<String>,
    /// Of a cut one, where not all frames are listed.
    outline: Option<Arc<Outline>>,
}

/// What is read, and what that has cost so far.
#[derive(Debug, Clone)]
struct Input {
    source: Arc<dyn RangeSource>,
    tally: Arc<Tally>,
    account: Account,
}

#[derive(Debug, Clone)]
enum Way {
    /// By our own index.
    Cut(Arc<Cut>),
    /// By ffmpeg's own demuxer, on a file.
    Listed(Box<Listed>),
}

impl Video {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// As [`Video::open_source`].
    pub fn open(ffmpeg: &Ffmpeg, path: &Path, limits: &Limits) -> Result<Self, MediaError> {
        Self::open_source(ffmpeg, Arc::new(FileSource::open(path)?), limits)
    }

    /// Reads the index and decodes the first picture. A container that is not ours to read, or
    /// an odd one, is read whole by ffmpeg's demuxer instead, and decoded whole where even that
    /// does not tell the truth.
    ///
    /// # Errors
    /// Anything but [`MediaError::IndexUntrue`] and [`MediaError::Stopped`].
    pub fn open_source(
        ffmpeg: &Ffmpeg,
        source: Arc<dyn RangeSource>,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let input = Input::new(source, limits)?;
        Self::open_whole(ffmpeg, input, limits)
    }

    /// As [`Video::open_source`], but where a container tells where in the file each time is,
    /// only as much of the index is read as tells the shape of the video and its duration. The
    /// timeline then lists the first and the last frames and no others until
    /// [`Video::focus`] is told which times matter.
    ///
    /// # Errors
    /// As [`Video::open_source`].
    pub fn open_sparse(
        ffmpeg: &Ffmpeg,
        source: Arc<dyn RangeSource>,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let input = Input::new(source, limits)?;
        match sparse::open(ffmpeg, &input.source, &input.purse(limits)) {
            Ok((cut, outline)) => Ok(Self {
                input,
                way: Way::Cut(Arc::new(cut)),
                odd: None,
                outline: Some(Arc::new(outline)),
            }),
            Err(NotCut::Odd(reason)) => {
                tracing::debug!(reason, "no outline");
                Self::open_whole(ffmpeg, input, limits)
            }
            // What is beyond the share of one reader may be within that of all.
            Err(NotCut::Over(budget)) => {
                tracing::debug!(?budget, "no outline");
                Self::open_whole(ffmpeg, input, limits)
            }
            Err(NotCut::Failed(error)) => Err(error),
        }
    }

    fn open_whole(ffmpeg: &Ffmpeg, input: Input, limits: &Limits) -> Result<Self, MediaError> {
        match open_cut(ffmpeg, &input.source, &input.purse(limits)) {
            Ok(cut) => Ok(Self {
                input,
                way: Way::Cut(Arc::new(cut)),
                odd: None,
                outline: None,
            }),
            Err(NotCut::Odd(reason)) => {
                tracing::debug!(reason, "no cut");
                Self::list(ffmpeg, input, reason, limits)
            }
            Err(NotCut::Over(budget)) => Err(MediaError::beyond(budget, limits)),
            Err(NotCut::Failed(error)) => Err(error),
        }
    }

    fn list(
        ffmpeg: &Ffmpeg,
        input: Input,
        odd: String,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let local = Local::of(&input.source, limits)?;
        let listed = Listed::open(ffmpeg, local, &input.purse(limits));
        let listed = unchanged(&*input.source, listed)?;
        Ok(Self {
            input,
            way: Way::Listed(Box::new(listed)),
            odd: Some(odd),
            outline: None,
        })
    }

    /// Every frame and when it is shown; of a video opened with [`Video::open_sparse`] perhaps
    /// only some.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        match &self.way {
            Way::Cut(cut) => &cut.timeline,
            Way::Listed(listed) => &listed.timeline,
        }
    }

    /// The size to show it at: rotation and sample aspect ratio applied.
    #[must_use]
    pub fn display(&self) -> Size {
        match &self.way {
            Way::Cut(cut) => cut.display,
            Way::Listed(listed) => listed.display,
        }
    }

    /// ffmpeg's name of the codec, such as `h264`.
    #[must_use]
    pub fn codec(&self) -> &str {
        match &self.way {
            Way::Cut(cut) => cut.codec(),
            Way::Listed(listed) => &listed.codec,
        }
    }

    /// Frames per second on average.
    #[must_use]
    pub fn frame_rate(&self) -> f64 {
        let outline = self.outline.as_ref();
        if let Some(rate) = outline.and_then(|outline| outline.frame_rate()) {
            return rate;
        }
        crate::index::timeline::frame_rate(self.timeline())
    }

    /// Size of the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.input.source.bytes()
    }

    /// What we ourselves have read of the source so far. What ffmpeg reads of a local file where
    /// the video is not cut is not among it.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.input.tally
    }

    /// How frames are reached.
    #[must_use]
    pub fn path_taken(&self) -> PathTaken {
        match &self.way {
            Way::Cut(_) => PathTaken::Cut,
            Way::Listed(listed) if listed.seeks() => PathTaken::Seek,
            Way::Listed(_) => PathTaken::Decode,
        }
    }

    /// Why the video is not cut; none where it is.
    #[must_use]
    pub fn why_not_cut(&self) -> Option<&str> {
        self.odd.as_deref()
    }

    /// Lists the frames anew, in a way that believes the container less: the answer to
    /// [`MediaError::IndexUntrue`]. Indices into the old timeline mean nothing in the new one.
    ///
    /// # Errors
    /// As [`Video::open_source`].
    pub fn relist(&mut self, ffmpeg: &Ffmpeg, limits: &Limits) -> Result<(), MediaError> {
        let purse = self.input.purse(limits);
        match &mut self.way {
            Way::Cut(cut) => {
                if cut.looks_otherwise()
                    && Arc::make_mut(cut)
                        .look(ffmpeg, &self.input.source, &purse)
                        .is_ok()
                {
                    return Ok(());
                }
                let odd = "its samples are not what its index says".to_owned();
                *self = Self::list(ffmpeg, self.input.clone(), odd, limits)?;
                Ok(())
            }
            Way::Listed(listed) => {
                let relisted = listed.relist_by_decoding(ffmpeg, &purse);
                unchanged(&*self.input.source, relisted)
            }
        }
    }

    /// Makes the pictures of the frames `wanted` (indices into the timeline's frames, rising,
    /// each once) as `target` says, and gives them to `sink` in that order, each once.
    /// Returns the wanted frames that turned out to give no picture, rising: damaged ones, and
    /// only in a video that was listed by decoding.
    ///
    /// Memory stays at a few pictures per process, however many are wanted.
    ///
    /// # Errors
    /// [`MediaError::IndexUntrue`] where a listed frame does not come out of the decoder; the
    /// pictures given until then are good. [`MediaError::Stopped`] when `sink` says so.
    pub fn extract(
        &self,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        target: impl Into<Target>,
        limits: &Limits,
        sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
    ) -> Result<Vec<usize>, MediaError> {
        let (target, purse) = (target.into(), self.input.purse(limits));
        match &self.way {
            Way::Cut(cut) => {
                let source = &self.input.source;
                cut.extract(source, ffmpeg, wanted, target, &purse, sink)?;
                Ok(Vec::new())
            }
            Way::Listed(listed) => {
                let extracted = listed.extract(ffmpeg, wanted, target, &purse, sink);
                unchanged(&*self.input.source, extracted)
            }
        }
    }
}

/// What ffmpeg made of a file on this machine: nothing of it counts where the file was written to
/// meanwhile.
fn unchanged<T>(source: &dyn RangeSource, made: Result<T, MediaError>) -> Result<T, MediaError> {
    source.check()?;
    made
}

/// Why a video is not cut.
enum NotCut {
    Odd(String),
    Over(Budget),
    Failed(MediaError),
}

impl From<NoIndex> for NotCut {
    fn from(error: NoIndex) -> Self {
        match error {
            NoIndex::Odd(reason) => Self::Odd(reason.to_owned()),
            NoIndex::Over(budget) => Self::Over(budget),
            NoIndex::Read(error) => Self::Failed(error.into()),
        }
    }
}

impl From<MediaError> for NotCut {
    /// What our own reading can't make a picture of, ffmpeg's may.
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NothingDecodes { detail } => Self::Odd(detail),
            MediaError::IndexUntrue => {
                Self::Odd("its samples are not what its index says".to_owned())
            }
            other => Self::Failed(other),
        }
    }
}

impl Input {
    fn new(source: Arc<dyn RangeSource>, limits: &Limits) -> Result<Self, MediaError> {
        let bytes = source.bytes();
        if bytes == 0 {
            return Err(MediaError::Unreadable {
                detail: "it is empty".to_owned(),
            });
        }
        over(Budget::InputBytes, bytes, limits)?;
        let tally = Arc::<Tally>::default();
        let awaited = Arc::new(Awaited::new(source, &limits.stalls));
        Ok(Self {
            source: Arc::new(Counted::new(awaited, Arc::clone(&tally))),
            tally,
            account: Account::default(),
        })
    }

    fn purse(&self, limits: &Limits) -> Purse {
        Purse::new(limits, &self.account)
    }
}

/// An error where so much was found of something that may not be so much.
pub(crate) fn over(budget: Budget, found: u64, limits: &Limits) -> Result<(), MediaError> {
    let limit = budget.of(limits);
    let over = MediaError::Over {
        budget,
        found,
        limit,
    };
    if found > limit { Err(over) } else { Ok(()) }
}

/// Found out before so many frames of this size are decoded.
pub(crate) fn within_pixels(size: Size, frames: usize, limits: &Limits) -> Result<(), MediaError> {
    let pixels = size.pixels().saturating_mul(frames as u64);
    over(Budget::DecodedPixels, pixels, limits)
}

fn bounds(limits: &Limits, file_bytes: u64) -> IndexLimits {
    IndexLimits {
        bytes: limits.index_bytes,
        samples: Most::of(limits, file_bytes),
        streams: limits.streams,
    }
}

fn open_cut(ffmpeg: &Ffmpeg, source: &Arc<dyn RangeSource>, limits: &Purse) -> Result<Cut, NotCut> {
    let track = container::index(&Patient(&**source), bounds(limits, source.bytes()))?;
    within(track.coded, limits)?;
    Ok(Cut::open(ffmpeg, source, track, limits)?)
}

/// Found out before anything that large is decoded.
fn within(coded: Size, limits: &Limits) -> Result<(), MediaError> {
    let limit = limits.max_pixels_per_frame;
    let Size { width, height } = coded;
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= limit {
        return Ok(());
    }
    Err(MediaError::TooLarge {
        width,
        height,
        pixels,
        limit,
    })
}
