//! Writes the samples of one process's groups to its stdin.

use super::context::CutContext;
use super::expected::ExpectedPicture;
use super::slice::CutSlice;
use bitstream::{LossWatch, RandomAccess, ReachedSamples};
use container::fmp4;
use container::fmp4::{FragmentWriter, MarkedTimes, SampleTimes};
use container::{
    NeededSample, NeededSamples, OrderWatch, SampleNeeds, SamplePieces, SilentDamage, VideoTrack,
    ties,
};
use decoder::Activity;
use plan::SampleGroup;
use source::ReadError;
use std::io::{self, Write};
use std::iter::Peekable;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use thiserror::Error;

/// Why feeding stopped short.
#[derive(Debug, Error)]
pub(super) enum FeedError {
    /// Nobody reads any more; the decoder's own end says more.
    #[error("the decoder reads no more: {0}")]
    Pipe(#[from] io::Error),
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The container says that decoding can start at this sample; the sample says otherwise.
    #[error("sample {0} is marked as a sync sample and is none")]
    NoStart(usize),
    /// Decoding can start near this sample, which is whole: pictures come some samples later.
    #[error("sample {0} begins a refresh that takes several pictures")]
    SlowStart(usize),
    /// The coded pictures come in another order than their times.
    #[error("the times of the samples from {0} on contradict their headers")]
    WrongTimes(usize),
    #[error("a sample is not where the index says")]
    Misplaced,
    #[error("stopped")]
    Stopped,
}

/// What is left to be fed to one process after the other.
pub(super) struct SampleFeeder<'a> {
    pub(super) context: &'a CutContext<'a>,
    pub(super) groups: Peekable<std::slice::Iter<'a, SampleGroup>>,
    pub(super) pieces: Peekable<SamplePieces<'a>>,
    /// As [`DecodeMode::is_plain`](super::share::DecodeMode): decoders fill holes with what else they
    /// are given.
    pub(super) is_plain: bool,
    pub(super) stopped: &'a AtomicBool,
    /// Set while it waits for the source: whoever waits for the decoder then waits in vain
    /// through no fault of the decoder.
    pub(super) reading: &'a AtomicBool,
    /// What is to be done now; none: all of it.
    pub(super) slice: Option<&'a CutSlice>,
}

