//! Which pictures of H.264 a lost one reaches: those in whose lists of references it may be, and
//! those that refer to such.
//!
//! What a decoder keeps is followed, and what the encoder kept: ITU-T H.264, 8.2.4 and 8.2.5. In place
//! of a lost picture ffmpeg keeps a copy of the one before, shown right after that. The encoder
//! kept the lost one, and may have given up others with it, which the decoder still has. So after a
//! loss an entry of a list is sure where a slice names its number, or where nothing that is in doubt
//! can come before it. All of it is in doubt where pictures are kept for long, and in fields.

use super::reference_window::{move_to_front, numbers_moved};
use crate::h264_parameters::PictureOrder;
use crate::h264_pictures::{PictureLists, SliceLists};
use crate::h264_slice::{ListMove, SliceHeader};
use crate::order::low_bits::whole_count;
use std::cmp::Reverse;

/// ITU-T H.264, A.3.1: no decoder keeps more.
const MOST_REFERENCE_FRAMES: u32 = 16;

/// Follows pictures in decoding order, from an instantaneous decoder refresh or a recovery point on.
#[derive(Debug, Default)]
pub(crate) struct LossReach {
    /// In decoding order, those that are not there among them.
    frames: Vec<KeptFrame>,
    /// Of the last picture that others may refer to.
    number: u32,
    count: i64,
    recovery: Option<Recovery>,
}

/// The last recovery point: what is shown after it refers to nothing before it.
#[derive(Debug, Clone, Copy)]
struct Recovery {
    pts: i64,
    /// `frame_num`
    number: u32,
    /// What is shown after it has begun.
    is_over: bool,
}

/// A picture that others may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct KeptFrame {
    /// `frame_num`
    number: u32,
    /// `PicOrderCnt`
    count: i64,
    pts: i64,
    standing: FrameStanding,
    /// The decoder has another in its place: what is said of when it is shown is nothing then.
    is_lost: bool,
    /// It is lost, or such a one reaches it.
    is_reached: bool,
    /// It comes before the recovery point: nothing refers to it any more.
    is_past: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrameStanding {
    /// The decoder and the encoder keep it.
    Kept,
    /// The decoder keeps it, and the encoder may have given it up.
    Doubtful,
    /// The encoder may keep it, and the decoder has given it up.
    Dropped,
}

/// A picture, as its headers tell it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToldPicture<'a> {
    pub(crate) header: &'a SliceHeader,
    pub(crate) lists: &'a PictureLists,
    pub(crate) pts: i64,
    /// Decoding can begin with it.
    pub(crate) begins: bool,
}

impl LossReach {
    /// From this picture on, with which decoding can begin.
    pub(crate) fn new(begin: &SliceHeader) -> Self {
        let own = Own::of(begin, 0);
        Self {
            number: own.map_or(0, |own| own.lower(1)),
            ..Self::default()
        }
    }

    /// How many pictures that others refer to are lost before the next one. None where that can't be.
    pub(crate) fn lost_before(&self, header: &SliceHeader) -> Option<u32> {
        match header.is_idr {
            true => Some(0),
            false => Own::of(header, self.count)?
                .lower(self.number)
                .checked_sub(1),
        }
    }

    /// Whether what was lost reaches this picture. None where that is in doubt: then nothing is known
    /// of what follows.
    pub(crate) fn take(&mut self, picture: ToldPicture<'_>) -> Option<bool> {
        let ToldPicture { header, pts, .. } = picture;
        if header.is_idr {
            *self = Self::default();
        }
        let own = Own::of(header, self.count)?;
        let lost = self.lost_before(header)?;
        if lost > 0 {
            self.lose(lost, own);
            // What leads a recovery point may refer to what was lost before it.
            (!picture.begins).then_some(())?;
        }
        self.recover(picture)?;
        let is_reached = self.is_lossy() && self.reaches(own, pts, picture.lists)?;
        if header.is_referenced {
            self.give_up(own, &picture.lists.given_up)?;
            let frame = KeptFrame {
                number: own.number,
                count: own.count,
                pts,
                standing: FrameStanding::Kept,
                is_lost: false,
                is_reached,
                is_past: false,
            };
            self.keep(frame, own, picture.lists.is_kept_in_turn)?;
            (self.number, self.count) = (own.number, own.count);
        }
        Some(is_reached)
    }

    /// Whether it may reach a picture that follows.
    pub(crate) fn is_lossy(&self) -> bool {
        self.listed()
            .any(|frame| frame.is_reached || frame.standing != FrameStanding::Kept)
    }

