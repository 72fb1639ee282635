//! One video: what it holds, and how its frames are reached.

mod cut_error;
mod cut_video;
mod focus;
mod input;
mod opening;

use crate::MediaError;
use crate::listing::{ListedVideo, LocalFile, PacketTimes};
use crate::picture::{Picture, PictureFormat, SinkClosed};
use crate::seek;
use container::{ENDS_EARLY, SparseIndex, TrackExcerpt};
use cut_error::{CutError, UNTRUE, WRONG_TIMES};
use cut_video::CutVideo;
use decoder::Ffmpeg;
use input::VideoInput;
use plan::{Limits, PathTaken, ShotWork, Size, Timeline, VideoOutline};
use source::{FileSource, RangeSource, ReadStats, RetryingSource};
use std::path::Path;
use std::sync::Arc;

/// An opened video. What it is read from must stay as it is while this is in use.
#[derive(Debug, Clone)]
pub struct Video {
    input: VideoInput,
    way: AccessPath,
    /// Why it is not cut.
    odd: Option<String>,
    /// Of a cut one, where not all frames are listed.
    sparse_index: Option<Arc<SparseIndex>>,
}

#[derive(Debug, Clone)]
enum AccessPath {
    /// By our own index.
    Cut(Arc<CutVideo>),
    /// By ffmpeg's own demuxer, on a file.
    Listed(Box<ListedVideo>),
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
    /// Anything but [`MediaError::IndexMismatch`] and [`MediaError::Stopped`].
    pub fn open_source(
        ffmpeg: &Ffmpeg,
        source: Arc<dyn RangeSource>,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let input = VideoInput::new(source, limits)?;
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
        let input = VideoInput::new(source, limits)?;
        match opening::open_sparse(ffmpeg, &input.source, &input.limits_left(limits)) {
            Ok((cut, index)) => Ok(Self::of_cut(input, cut, Some(index))),
            Err(why) => Self::open_all(ffmpeg, input, why, limits),
        }
    }

    /// Lists all frames, since some alone can't be listed.
    fn open_all(
        ffmpeg: &Ffmpeg,
        input: VideoInput,
        why: CutError,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        match why {
            CutError::Odd { reason, times } if times == PacketTimes::Wrong => {
                return Self::list(ffmpeg, input, &reason, times, limits);
            }
            CutError::Odd { reason, .. } => tracing::debug!(reason, "no sparse index"),
            // What is beyond the share of one reader may be within that of all.
            CutError::Over(budget) => tracing::debug!(?budget, "no sparse index"),
            CutError::Failed(error) => return Err(error),
        }
        Self::open_whole(ffmpeg, input, limits)
    }

    /// The video of which `excerpt` was made, with the frames that it knows: only those that it was made
    /// for are told apart from others as all frames would.
    ///
    /// # Errors
    /// As [`Video::open_source`], and [`MediaError::IndexMismatch`] where it says nothing.
    pub fn open_excerpt(
        ffmpeg: &Ffmpeg,
        source: Arc<dyn RangeSource>,
        excerpt: &TrackExcerpt,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let index = SparseIndex::of_excerpt(excerpt).ok_or(MediaError::IndexMismatch)?;
        let input = VideoInput::new(source, limits)?;
        let (track, limits) = (index.track(), input.limits_left(limits));
        let cut = CutVideo::open(ffmpeg, &input.source, track, &limits)?;
        Ok(Self::of_cut(input, cut, Some(index)))
    }

    fn of_cut(input: VideoInput, cut: CutVideo, index: Option<SparseIndex>) -> Self {
        Self {
            input,
            way: AccessPath::Cut(Arc::new(cut)),
            odd: None,
            sparse_index: index.map(Arc::new),
        }
    }

    fn open_whole(ffmpeg: &Ffmpeg, input: VideoInput, limits: &Limits) -> Result<Self, MediaError> {
        match opening::open_cut(ffmpeg, &input.source, &input.limits_left(limits)) {
            Ok(cut) => Ok(Self::of_cut(input, cut, None)),
            Err(CutError::Odd { reason, times }) => {
                tracing::debug!(reason, "no cut");
                Self::list(ffmpeg, input, &reason, times, limits)
            }
            Err(CutError::Over(budget)) => Err(limits.exceeded(budget).into()),
            Err(CutError::Failed(error)) => Err(error),
        }
    }