impl SampleFeeder<'_> {
    pub(super) fn is_done(&mut self) -> bool {
        let slice = self.slice;
        let may_begin = |group| slice.is_none_or(|slice| slice.may_begin(group));
        !self.groups.peek().copied().is_some_and(may_begin)
    }

    /// How many are still to be made.
    pub(super) fn pictures(&self) -> usize {
        let groups = self.groups.clone();
        groups.map(|group| group.targets.len()).sum()
    }

    /// Feeds a decoder that has just started as many groups as it can take. `told` learns of
    /// each picture before the decoder can show it.
    pub(super) fn fill(
        &mut self,
        stdin: &mut dyn Write,
        activity: &Activity,
        told: &Sender<ExpectedPicture>,
        silent: &SilentDamage,
    ) -> Result<(), FeedError> {
        let mut output = FeedOutput {
            track: self.context.track,
            silent,
            losses: LossWatch::default(),
            encoder_note: self.context.encoder_note,
            stdin,
            activity,
            fragment: FragmentWriter::default(),
        };
        let turned = self.orientation();
        let begun = self.groups.peek().map_or(0, |group| group.first);
        output.write(&fmp4::segment(self.context.track, begun, &turned))?;
        let mut clock = MarkedTimes::default();
        let mut before: Option<usize> = None;
        while !self.is_done()
            && let Some(&group) = self.groups.peek()
        {
            let track = self.context.track;
            let goes_on = before
                .is_some_and(|last| last + 1 == group.first && !track.has_gap(last, group.first));
            match self.start()? {
                RandomAccess::None if self.is_plain && group.first == 0 => {}
                RandomAccess::None => return Err(self.no_start(group.first)),
                RandomAccess::RecoveryPoint if before.is_some() && !goes_on => return Ok(()),
                RandomAccess::RecoveryPoint | RandomAccess::Idr => {}
            }
            // The stream says once how its pictures are turned, and what they are coded with.
            if self.orientation() != turned || track.changes_description(begun, group.first) {
                return Ok(());
            }
            let aspect = self.aspect(group.first, &turned);
            self.group(group, aspect, &mut clock, &mut output, told)?;
            before = Some(group.last);
            self.groups.next();
        }
        Ok(())
    }

    /// How the next group begins.
    pub(super) fn start(&mut self) -> Result<RandomAccess, FeedError> {
        let codec = self.context.track.codec;
        self.reading.store(true, Ordering::Relaxed);
        let first = self.pieces.peek();
        self.reading.store(false, Ordering::Relaxed);
        if let Some(Ok(first)) = first {
            return Ok(bitstream::random_access(codec, first));
        }
        self.next_piece().map(|_| RandomAccess::None)
    }

    /// Whether pictures are wanted of the next group that are shown before its first.
    pub(super) fn is_led(&mut self) -> bool {
        let samples = &self.context.track.samples;
        self.groups.peek().is_some_and(|group| {
            let mut targets = group.targets.iter();
            targets.any(|&target| samples[target].pts < samples[group.first].pts)
        })
    }

    fn no_start(&mut self, sample: usize) -> FeedError {
        let codec = self.context.track.codec;
        match self.pieces.peek() {
            Some(Ok(first)) if bitstream::recovers_later(codec, first) => {
                FeedError::SlowStart(sample)
            }
            _ => FeedError::NoStart(sample),
        }
    }

    /// How the pictures of the next group are to be turned.
    fn orientation(&mut self) -> [i32; 9] {
        let track = self.context.track;
        match self.pieces.peek() {
            Some(Ok(first)) => orientation(track, first),
            _ => track.matrix,
        }
    }

    /// The shape of a pixel of the next group, turned as its pictures are.
    fn aspect(&mut self, sample: usize, turned: &[i32; 9]) -> Option<(u32, u32)> {
        let Some(Ok(first)) = self.pieces.peek() else {
            return None;
        };
        self.context.aspect(sample, first, turned)
    }

    fn next_piece(&mut self) -> Result<Vec<u8>, FeedError> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(FeedError::Stopped);
        }
        self.reading.store(true, Ordering::Relaxed);
        let piece = self.pieces.next();
        self.reading.store(false, Ordering::Relaxed);
        let piece = piece.ok_or(ReadError::Changed)??;
        let is_there = !self.context.track.is_misplaced(&piece);
        is_there.then_some(piece).ok_or(FeedError::Misplaced)
    }

    fn group(
        &mut self,
        group: &SampleGroup,
        aspect: Option<(u32, u32)>,
        clock: &mut MarkedTimes,
        output: &mut FeedOutput<'_>,
        told: &Sender<ExpectedPicture>,
    ) -> Result<(), FeedError> {
        let track = self.context.track;
        let read = match ties::has_ties(track, group) {
            true => self.whole(group)?,
            false => Vec::new(),
        };
        let group = &ties::resolved(track, group, &read);
        let times = clock.group(&track.samples, group);
        let mut order = OrderWatch::new(track, group);
        let mut needed = NeededSamples::new(track, group, self.needs());
        for &sample in &group.targets {
            let pts = times[sample - group.first].pts;
            // Nobody listening means that nobody wants it.
            let _ = told.send(ExpectedPicture {
                pts,
                first: group.first,
                sample,
                aspect,
            });
        }
        let mut read = read.into_iter();
        for sample in group.first..=group.last {
            let mut bytes = match read.next() {
                Some(bytes) => bytes,
                None => self.next_piece()?,
            };
            order.see(sample, &bytes);
            if bitstream::shows_several(track.codec, &bytes) {
                return Err(FeedError::WrongTimes(group.first));
            }
            bitstream::drop_reserved_colours(track.codec, &mut bytes);
            bitstream::drop_display_orientation(track.codec, &mut bytes);
            if sample == group.first {
                bitstream::set_broken_link(track.codec, &mut bytes);
            }
            needed.push(sample, bytes);
            if sample == group.last {
                needed.finish();
            }
            while let Some(NeededSample { sample, bytes }) = needed.take() {
                let nth = sample - group.first;
                output.push(sample, times[nth], nth == 0, &bytes);
                if output.fragment.is_enough() {
                    output.flush()?;
                }
            }
        }
        if !order.holds() {
            return Err(FeedError::WrongTimes(group.first));
        }
        output.flush()
    }

    fn needs(&self) -> SampleNeeds {
        SampleNeeds {
            keeps_all: self.is_plain,
            temporal_layers: container::temporal_layers(self.context.track),
            held_bytes: self.context.limits.held_bytes,
        }
    }

    /// All samples of a group. One that is too large for that is left to be decoded otherwise.
    fn whole(&mut self, group: &SampleGroup) -> Result<Vec<Vec<u8>>, FeedError> {
        const MOST_BYTES: u64 = 64 << 20;
        let span = &self.context.track.samples[group.first..=group.last];
        let bytes: u64 = span.iter().map(|sample| u64::from(sample.size)).sum();
        if bytes > MOST_BYTES {
            return Err(FeedError::WrongTimes(group.first));
        }
        span.iter().map(|_| self.next_piece()).collect()
    }
}

/// How the pictures of a group that begins with `sample` are to be turned: as the video itself says,
/// else as its container does.
pub(super) fn orientation(track: &VideoTrack, sample: &[u8]) -> [i32; 9] {
    bitstream::display_orientation(track.codec, sample).unwrap_or(track.matrix)
}

struct FeedOutput<'a> {
    track: &'a VideoTrack,
    silent: &'a SilentDamage,
    /// Of the group.
    losses: LossWatch,
    /// Not told yet.
    encoder_note: &'a [u8],
    stdin: &'a mut dyn Write,
    activity: &'a Activity,
    fragment: FragmentWriter,
}

impl FeedOutput<'_> {
    fn push(&mut self, sample: usize, times: SampleTimes, is_sync: bool, bytes: &[u8]) {
        let track = self.track;
        if is_sync {
            self.losses = LossWatch::new(track.codec, track.entry_at(sample));
        }
        let reached = match self.losses.take(&track.samples, sample, bytes) {
            _ if bitstream::hides_damage(track.codec, bytes) => ReachedSamples::Following,
            reached => reached,
        };
        if !self.losses.is_told() {
            self.silent.doubt();
        }
        if reached != ReachedSamples::None && !track.needs_key(sample..sample + 1) {
            tracing::debug!(sample, ?reached, "damage that decoders hide");
            self.silent.note(sample, reached);
        }
        match std::mem::take(&mut self.encoder_note) {
            [] => self.fragment.push(times, is_sync, bytes),
            note => self.fragment.push(times, is_sync, &[note, bytes].concat()),
        }
    }

    fn flush(&mut self) -> Result<(), FeedError> {
        let [head, data] = self.fragment.take();
        self.write(&head)?;
        self.write(&data)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), FeedError> {
        // In parts: a decoder that takes a big fragment slowly is still making activity.
        for part in bytes.chunks(1 << 16) {
            self.stdin.write_all(part)?;
            self.activity.made();
        }
        Ok(())
    }
}