    /// What lists can be made of.
    fn listed(&self) -> impl Iterator<Item = &KeptFrame> {
        self.frames.iter().filter(|frame| !frame.is_past)
    }

    fn held(&self) -> impl Iterator<Item = &KeptFrame> {
        self.frames.iter().filter(|frame| frame.is_held())
    }

    /// As ffmpeg does: it never makes up more than it keeps.
    fn lose(&mut self, count: u32, own: Own) {
        self.number = own.lower(1);
        for frame in &mut self.frames {
            if frame.standing == FrameStanding::Kept {
                frame.standing = FrameStanding::Doubtful;
            }
        }
        for back in (1..=count.min(own.most)).rev() {
            self.make_room(own);
            self.frames.push(KeptFrame {
                number: own.lower(back),
                count: 0,
                pts: 0,
                standing: FrameStanding::Doubtful,
                is_lost: true,
                is_reached: true,
                is_past: false,
            });
        }
    }

    /// None where a picture leads a recovery point after one that does not.
    fn recover(&mut self, picture: ToldPicture<'_>) -> Option<()> {
        if picture.header.is_idr {
            return Some(());
        }
        if picture.begins {
            self.recovery = Some(Recovery {
                pts: picture.pts,
                number: picture.header.number,
                is_over: false,
            });
            return Some(());
        }
        let Some(recovery) = &mut self.recovery else {
            return Some(());
        };
        if picture.pts < recovery.pts {
            return (!recovery.is_over).then_some(());
        }
        recovery.is_over = true;
        let mut frames = self.frames.iter();
        let at = frames.rposition(|frame| !frame.is_lost && frame.pts == recovery.pts);
        for frame in &mut self.frames[..at.unwrap_or(0)] {
            frame.is_past = true;
        }
        Some(())
    }

    /// Whether a picture may be in one of the lists that is not there, or not as it was.
    fn reaches(&self, own: Own, pts: i64, lists: &PictureLists) -> Option<bool> {
        let is_ordered =
            |frame: &KeptFrame| frame.is_lost || frame.count.cmp(&own.count) == frame.pts.cmp(&pts);
        let is_between = lists.slices.iter().any(|slice| slice.is_between);
        let mut held = self.held().filter(|frame| !frame.is_past);
        if is_between && !(own.has_count && held.all(is_ordered)) {
            return None;
        }
        let mut slices = lists.slices.iter();
        Some(slices.any(|slice| self.reaches_slice(own, slice)))
    }

    fn reaches_slice(&self, own: Own, slice: &SliceLists) -> bool {
        let mut lists = slice.lists.iter().enumerate();
        lists.any(|(nth, (most, moves))| {
            let unmoved = match (slice.is_between, nth) {
                (false, _) => self.by_number(own),
                (true, 0) => self.by_count(own, true),
                (true, _) => self.by_count(own, false),
            };
            *most > 0 && self.reaches_list(own, unmoved, *most, moves)
        })
    }

    /// `unmoved` is the list that others are moved to the front of: none where its order is in doubt.
    fn reaches_list(
        &self,
        own: Own,
        unmoved: Option<Vec<KeptFrame>>,
        most: usize,
        moves: &[ListMove],
    ) -> bool {
        let numbers = numbers_moved(own.number, moves, own.number_bits);
        let named = |number: u32| {
            let mut held = self.held().filter(|frame| !frame.is_past);
            held.find(|frame| frame.number == number).copied()
        };
        let mut front = numbers.iter().map(|&number| named(number));
        if !front.all(|frame| frame.is_some_and(|frame| !frame.is_reached)) {
            return true;
        }
        if numbers.len() >= most {
            return false;
        }
        let Some(mut list) = unmoved else {
            return true;
        };
        if move_to_front(&mut list, &numbers, named).is_none() {
            return true;
        }
        let is_sure = |frame: &KeptFrame| frame.standing == FrameStanding::Kept;
        let mut rest = list.iter().take(most).skip(numbers.len());
        rest.any(|frame| !is_sure(frame) || frame.is_reached)
    }

    /// The list of a P slice.
    fn by_number(&self, own: Own) -> Option<Vec<KeptFrame>> {
        let mut list: Vec<KeptFrame> = self.listed().copied().collect();
        list.sort_by_key(|frame| own.lower(frame.number));
        Some(list)
    }

