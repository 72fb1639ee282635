//! The segment, element by element: RFC 9559, 5.1. Headers of all blocks are read, their frames
//! are stepped over.

use super::block::{self, BlockHeader};
use super::ebml::{DAMAGED, EbmlElement};
use super::element_reader::{ElementHeader, ElementReader};
use super::ids;
use crate::IndexError;

/// Elements that tell nothing are bounded, too: nobody needs so many for each frame.
const MOST_IDLE_ELEMENTS: usize = 100_000;
/// No header of a laced block is longer: 255 sizes.
const MOST_LACING_BYTES: u64 = 1 << 16;

/// What a block says of its frames.
#[derive(Debug)]
pub(super) struct BlockFrames {
    pub(super) track: u64,
    /// Ticks.
    pub(super) time: i64,
    /// Of all frames together, ticks.
    pub(super) duration: Option<u64>,
    pub(super) is_key: bool,
    /// Each one's place in the file and its bytes; known of a wanted track alone.
    pub(super) places: Vec<(u64, u64)>,
    /// The first two of the frame, where frames are not laced; fewer where it has fewer.
    pub(super) first_bytes: [Option<u8>; 2],
    pub(super) count: usize,
}

/// Something of the segment that matters.
#[derive(Debug)]
pub(super) enum FoundElement {
    Info(Vec<u8>),
    Tracks(Vec<u8>),
    Frames(BlockFrames),
}

/// Steps through the segment.
#[derive(Debug)]
pub(super) struct SegmentScan<'a> {
    pub(super) reader: ElementReader<'a>,
    at: u64,
    /// Where the segment's body begins.
    pub(super) segment: u64,
    /// Where the segment ends.
    pub(super) end: u64,
    /// Nothing is read of the elements of the segment from here on.
    until: u64,
    cluster: Option<ClusterState>,
    /// The track whose frames' places matter.
    pub(super) wanted: u64,
    idle: usize,
    pub(super) seek_head: Option<ElementHeader>,
    first_cluster: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct ClusterState {
    /// None where its size is unknown: it ends where an element begins that it cannot hold.
    end: Option<u64>,
    time: Option<u64>,
}

impl<'a> SegmentScan<'a> {
    /// Begins after the EBML header, at the segment.
    pub(super) fn new(mut reader: ElementReader<'a>, at: u64) -> Result<Self, IndexError> {
        let mut at = at;
        loop {
            let place = reader.element(at, u64::MAX)?;
            let place = place.ok_or(IndexError::Unsupported("it has no segment"))?;
            match place.id {
                ids::SEGMENT => {
                    let end = place.bytes.map(|_| place.end()).transpose()?;
                    if end.is_some_and(|end| end < reader.file_bytes()) {
                        return Err(IndexError::Unsupported("something comes after its segment"));
                    }
                    return Ok(Self::within(reader, place.body, end.unwrap_or(u64::MAX)));
                }
                0xec | 0xbf => at = place.end()?,
                _ => return Err(IndexError::Unsupported("it does not begin with a segment")),
            }
        }
    }

    /// Begins within a segment, whose body lies from `segment` to `end`.
    pub(super) fn within(reader: ElementReader<'a>, segment: u64, end: u64) -> Self {
        Self {
            reader,
            at: segment,
            segment,
            end,
            until: u64::MAX,
            cluster: None,
            wanted: 0,
            idle: 0,
            seek_head: None,
            first_cluster: None,
        }
    }

    /// Goes to the cluster at `from`, to go on until the one at `until`.
    pub(super) fn jump(&mut self, from: u64, until: u64) {
        (self.at, self.until) = (from, until);
        (self.cluster, self.first_cluster) = (None, Some(from));
        self.idle = 0;
    }

    /// Whether the clusters jumped to end where they are said to.
    pub(super) fn has_arrived(&self) -> bool {
        self.at == self.until
    }

