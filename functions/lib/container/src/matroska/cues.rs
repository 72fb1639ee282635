//! `SeekHead` and `Cues`: which clusters to go to for which time. RFC 9559, 5.1.1 and 5.1.5.

use super::ebml::{DAMAGED, elements};
use super::ids;
use super::scan::SegmentScan;
use crate::IndexError;

const UNTRUE: IndexError = IndexError::Unsupported("its cues are not in order");

/// A cluster that a cue points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CuePoint {
    /// Presentation time of a sync sample in it, ticks. Of the first cluster, which need not
    /// have a cue: the earliest there is.
    pub(super) time: i64,
    /// Where the cluster begins in the file.
    pub(super) at: u64,
}

/// The clusters with cues for the track that `scan` wants, the first cluster in any case. Both
/// places and times rise.
pub(super) fn marks(scan: &mut SegmentScan<'_>) -> Result<Vec<CuePoint>, IndexError> {
    let first = scan.first_cluster()?;
    let first = first.ok_or(IndexError::Unsupported("it has no clusters"))?;
    let cues = place(scan)?;
    let cues = scan.reader.element(cues, scan.end)?;
    let cues = cues.filter(|place| place.id == ids::CUES);
    let cues = scan.reader.body(cues.ok_or(UNTRUE)?)?;
    let mut marks = vec![CuePoint {
        time: i64::MIN,
        at: first,
    }];
    for cue in elements(&cues) {
        let cue = cue?;
        if cue.id == ids::CUE_POINT
            && let Some(mark) = mark(cue.body, scan)?
        {
            add(&mut marks, mark)?;
        }
    }
    Ok(marks)
}

fn add(marks: &mut Vec<CuePoint>, mark: CuePoint) -> Result<(), IndexError> {
    let last = marks.last().ok_or(UNTRUE)?;
    // Of several cues in a cluster the first is enough.
    if mark.at > last.at && mark.time > last.time {
        marks.push(mark);
    } else if mark.at != last.at || mark.time < last.time {
        return Err(UNTRUE);
    }
    Ok(())
}

/// Where `Cues` begin.
fn place(scan: &mut SegmentScan<'_>) -> Result<u64, IndexError> {
    const NONE: IndexError = IndexError::Unsupported("it has no cues");
    let head = scan.reader.body(scan.seek_head.ok_or(NONE)?)?;
    for seek in elements(&head) {
        let seek = seek?;
        if seek.id != ids::SEEK {
            continue;
        }
        let (mut id, mut position) = (None, None);
        for element in elements(seek.body) {
            let element = element?;
            match element.id {
                ids::SEEK_ID => id = Some(element.unsigned()?),
                ids::SEEK_POSITION => position = Some(element.unsigned()?),
                _ => {}
            }
        }
        if id == Some(ids::CUES.into()) {
            let at = scan.segment.checked_add(position.ok_or(DAMAGED)?);
            return at.ok_or(DAMAGED);
        }
    }
    Err(NONE)
}

/// What a `CuePoint` says of the wanted track.
fn mark(point: &[u8], scan: &SegmentScan<'_>) -> Result<Option<CuePoint>, IndexError> {
    let (mut time, mut at) = (None, None);
    for element in elements(point) {
        let element = element?;
        match element.id {
            ids::CUE_TIME => time = i64::try_from(element.unsigned()?).ok(),
            ids::CUE_TRACK_POSITIONS if at.is_none() => at = cluster(element.body, scan.wanted)?,
            _ => {}
        }
    }
    let Some(at) = at else { return Ok(None) };
    let at = scan.segment.checked_add(at).ok_or(DAMAGED)?;
    let time = time.ok_or(DAMAGED)?;
    Ok(Some(CuePoint { time, at }))
}

/// Where in the segment's body the cluster begins.
fn cluster(positions: &[u8], wanted: u64) -> Result<Option<u64>, IndexError> {
    let (mut track, mut at) = (None, None);
    for element in elements(positions) {
        let element = element?;
        match element.id {
            ids::CUE_TRACK => track = Some(element.unsigned()?),
            ids::CUE_CLUSTER_POSITION => at = Some(element.unsigned()?),
            _ => {}
        }
    }
    Ok(at.filter(|_| track == Some(wanted)))
}
