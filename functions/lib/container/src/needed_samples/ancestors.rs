//! Samples whose frames the wanted pictures need, directly or through others.

use super::referenced::ReferencedSamples;
use super::sample::NeededSample;
use bitstream::{CodedFrames, FrameReader};
use plan::{AncestorFilter, FrameVerdict};
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) struct AncestorSamples {
    reader: FrameReader,
    filter: AncestorFilter,
    /// Those that are not decided on, and those that must not be decoded before them.
    held: VecDeque<HeldSample>,
    /// What refers to what is no longer known.
    is_in_doubt: bool,
    /// What chooses then; none: all is needed.
    otherwise: Option<ReferencedSamples>,
    /// The number of the next frame.
    next: u64,
}

#[derive(Debug)]
struct HeldSample {
    sample: usize,
    /// The number of its first frame.
    first_frame: u64,
    pieces: Vec<HeldPiece>,
    undecided: usize,
    /// One of its frames is needed, or it has none and is needed itself.
    is_needed: bool,
}

#[derive(Debug)]
struct HeldPiece {
    /// The number of the frame that it belongs to. None: it stays.
    frame: Option<u64>,
    bytes: Vec<u8>,
}

impl AncestorSamples {
    pub(super) fn new(
        reader: FrameReader,
        held_bytes: u64,
        otherwise: Option<ReferencedSamples>,
    ) -> Self {
        Self {
            reader,
            filter: AncestorFilter::new(held_bytes),
            held: VecDeque::new(),
            is_in_doubt: false,
            otherwise,
            next: 0,
        }
    }

    pub(super) fn push(
        &mut self,
        sample: NeededSample,
        is_wanted: bool,
        ready: &mut VecDeque<NeededSample>,
    ) {
        let read = match self.is_in_doubt {
            true => None,
            false => self.reader.next(&sample.bytes),
        };
        match read {
            None => self.doubt(sample, is_wanted),
            Some(found) if !found.frames.is_empty() => self.frames(sample, &found, is_wanted),
            // A picture is said to be in it.
            Some(_) if is_wanted => self.whole(sample),
            Some(_) => {}
        }
        self.settle(ready);
    }

    pub(super) fn finish(&mut self, ready: &mut VecDeque<NeededSample>) {
        self.filter.finish();
        self.settle(ready);
    }

    #[cfg(test)]
    pub(super) fn held_samples(&self) -> usize {
        self.held.len()
    }

    fn doubt(&mut self, sample: NeededSample, is_wanted: bool) {
        if !self.is_in_doubt {
            self.is_in_doubt = true;
            self.filter.keep_rest();
        }
        let Some(referenced) = &mut self.otherwise else {
            return self.whole(sample);
        };
        let mut needed = VecDeque::new();
        referenced.push(sample, is_wanted, &mut needed);
        for sample in needed {
            self.whole(sample);
        }
    }

    fn whole(&mut self, sample: NeededSample) {
        self.held.push_back(HeldSample {
            sample: sample.sample,
            first_frame: self.next,
            pieces: vec![HeldPiece {
                frame: None,
                bytes: sample.bytes,
            }],
            undecided: 0,
            is_needed: true,
        });
    }

    fn frames(&mut self, sample: NeededSample, found: &CodedFrames, is_wanted: bool) {
        let first_frame = self.next;
        let shown = found.frames.iter().filter(|frame| frame.is_shown).count();
        for (nth, frame) in found.frames.iter().enumerate() {
            // Which of several would be the picture nobody knows.
            let is_picture = is_wanted && (frame.is_shown || shown != 1);
            let is_wanted = is_picture || frame.is_always_needed;
            let bytes = found.bytes_of(nth);
            self.next = self.filter.push(frame.links, bytes, is_wanted) + 1;
        }
        self.held.push_back(HeldSample {
            sample: sample.sample,
            first_frame,
            pieces: pieces(sample.bytes, found, first_frame),
            undecided: found.frames.len(),
            is_needed: false,
        });
    }

    /// Does what was decided.
    fn settle(&mut self, ready: &mut VecDeque<NeededSample>) {
        for verdict in self.filter.take_verdicts() {
            self.obey(verdict);
        }
        while self.held.front().is_some_and(|held| held.undecided == 0) {
            ready.extend(self.held.pop_front().map(HeldSample::joined));
        }
    }

    fn obey(&mut self, verdict: FrameVerdict) {
        let behind = self
            .held
            .partition_point(|held| held.first_frame <= verdict.frame);
        let at = behind.saturating_sub(1);
        let Some(held) = self.held.get_mut(at) else {
            return;
        };
        held.undecided = held.undecided.saturating_sub(1);
        held.is_needed |= verdict.is_needed;
        if !verdict.is_needed {
            let is_left_out = |piece: &HeldPiece| piece.frame == Some(verdict.frame);
            held.pieces.retain(|piece| !is_left_out(piece));
        }
        if held.undecided == 0 && !held.is_needed {
            self.held.remove(at);
        }
    }
}

impl HeldSample {
    fn joined(mut self) -> NeededSample {
        let bytes = match &mut self.pieces[..] {
            [only] => std::mem::take(&mut only.bytes),
            pieces => {
                let pieces: Vec<&[u8]> = pieces.iter().map(|piece| &piece.bytes[..]).collect();
                pieces.concat()
            }
        };
        let sample = self.sample;
        NeededSample { sample, bytes }
    }
}

/// The bytes of a sample, each piece by itself, so that one that is let go takes no memory.
fn pieces(bytes: Vec<u8>, found: &CodedFrames, first_frame: u64) -> Vec<HeldPiece> {
    let number = |frame: Option<usize>| frame.map(|nth| first_frame + nth as u64);
    if let [only] = &found.pieces[..] {
        let frame = number(only.frame);
        return vec![HeldPiece { frame, bytes }];
    }
    let pieces = found.pieces.iter().map(|piece| HeldPiece {
        frame: number(piece.frame),
        bytes: bytes.get(piece.place.clone()).unwrap_or_default().to_vec(),
    });
    pieces.collect()
}
