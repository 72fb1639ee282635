//! The header `moov`: its tracks, and which of them is the video.

use super::boxes::{boxes, optional, required};
use super::edit::{self, SimpleEdit};
use super::entry;
use super::fields::FieldReader;
use super::tables;
use crate::IndexError;
use plan::{Budget, EditList};

/// What the header says of the whole.
#[derive(Debug)]
pub(super) struct MovieHeader<'a> {
    /// All tracks in the order of the file.
    pub(super) tracks: Vec<TrackBox<'a>>,
    /// `mvex`, where fragments may follow.
    pub(super) extends: Option<&'a [u8]>,
    /// `tkhd` combined with it gives the display matrix.
    pub(super) matrix: [i32; 9],
    timescale: u32,
    /// Numbers of the tracks that hold chapters.
    chapters: &'a [u8],
}

/// One track.
#[derive(Debug)]
pub(super) struct TrackBox<'a> {
    /// What fragments call it.
    pub(super) id: u32,
    pub(super) tkhd: &'a [u8],
    pub(super) stbl: &'a [u8],
    /// `vide`, `soun`...
    pub(super) handler: [u8; 4],
    mdhd: &'a [u8],
    elst: Option<&'a [u8]>,
    enabled: bool,
    /// Whether its edit list cuts samples off; else it only moves them.
    pub(super) cuts: bool,
}

impl<'a> MovieHeader<'a> {
    /// With at most so many tracks: fragments look for theirs among them.
    pub(super) fn parse(moov: &'a [u8], most_tracks: usize) -> Result<Self, IndexError> {
        let (timescale, matrix) = movie_header(required(moov, b"mvhd")?)?;
        let mut movie = Self {
            tracks: Vec::new(),
            extends: optional(moov, b"mvex")?,
            matrix,
            timescale,
            chapters: &[],
        };
        let mut cuts = true;
        for trak in boxes(moov).filter(|boxed| &boxed.kind == b"trak") {
            if movie.tracks.len() >= most_tracks {
                return Err(IndexError::Over(Budget::Streams));
            }
            let mut track = TrackBox::parse(trak.body)?;
            // One track without a table of its own, and ffmpeg cuts none from there on.
            cuts &= tables::has_times(track.stbl)? || tables::is_broken(track.stbl)?;
            track.cuts = cuts;
            movie.tracks.push(track);
            if let Some(tref) = optional(trak.body, b"tref")?
                && let Some(chapters) = boxes(tref).find(|boxed| &boxed.kind == b"chap")
            {
                movie.chapters = chapters.body;
            }
        }
        comes_first(moov)?;
        Ok(movie)
    }

    /// The video tracks as a player prefers them: enabled ones in the order of the file, then
    /// disabled ones; never pictures for chapters.
    pub(super) fn videos(&self) -> Result<Vec<usize>, IndexError> {
        let is_other = |track: &TrackBox<'_>| !matches!(&track.handler, b"vide" | b"soun");
        for track in self.tracks.iter().filter(|track| is_other(track)) {
            if entry::is_video(optional(track.stbl, b"stsd")?.unwrap_or_default()) {
                return Err(IndexError::Unsupported(
                    "a track of another kind holds pictures",
                ));
            }
        }
        let (chapters, _) = self.chapters.as_chunks::<4>();
        let is_video = |&at: &usize| {
            let track = &self.tracks[at];
            &track.handler == b"vide" && !chapters.contains(&track.id.to_be_bytes())
        };
        let mut videos: Vec<usize> = (0..self.tracks.len()).filter(is_video).collect();
        videos.sort_by_key(|&at| !self.tracks[at].enabled);
        Ok(videos)
    }

    /// Ticks per second of a track, and its edit list.
    pub(super) fn clock(
        &self,
        track: &TrackBox<'_>,
    ) -> Result<(u32, Option<EditList>), IndexError> {
        let timescale = media_header(track.mdhd)?;
        let edit = track
            .elst
            .map(|elst| edit::parse(elst, timescale, self.timescale));
        Ok((timescale, edit.transpose()?.flatten()))
    }

    /// The edit list of a track, where it shows several parts of what the header lists. Of fragments
    /// nobody knows where the last part ends.
    pub(super) fn parts(&self, track: &TrackBox<'_>) -> Result<Option<EditList>, IndexError> {
        let is_cut = track.cuts && self.extends.is_none();
        let (_, list) = self.clock(track)?;
        let list = list.filter(|list| is_cut && list.first_start().is_some() && list.is_complex());
        let shown = list.iter().flat_map(|list| &list.edits);
        let mut shown = shown.filter(|edit| edit.start.is_some());
        if shown.any(|edit| edit.duration == Some(0)) {
            return Err(IndexError::Unsupported("an edit has no duration"));
        }
        Ok(list)
    }

