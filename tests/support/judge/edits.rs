//! Edit lists of MP4 (ISO/IEC 14496-12, 8.6.6), read by hand: ffmpeg hides the frame that an edit
//! cuts. Frames are decoded as if there were no edits, and the edits are applied here.

use std::fs;
use std::path::Path;

/// One edit that shows something, in ticks of the track.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edit {
    at: i64,
    start: i64,
    end: i64,
}

/// The edits of one track.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackEdits {
    edits: Vec<Edit>,
    timescale: i64,
    movie_timescale: i64,
}

impl TrackEdits {
    /// Of the track that is stream number `stream`; none where there are none to be applied.
    #[must_use]
    pub fn of(file: &Path, stream: usize) -> Option<Self> {
        let bytes = fs::read(file).ok()?;
        let moov = child(&bytes, b"moov")?;
        let traks: Vec<&[u8]> = children(moov)
            .filter(|b| &b.0 == b"trak")
            .map(|b| b.1)
            .collect();
        let trak = traks.get(stream)?;
        let mdia = child(trak, b"mdia")?;
        let timescale = timescale(child(mdia, b"mdhd")?)?;
        let movie_timescale = self::timescale(child(moov, b"mvhd")?)?;
        let is_fragmented = child(moov, b"mvex").is_some();
        let elst = child(child(trak, b"edts")?, b"elst")?;
        let wide = elst.first() == Some(&1);
        let mut edits = Vec::new();
        let mut at = 0;
        for row in elst.get(8..)?.chunks_exact(if wide { 20 } else { 12 }) {
            let (ticks, start) = match wide {
                true => (word64(row, 0)?, word64(row, 8)?),
                false => (word(row, 0)?, i64::from(word(row, 4)? as i32)),
            };
            let ticks = (ticks * timescale + movie_timescale / 2) / movie_timescale;
            let end = start + ticks;
            edits.extend((start >= 0).then_some(Edit { at, start, end }));
            at += ticks;
        }
        if is_fragmented {
            edits.last_mut()?.end = i64::MAX;
        }
        let is_whole = edits.iter().all(|edit| edit.end > edit.start);
        (is_whole && !edits.is_empty()).then_some(Self {
            edits,
            timescale,
            movie_timescale,
        })
    }

    /// When frames that begin at `ticks` are shown, and which.
    #[must_use]
    pub fn shown(&self, ticks: &[i64]) -> Vec<(i64, usize)> {
        let mut shown = Vec::new();
        for (nth, edit) in self.edits.iter().enumerate() {
            for (frame, begins) in ticks.iter().enumerate() {
                let begins = *begins;
                let ends = ticks.get(frame + 1).copied().unwrap_or(i64::MAX);
                let left = i128::from(ends.min(edit.end)) - i128::from(begins.max(edit.start));
                let is_rest = left * i128::from(self.movie_timescale) < i128::from(self.timescale);
                let is_last = nth + 1 == self.edits.len();
                let is_cut = begins < edit.start || (ends > edit.end && !is_last);
                if left > 0 && !(is_rest && is_cut) {
                    shown.push((edit.at + begins.max(edit.start) - edit.start, frame));
                }
            }
        }
        shown
    }
}

fn timescale(header: &[u8]) -> Option<i64> {
    let at = if header.first() == Some(&1) { 20 } else { 12 };
    word(header, at).filter(|&ticks| ticks > 0)
}

fn word(bytes: &[u8], at: usize) -> Option<i64> {
    let word = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(i64::from(u32::from_be_bytes(word)))
}

fn word64(bytes: &[u8], at: usize) -> Option<i64> {
    let word = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(i64::from_be_bytes(word))
}

fn child<'a>(body: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    children(body)
        .find(|found| &found.0 == kind)
        .map(|found| found.1)
}

fn children(mut left: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (size, kind) = (word(left, 0)?, left.get(4..8)?.try_into().ok()?);
        let (header, size) = match size {
            0 => (8, left.len() as i64),
            1 => (16, word64(left, 8)?),
            size => (8, size),
        };
        let size = usize::try_from(size).ok()?.min(left.len());
        let body = left.get(header..size)?;
        left = &left[size..];
        Some((kind, body))
    })
}