    /// One of a B slice: the first begins with what is shown before its picture. Nobody knows where lost
    /// ones are in it.
    fn by_count(&self, own: Own, is_first: bool) -> Option<Vec<KeptFrame>> {
        let of = |is_before: bool| {
            let frames = self.listed().copied();
            frames.filter(move |frame| (frame.count < own.count) == is_before)
        };
        let (mut before, mut after): (Vec<_>, Vec<_>) = (of(true).collect(), of(false).collect());
        // Of lists that are alike the second has two pictures exchanged.
        let are_alike = before.is_empty() || after.is_empty();
        let is_sure = |frame: &KeptFrame| frame.standing == FrameStanding::Kept;
        let is_in_doubt = are_alike && !self.listed().all(is_sure);
        if is_in_doubt || self.listed().any(|frame| frame.is_lost) {
            return None;
        }
        before.sort_by_key(|frame| Reverse(frame.count));
        after.sort_by_key(|frame| frame.count);
        let mut list = match is_first {
            true => [before, after].concat(),
            false => [after, before].concat(),
        };
        if are_alike && !is_first && list.len() > 1 {
            list.swap(0, 1);
        }
        Some(list)
    }

    /// None where one of them is not known.
    fn give_up(&mut self, own: Own, given_up: &[u32]) -> Option<()> {
        for &lower in given_up {
            let number = own.lower(lower);
            let mut frames = self.frames.iter();
            match frames.rposition(|frame| frame.number == number) {
                Some(at) => {
                    self.frames.remove(at);
                }
                // Of what comes before the recovery point not all is known.
                None if self
                    .recovery
                    .is_some_and(|recovery| lower > own.lower(recovery.number)) => {}
                None => return None,
            }
        }
        Some(())
    }

    /// None where there is no room for it.
    fn keep(&mut self, frame: KeptFrame, own: Own, is_kept_in_turn: bool) -> Option<()> {
        if is_kept_in_turn {
            self.make_room(own);
        }
        self.frames.push(frame);
        if self.held().count() > own.most as usize {
            return None;
        }
        // Both have room for these and no others.
        let is_kept = |frame: &&KeptFrame| frame.standing == FrameStanding::Kept;
        if self.frames.iter().filter(is_kept).count() >= own.most as usize {
            self.frames.retain(|frame| is_kept(&frame));
        }
        Some(())
    }

    /// A decoder gives up the oldest where it keeps as many as it can.
    fn make_room(&mut self, own: Own) {
        if self.held().count() < own.most as usize {
            return;
        }
        let Some(at) = self.frames.iter().position(KeptFrame::is_held) else {
            return;
        };
        match self.is_sure() {
            true => {
                self.frames.remove(at);
            }
            false => self.frames[at].standing = FrameStanding::Dropped,
        }
    }

    /// Whether the decoder keeps what the encoder does.
    fn is_sure(&self) -> bool {
        let mut frames = self.frames.iter();
        frames.all(|frame| frame.standing == FrameStanding::Kept)
    }
}

impl KeptFrame {
    fn is_held(&self) -> bool {
        self.standing != FrameStanding::Dropped
    }
}

/// What a picture is in its sequence.
#[derive(Debug, Clone, Copy)]
struct Own {
    number: u32,
    count: i64,
    has_count: bool,
    number_bits: u32,
    /// How many pictures are kept.
    most: u32,
}

impl Own {
    /// `before` is the count of the last picture that others may refer to.
    fn of(header: &SliceHeader, before: i64) -> Option<Self> {
        let sequence = &header.parameters;
        let low_bits = match sequence.order {
            PictureOrder::LowBits(bits) => header.low_count.map(|low| (low, bits)),
            _ => None,
        };
        let top = low_bits.map(|(low, bits)| whole_count(low, bits, before));
        let bottom = header.rest.map_or(0, |rest| rest.bottom_difference);
        let most = sequence.reference_frames;
        let is_followed = (1..=MOST_REFERENCE_FRAMES).contains(&most) && !sequence.gaps_are_allowed;
        is_followed.then_some(Self {
            number: header.number,
            count: top.unwrap_or(0) + bottom.min(0),
            has_count: top.is_some(),
            number_bits: sequence.frame_num_bits,
            most,
        })
    }

    /// The number that is so much lower; of a number, how much lower it is.
    fn lower(self, by: u32) -> u32 {
        self.number.wrapping_sub(by) & ((1 << self.number_bits) - 1)
    }
}

#[cfg(test)]
mod tests;