    /// Goes to the first cluster without reading of it; none where there is none.
    pub(super) fn first_cluster(&mut self) -> Result<Option<u64>, IndexError> {
        while self.first_cluster.is_none() {
            match self.step_between()? {
                ScanStep::Found(_) => {
                    return Err(IndexError::Unsupported("it has several headers"));
                }
                ScanStep::End => break,
                ScanStep::On => self.rest()?,
            }
        }
        Ok(self.first_cluster)
    }

    /// The next thing that matters; none at the end of the file.
    pub(super) fn step(&mut self) -> Result<Option<FoundElement>, IndexError> {
        loop {
            let found = match self.cluster {
                Some(cluster) => self.step_in(cluster)?,
                None => self.step_between()?,
            };
            match found {
                ScanStep::Found(found) => {
                    self.idle = 0;
                    return Ok(Some(found));
                }
                ScanStep::End => return Ok(None),
                ScanStep::On => self.rest()?,
            }
        }
    }

    /// Counts an element that tells nothing.
    fn rest(&mut self) -> Result<(), IndexError> {
        self.idle += 1;
        if self.idle > MOST_IDLE_ELEMENTS {
            return Err(IndexError::Unsupported("it has too many elements"));
        }
        Ok(())
    }

    /// One element of the segment.
    fn step_between(&mut self) -> Result<ScanStep, IndexError> {
        if self.at >= self.until {
            return Ok(ScanStep::End);
        }
        let Some(place) = self.reader.element(self.at, self.end)? else {
            return Ok(ScanStep::End);
        };
        match place.id {
            ids::CLUSTER => {
                let end = place.bytes.map(|_| place.end()).transpose()?;
                self.cluster = Some(ClusterState { end, time: None });
                self.first_cluster.get_or_insert(self.at);
                self.at = place.body;
                return Ok(ScanStep::On);
            }
            ids::EBML | ids::SEGMENT => {
                return Err(IndexError::Unsupported("it has several segments"));
            }
            _ => self.at = place.end()?,
        }
        match place.id {
            ids::INFO | ids::TRACKS if self.first_cluster.is_some() => {
                Err(IndexError::Unsupported("its header comes late"))
            }
            ids::INFO => Ok(ScanStep::Found(FoundElement::Info(
                self.reader.body(place)?,
            ))),
            ids::TRACKS => Ok(ScanStep::Found(FoundElement::Tracks(
                self.reader.body(place)?,
            ))),
            ids::SEEK_HEAD => {
                self.seek_head.get_or_insert(place);
                Ok(ScanStep::On)
            }
            _ => Ok(ScanStep::On),
        }
    }

    /// One element of a cluster.
    fn step_in(&mut self, cluster: ClusterState) -> Result<ScanStep, IndexError> {
        let until = cluster.end.unwrap_or(self.end);
        let Some(place) = self.reader.element(self.at, until)? else {
            self.cluster = None;
            // Of a file that breaks off, the cluster goes on.
            let is_cut = self.at < until;
            return Ok(if is_cut { ScanStep::End } else { ScanStep::On });
        };
        if is_of_segment(place.id) {
            if cluster.end.is_some() {
                return Err(IndexError::Unsupported("a cluster holds what it cannot"));
            }
            self.cluster = None;
            return Ok(ScanStep::On);
        }
        self.at = place.end()?;
        if self.at > self.reader.file_bytes() {
            return Ok(ScanStep::End);
        }
        match place.id {
            ids::TIMESTAMP if cluster.time.is_some() => {
                Err(IndexError::Unsupported("a cluster has two times"))
            }
            ids::TIMESTAMP => {
                let time = Some(self.unsigned(place)?);
                self.cluster = Some(ClusterState { time, ..cluster });
                Ok(ScanStep::On)
            }
            ids::SIMPLE_BLOCK => self.frames(cluster, place, None).map(ScanStep::Found),
            ids::BLOCK_GROUP => self.group(cluster, place).map(ScanStep::Found),
            ids::ENCRYPTED_BLOCK => Err(IndexError::Encrypted),
            _ => Ok(ScanStep::On),
        }
    }