    /// The edit list of a track, where it is of the usual kind.
    pub(super) fn simple_edit(
        &self,
        track: &TrackBox<'_>,
    ) -> Result<Option<SimpleEdit>, IndexError> {
        let (_, list) = self.clock(track)?;
        list.as_ref().map(SimpleEdit::of).transpose()
    }
}

/// What comes before the tracks counts for them: the movie's own header must, and a cover would
/// be a stream of its own.
fn comes_first(moov: &[u8]) -> Result<(), IndexError> {
    let mut before = boxes(moov).take_while(|boxed| &boxed.kind != b"trak");
    let mut has_header = false;
    let has_more = before.any(|boxed| {
        has_header |= &boxed.kind == b"mvhd";
        matches!(&boxed.kind, b"udta" | b"meta")
            && boxed.body.windows(4).any(|bytes| bytes == b"covr")
    });
    match (has_more, has_header) {
        (false, true) => Ok(()),
        _ => Err(IndexError::Unsupported("its header is not in order")),
    }
}

impl<'a> TrackBox<'a> {
    fn parse(trak: &'a [u8]) -> Result<Self, IndexError> {
        let tkhd = required(trak, b"tkhd")?;
        let mut fields = FieldReader::of(tkhd);
        let (version, flags) = fields.version_and_flags()?;
        fields.skip(if version == 1 { 16 } else { 8 })?;
        let id = fields.u32()?;
        let mdia = required(trak, b"mdia")?;
        let mut hdlr = FieldReader::of(required(mdia, b"hdlr")?);
        hdlr.skip(8)?;
        let minf = required(mdia, b"minf")?;
        elsewhere(minf)?;
        let edits = optional(trak, b"edts")?;
        Ok(Self {
            id,
            tkhd,
            stbl: required(minf, b"stbl")?,
            handler: hdlr.kind()?,
            mdhd: required(mdia, b"mdhd")?,
            elst: edits
                .map(|edits| optional(edits, b"elst"))
                .transpose()?
                .flatten(),
            enabled: flags & 1 != 0,
            cuts: true,
        })
    }
}

/// Samples may be in another file; then an alias says which.
fn elsewhere(minf: &[u8]) -> Result<(), IndexError> {
    let Some(dref) = optional(minf, b"dinf")?
        .map(|dinf| optional(dinf, b"dref"))
        .transpose()?
        .flatten()
    else {
        return Ok(());
    };
    let mut entries = boxes(dref.get(8..).unwrap_or_default());
    let is_here = |body: &[u8]| body.get(3).is_some_and(|flags| flags & 1 != 0);
    if entries.any(|entry| &entry.kind == b"alis" && !is_here(entry.body)) {
        return Err(IndexError::Unsupported("its samples are in another file"));
    }
    Ok(())
}

/// Timescale and matrix of `mvhd`.
fn movie_header(body: &[u8]) -> Result<(u32, [i32; 9]), IndexError> {
    let mut fields = FieldReader::of(body);
    let (version, _) = fields.version_and_flags()?;
    fields.skip(if version == 1 { 16 } else { 8 })?;
    let timescale = timescale(fields.u32()?)?;
    fields.wide(version)?;
    fields.skip(16)?;
    Ok((timescale, matrix(&mut fields)?))
}

/// Timescale of `mdhd`.
fn media_header(body: &[u8]) -> Result<u32, IndexError> {
    let mut fields = FieldReader::of(body);
    let (version, _) = fields.version_and_flags()?;
    fields.skip(if version == 1 { 16 } else { 8 })?;
    timescale(fields.u32()?)
}

fn timescale(ticks: u32) -> Result<u32, IndexError> {
    let usual = 1..=u32::MAX / 2;
    let ticks = Some(ticks).filter(|ticks| usual.contains(ticks));
    ticks.ok_or(IndexError::Unsupported("a timescale is out of range"))
}

pub(super) fn matrix(fields: &mut FieldReader<'_>) -> Result<[i32; 9], IndexError> {
    let mut matrix = [0; 9];
    for number in &mut matrix {
        *number = fields.i32()?;
    }
    Ok(matrix)
}
