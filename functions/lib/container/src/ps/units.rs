//! The pictures of a video, put together from its packets, each with its place and its times.

use super::coding::{CodeMeaning, VideoCoding};
use super::packets::ProgramPacket;
use crate::IndexError;
use crate::ts::AccessUnit;
use std::collections::VecDeque;

const NO_PICTURE: IndexError = IndexError::Unsupported("it has slices without a picture");
const ODD_TIMES: IndexError = IndexError::Unsupported("packets of it have times of no picture");
const TOO_LARGE: IndexError = IndexError::Unsupported("a picture of it is absurdly large");

/// No picture of a program stream is larger.
const MOST_BYTES: usize = 32 << 20;

/// A picture, as far as its packets tell of it.
#[derive(Debug)]
pub(super) struct PlacedUnit {
    /// Without times where no packet has them.
    pub(super) unit: AccessUnit,
    /// Where the packet begins that has its times.
    pub(super) clock_at: Option<u64>,
    /// Where reading would have to begin to find it.
    pub(super) restart: u64,
}

/// What a packet carries.
#[derive(Debug)]
struct Piece {
    /// Where it begins in `bytes`.
    start: usize,
    /// Where that lies in the file.
    at: u64,
    /// Where its packet begins.
    place: u64,
    /// Not taken by a picture yet.
    times: Option<(u64, u64)>,
}

/// Takes the packets of the video in a stretch of the file.
#[derive(Debug)]
pub(super) struct UnitSplitter {
    /// From the beginning of the picture that is not complete yet.
    bytes: Vec<u8>,
    pieces: VecDeque<Piece>,
    /// Up to here no start code begins but those that were seen.
    scanned: usize,
    picture: Option<usize>,
    has_slice: bool,
    /// The packet of the last slice that began.
    slice_place: u64,
    /// Where reading would have to begin to find the picture that is not complete yet.
    restart: u64,
    /// What comes first is the beginning of a picture.
    is_known: bool,
}

impl UnitSplitter {
    /// Of what comes first in the file, or somewhere else in it.
    pub(super) fn new(is_start: bool, from: u64) -> Self {
        Self {
            bytes: Vec::new(),
            pieces: VecDeque::new(),
            scanned: 0,
            picture: None,
            has_slice: false,
            slice_place: from,
            restart: from,
            is_known: is_start,
        }
    }

    /// Where to begin to find the next picture; see [`crate::clocked_index::Stretch`].
    pub(super) fn restart(&self) -> u64 {
        self.restart
    }

    /// Takes the next packet, and gives pictures that are complete by it to `take`.
    pub(super) fn push(
        &mut self,
        packet: &ProgramPacket<'_>,
        coding: VideoCoding,
        take: &mut dyn FnMut(PlacedUnit) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        if self.bytes.len() + packet.payload.len() > MOST_BYTES {
            return Err(TOO_LARGE);
        }
        self.pieces.push_back(Piece {
            start: self.bytes.len(),
            at: packet.payload_at,
            place: packet.place,
            times: packet.times,
        });
        self.bytes.extend(packet.payload);
        while let Some((mut at, meaning)) = self.next_code(coding) {
            let is_slice = matches!(meaning, CodeMeaning::FirstSlice | CodeMeaning::Slice);
            let begins = !matches!(meaning, CodeMeaning::Slice | CodeMeaning::Other);
            if begins && self.has_slice {
                let has_zero = coding.has_zero_bytes() && at > 0 && self.bytes[at - 1] == 0;
                let begin = at - usize::from(has_zero);
                let unit = self.split(begin)?;
                unit.map(&mut *take).transpose()?;
                at -= begin;
            }
            let is_picture = matches!(meaning, CodeMeaning::Picture | CodeMeaning::FirstSlice);
            if is_picture && self.picture.is_none() {
                // An access unit of these begins with its first byte, one of MPEG with its picture.
                self.picture = Some(if coding.has_zero_bytes() { 0 } else { at });
            }
            if is_slice {
                self.has_slice = true;
                self.slice_place = self.piece(at).map_or(0, |piece| piece.place);
            }
        }
        Ok(())
    }

    /// The picture that the file ends with.
    pub(super) fn last(&mut self) -> Result<Option<PlacedUnit>, IndexError> {
        match self.has_slice {
            true => self.split(self.bytes.len()),
            false => Ok(None),
        }
    }

    /// The next start code that lies whole in what has come.
    fn next_code(&mut self, coding: VideoCoding) -> Option<(usize, CodeMeaning)> {
        let whole = 3 + coding.told_bytes();
        let left = self.bytes.get(self.scanned..)?;
        let found = left.windows(whole).position(|code| code[..3] == [0, 0, 1]);
        match found {
            Some(offset) => {
                let at = self.scanned + offset;
                self.scanned = at + 3;
                Some((at, coding.meaning(&self.bytes[at + 3..at + whole])))
            }
            None => {
                self.scanned = self.scanned.max(self.bytes.len().saturating_sub(whole - 1));
                None
            }
        }
    }

    fn piece(&mut self, at: usize) -> Option<&mut Piece> {
        let behind = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get_mut(behind.checked_sub(1)?)
    }

    /// Ends the picture before `at`, where the next one begins.
    fn split(&mut self, at: usize) -> Result<Option<PlacedUnit>, IndexError> {
        let timed = self.take_times();
        let place = |piece: &Piece, at: usize| piece.at + (at - piece.start) as u64;
        let from = self.pieces.front().map_or(0, |piece| place(piece, 0));
        let last = at.saturating_sub(1);
        let until = self.piece(last).map_or(0, |piece| place(piece, last) + 1);
        let rest = self.bytes.split_off(at);
        let bytes = std::mem::replace(&mut self.bytes, rest);
        self.drop_pieces(at)?;
        self.scanned = self.scanned.saturating_sub(at);
        let has_picture = self.picture.take().is_some();
        self.has_slice = false;
        let restart = std::mem::replace(&mut self.restart, self.slice_place);
        if !std::mem::replace(&mut self.is_known, true) {
            return Ok(None);
        }
        if !has_picture {
            return Err(NO_PICTURE);
        }
        let (pts, dts) = timed.map_or((0, 0), |(times, _)| times);
        let unit = AccessUnit {
            from,
            until,
            pts,
            dts,
            bytes,
        };
        Ok(Some(PlacedUnit {
            unit,
            clock_at: timed.map(|(_, place)| place),
            restart,
        }))
    }

    /// Of the packet in which the picture begins: ISO/IEC 13818-1, 2.4.3.7. Some multiplexers mean its
    /// headers, where those lie in another packet.
    fn take_times(&mut self) -> Option<((u64, u64), u64)> {
        let picture = self.picture?;
        [0, picture].into_iter().find_map(|at| {
            let piece = self.piece(at)?;
            let place = piece.place;
            piece.times.take().map(|times| (times, place))
        })
    }

    /// Leaves the packets that what comes next lies in.
    fn drop_pieces(&mut self, at: usize) -> Result<(), IndexError> {
        while self.pieces.get(1).is_some_and(|next| next.start <= at)
            || self.pieces.len() == 1 && self.bytes.is_empty()
        {
            let piece = self.pieces.pop_front();
            if self.is_known && piece.is_some_and(|piece| piece.times.is_some()) {
                return Err(ODD_TIMES);
            }
        }
        let mut begin = at;
        for piece in &mut self.pieces {
            // The first one began before.
            piece.at += (begin.saturating_sub(piece.start)) as u64;
            piece.start = piece.start.saturating_sub(at);
            begin = 0;
        }
        Ok(())
    }
}