    fn list(
        ffmpeg: &Ffmpeg,
        input: VideoInput,
        odd: &str,
        times: PacketTimes,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let source = RetryingSource(&*input.source);
        if let Some(format) = source::refused_format(&source)? {
            return Err(MediaError::Unreadable {
                detail: format!("unsupported container format: {format}"),
            });
        }
        let local = LocalFile::of(&input.source, limits)?;
        let limits_left = input.limits_left(limits);
        let settings = |stream| opening::settings(&*input.source, &limits_left, stream);
        let listed = ListedVideo::open(ffmpeg, local, times, &settings, &limits_left);
        let listed = unchanged(&*input.source, listed).map_err(|error| blamed(error, odd))?;
        Ok(Self {
            input,
            way: AccessPath::Listed(Box::new(listed)),
            odd: Some(odd.to_owned()),
            sparse_index: None,
        })
    }

    /// Every frame and when it is shown; of a video opened with [`Video::open_sparse`] perhaps
    /// only some.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        match &self.way {
            AccessPath::Cut(cut) => &cut.timeline,
            AccessPath::Listed(listed) => listed.shown(),
        }
    }

    /// The size to show its first frame at: rotation and sample aspect ratio applied. Later frames
    /// may have others.
    #[must_use]
    pub fn display(&self) -> Size {
        match &self.way {
            AccessPath::Cut(cut) => cut.display(),
            AccessPath::Listed(listed) => listed.format.display,
        }
    }

    /// ffmpeg's name of the codec, such as `h264`.
    #[must_use]
    pub fn codec(&self) -> &str {
        match &self.way {
            AccessPath::Cut(cut) => cut.codec(),
            AccessPath::Listed(listed) => &listed.codec,
        }
    }

    /// The coded bytes of a frame of the timeline, as the index says; none where ffmpeg lists the frames.
    #[must_use]
    pub fn coded_bytes(&self, frame: usize) -> Option<u64> {
        match &self.way {
            AccessPath::Cut(cut) => cut.coded_bytes(frame),
            AccessPath::Listed(_) => None,
        }
    }

    /// Frames per second on average.
    #[must_use]
    pub fn frame_rate(&self) -> f64 {
        let index = self.sparse_index.as_ref();
        let known = index.and_then(|index| index.frame_rate());
        known.unwrap_or_else(|| self.timeline().frame_rate())
    }

    /// Size of the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.input.source.bytes()
    }

    /// What we ourselves have read of the source so far. What ffmpeg reads of a local file where
    /// the video is not cut is not among it.
    #[must_use]
    pub fn read_stats(&self) -> &ReadStats {
        &self.input.read_stats
    }

    /// How frames are reached.
    #[must_use]
    pub fn path_taken(&self) -> PathTaken {
        match &self.way {
            AccessPath::Cut(_) => PathTaken::Cut,
            AccessPath::Listed(listed) if listed.seeks() => PathTaken::Seek,
            AccessPath::Listed(_) => PathTaken::Decode,
        }
    }

    /// Why the video is not cut; none where it is.
    #[must_use]
    pub fn why_not_cut(&self) -> Option<&str> {
        self.odd.as_deref()
    }

    /// Why the colours of its pictures are not quite those of the video; none where they are.
    #[must_use]
    pub fn why_colours_differ(&self) -> Option<&'static str> {
        let traits = match &self.way {
            AccessPath::Cut(cut) => &cut.first.traits,
            AccessPath::Listed(listed) => &listed.traits,
        };
        traits
            .is_dolby_vision_5
            .then_some("Dolby Vision profile 5: shown without its dynamic metadata")
    }

    /// What each of the frames `wanted` (rising) takes beside those before it, as the index says; none
    /// where ffmpeg reads the file by itself, and where the index contradicts itself.
    ///
    /// # Errors
    /// It is more than the limits allow.
    pub fn planned_work(
        &self,
        wanted: &[usize],
        limits: &Limits,
    ) -> Result<Option<Vec<ShotWork>>, MediaError> {
        match &self.way {
            AccessPath::Cut(cut) => Ok(cut.planned_work(wanted, limits)?),
            AccessPath::Listed(_) => Ok(None),
        }
    }

    /// Tells what has to be known of the video to take some frames of it and no others; none where only
    /// some frames are listed, where ffmpeg reads the file by itself, and of odd tracks.
    pub fn excerpts(&self) -> impl Fn(&[usize]) -> Option<TrackExcerpt> {
        let cut = match &self.way {
            AccessPath::Cut(cut) if self.sparse_index.is_none() => Some(cut),
            AccessPath::Cut(_) | AccessPath::Listed(_) => None,
        };
        let made = cut.and_then(|cut| Some((cut, cut.excerpts()?)));
        move |wanted| {
            made.as_ref()
                .and_then(|(cut, made)| made.around(&cut.targets(wanted)?))
        }
    }

    /// What is known of a video whose frames are not all listed; none of any other.
    #[must_use]
    pub fn outline(&self) -> Option<VideoOutline> {
        let track = self.sparse_index.as_ref()?.track();
        Some(VideoOutline::new(
            &track.samples,
            &track.gaps,
            self.frame_rate(),
            track.coded,
        ))
    }

    /// Lists the frames anew, in a way that believes the container less: the answer to
    /// [`MediaError::IndexMismatch`]. Indices into the old timeline mean nothing in the new one.
    ///
    /// # Errors
    /// As [`Video::open_source`].
    pub fn relist(&mut self, ffmpeg: &Ffmpeg, limits: &Limits) -> Result<(), MediaError> {
        let limits_left = self.input.limits_left(limits);
        match &mut self.way {
            AccessPath::Cut(cut) if cut.lacks_samples() => {
                *self = Self::open_whole(ffmpeg, self.input.clone(), limits)?;
            }
            AccessPath::Cut(cut) => {
                let look = |cut: &mut CutVideo| cut.look(ffmpeg, &self.input.source, &limits_left);
                if cut.looks_otherwise() && look(Arc::make_mut(cut)).is_ok() {
                    return Ok(());
                }
                if cut.has_encryption() {
                    return Err(MediaError::Encrypted);
                }
                let (odd, times) = match cut.contradicts_order(&*self.input.source) {
                    true => (WRONG_TIMES, PacketTimes::Wrong),
                    false => (UNTRUE, PacketTimes::Incomplete),
                };
                *self = Self::list(ffmpeg, self.input.clone(), odd, times, limits)?;
            }
            AccessPath::Listed(listed) => {
                let relisted = listed.relist_by_decoding(ffmpeg, &limits_left);
                unchanged(&*self.input.source, relisted)?;
            }
        }
        Ok(())
    }

    /// Makes the pictures of the frames `wanted` (indices into the timeline's frames, rising,
    /// each once) as `target` says, and gives them to `sink` in that order, each once.
    /// Returns the wanted frames that turned out to give no picture, rising: damaged ones.
    ///
    /// Memory stays at a few pictures per process, however many are wanted.
    ///
    /// # Errors
    /// [`MediaError::IndexMismatch`] where a listed frame does not come out of the decoder; the
    /// pictures given until then are good. [`MediaError::Stopped`] when `sink` says so.
    pub fn extract(
        &self,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        target: impl Into<PictureFormat>,
        limits: &Limits,
        sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
    ) -> Result<Vec<usize>, MediaError> {
        let (target, limits_left) = (target.into(), self.input.limits_left(limits));
        match &self.way {
            AccessPath::Cut(cut) => {
                let source = &self.input.source;
                cut.extract(source, ffmpeg, wanted, target, &limits_left, sink)
            }
            AccessPath::Listed(listed) => {
                let extracted = seek::extract(listed, ffmpeg, wanted, target, &limits_left, sink);
                unchanged(&*self.input.source, extracted)
            }
        }
    }
}

/// Of a file that is cut off early, demuxers say many things but that.
fn blamed(error: MediaError, odd: &str) -> MediaError {
    match error {
        MediaError::Unreadable { .. } | MediaError::NothingDecodes { .. } if odd == ENDS_EARLY => {
            let detail = odd.to_owned();
            MediaError::Unreadable { detail }
        }
        error => error,
    }
}

/// What ffmpeg made of a file on this machine: nothing of it counts where the file was written to
/// meanwhile.
fn unchanged<T>(source: &dyn RangeSource, made: Result<T, MediaError>) -> Result<T, MediaError> {
    source.check()?;
    made
}