    fn group(
        &mut self,
        cluster: ClusterState,
        group: ElementHeader,
    ) -> Result<FoundElement, IndexError> {
        let (mut at, end) = (group.body, group.end()?);
        let mut block = None;
        let mut said = BlockGroup::default();
        while let Some(place) = self.reader.element(at, end)? {
            at = place.end()?;
            match place.id {
                ids::BLOCK if block.is_some() => return Err(DAMAGED),
                ids::BLOCK => block = Some(place),
                ids::BLOCK_DURATION => said.duration = Some(self.unsigned(place)?),
                ids::REFERENCE_BLOCK => said.refers = true,
                ids::BLOCK_ADDITIONS => self.check_additions(place)?,
                _ => {}
            }
            self.rest()?;
        }
        self.frames(cluster, block.ok_or(DAMAGED)?, Some(said))
    }

    /// ffmpeg drops a block whose additions are damaged.
    fn check_additions(&mut self, additions: ElementHeader) -> Result<(), IndexError> {
        let (mut at, end) = (additions.body, additions.end()?);
        while let Some(more) = self.reader.element(at, end)? {
            at = more.body;
            let end = more.end()?;
            while let Some(place) = self.reader.element(at, end)? {
                at = place.end()?;
                self.idle += 1;
            }
        }
        Ok(())
    }

    fn frames(
        &mut self,
        cluster: ClusterState,
        place: ElementHeader,
        group: Option<BlockGroup>,
    ) -> Result<FoundElement, IndexError> {
        let bytes = place.end()? - place.body;
        let start = self
            .reader
            .peek(place.body, bytes.min(block::HEADER_BYTES))?;
        let block = BlockHeader::parse(start).ok_or(DAMAGED)?;
        let byte = |at: usize| start.get(at).copied().filter(|_| !block.is_laced());
        let first_bytes = [byte(block.bytes), byte(block.bytes + 1)];
        let time = cluster
            .time
            .and_then(|time| time.checked_add_signed(block.time.into()))
            .and_then(|time| i64::try_from(time).ok())
            .ok_or(IndexError::Unsupported("a block has no time"))?;
        let is_wanted = block.track == self.wanted;
        let places = if is_wanted && block.is_laced() {
            let bytes_of_sizes = bytes.min(MOST_LACING_BYTES);
            let start = self.reader.peek(place.body, bytes_of_sizes)?;
            block.laced(start, bytes)?
        } else if is_wanted {
            let header = block.bytes as u64;
            vec![(header, bytes.checked_sub(header).ok_or(DAMAGED)?)]
        } else {
            Vec::new()
        };
        let places = places
            .into_iter()
            .map(|(at, bytes)| (place.body + at, bytes))
            .collect();
        Ok(FoundElement::Frames(BlockFrames {
            track: block.track,
            time,
            duration: group.and_then(|group| group.duration),
            is_key: group.map_or(block.is_key, |group| !group.refers),
            places,
            first_bytes,
            count: block.frames,
        }))
    }

    fn unsigned(&mut self, place: ElementHeader) -> Result<u64, IndexError> {
        let bytes = place.end()? - place.body;
        if bytes > 8 {
            return Err(DAMAGED);
        }
        let body = self.reader.peek(place.body, bytes)?;
        EbmlElement { id: place.id, body }.unsigned()
    }
}

/// What a `BlockGroup` says beside its block.
#[derive(Debug, Default, Clone, Copy)]
struct BlockGroup {
    duration: Option<u64>,
    refers: bool,
}

#[derive(Debug)]
enum ScanStep {
    Found(FoundElement),
    On,
    End,
}

/// A cluster of unknown size ends where one of these begins.
fn is_of_segment(id: u32) -> bool {
    matches!(
        id,
        ids::CLUSTER
            | ids::CUES
            | ids::INFO
            | ids::TRACKS
            | ids::SEEK_HEAD
            | ids::ATTACHMENTS
            | ids::CHAPTERS
            | ids::TAGS
            | ids::SEGMENT
            | ids::EBML
    )
}
