//! The partitions of a file, found by the random index pack at its end: SMPTE ST 377-1, 12.

use super::index_table::IndexSegment;
use super::klv::{KlvHeader, KlvKind};
use super::local_sets::{HeaderMetadata, MetadataSet};
use super::partition_pack::PartitionPack;
use crate::shared_reads::{read_shares, readers};
use crate::window_reader::WindowReader;
use crate::{IndexError, IndexLimits};
use source::RangeSource;

const NO_END: IndexError = IndexError::Unsupported("the end of it is missing");
const BROKEN_CHAIN: IndexError = IndexError::Unsupported("its partitions do not follow each other");
const TOO_MANY: IndexError = IndexError::Unsupported("it has too many partitions");

const TOO_LARGE: IndexError = IndexError::Unsupported("its header is absurdly large");

/// Enough for the pack, and in a body partition for its part of the index table.
const FRONT_BYTES: u64 = 16 << 10;
/// Of the end of the file: the footer with the last part of the table, and the random index pack.
const TAIL_BYTES: u64 = 32 << 10;
/// Sets of properties are of some hundred bytes.
const MOST_VALUE_BYTES: u64 = 1 << 20;
/// All of one partition.
const MOST_SETS_BYTES: u64 = 8 << 20;
/// A file with more of them is not read faster so than whole.
const MOST_PARTITIONS: usize = 4096;

/// What comes before the essence in a partition.
#[derive(Debug, Clone)]
pub(super) struct PartitionFront {
    pub(super) pack: PartitionPack,
    pub(super) metadata: HeaderMetadata,
    pub(super) segments: Vec<IndexSegment>,
    /// The first triplet of the essence.
    pub(super) essence: Option<KlvHeader>,
}

/// Reads fronts of partitions one after the other.
struct FrontReader<'a> {
    reader: WindowReader<'a>,
    limits: IndexLimits,
    /// Of index segments so far.
    entries: usize,
}

impl<'a> FrontReader<'a> {
    /// One of so many that read at once.
    fn new(source: &'a dyn RangeSource, limits: IndexLimits, readers: usize) -> Self {
        Self {
            reader: WindowReader::in_windows(source, limits.bytes / readers as u64, FRONT_BYTES),
            limits: IndexLimits {
                samples: limits.samples.shared(readers),
                ..limits
            },
            entries: 0,
        }
    }

    fn front(&mut self, at: u64) -> Result<PartitionFront, IndexError> {
        let first = KlvHeader::read(&mut self.reader, at)?;
        if first.kind() != KlvKind::PartitionPack {
            return Err(BROKEN_CHAIN);
        }
        let pack = PartitionPack::parse(&first.key, self.value(&first)?)?;
        if pack.at != at {
            return Err(BROKEN_CHAIN);
        }
        let mut front = PartitionFront {
            pack,
            metadata: HeaderMetadata::default(),
            segments: Vec::new(),
            essence: None,
        };
        let (mut at, mut sets) = (first.end(), 0);
        while at < self.reader.file_bytes() && front.essence.is_none() {
            let header = KlvHeader::read(&mut self.reader, at)?;
            match header.kind() {
                KlvKind::PartitionPack | KlvKind::RandomIndexPack => break,
                KlvKind::SystemItem | KlvKind::Element(_) => front.essence = Some(header),
                KlvKind::IndexSegment => {
                    let body = self.reader.peek(header.value, header.bytes)?;
                    self.entries += IndexSegment::stated_entries(body);
                    self.limits.samples.check(self.entries)?;
                    front.segments.push(IndexSegment::parse(body)?);
                }
                // Body partitions may repeat them.
                KlvKind::MetadataSet(kind) if pack.is_header || pack.is_footer => {
                    sets += header.bytes;
                    if sets > MOST_SETS_BYTES {
                        return Err(TOO_LARGE);
                    }
                    let set = MetadataSet::parse(kind, self.value(&header)?)?;
                    front.metadata.0.push(set);
                }
                KlvKind::MetadataSet(_) | KlvKind::Other => {}
            }
            at = header.end();
        }
        Ok(front)
    }

    /// Where each partition begins, back from the footer: one after the other, so that these are few.
    fn chain(&mut self, footer: u64) -> Result<Vec<u64>, IndexError> {
        const MOST: usize = 64;
        if footer >= self.reader.file_bytes() {
            return Err(NO_END);
        }
        let (mut places, mut at) = (Vec::new(), footer);
        while at > 0 {
            let before = self.front(at)?.pack.previous;
            if before >= at || places.len() == MOST {
                return Err(NO_END);
            }
            places.push(at);
            at = before;
        }
        places.push(0);
        places.reverse();
        Ok(places)
    }

    /// Of anything but a table.
    fn value(&mut self, header: &KlvHeader) -> Result<&[u8], IndexError> {
        if header.bytes > MOST_VALUE_BYTES {
            return Err(TOO_LARGE);
        }
        self.reader.peek(header.value, header.bytes)
    }

    /// Where each partition begins, by the pack at the end of the file.
    fn random_index(&mut self) -> Result<Vec<u64>, IndexError> {
        let end = self.reader.file_bytes();
        let tail = end.min(TAIL_BYTES);
        let bytes = self.reader.peek(end - tail, tail)?;
        let length = bytes.last_chunk().map_or(0, |&it| u32::from_be_bytes(it));
        let at = end.checked_sub(length.into()).ok_or(NO_END)?;
        if length as usize > MOST_PARTITIONS * ENTRY_BYTES {
            return Err(if u64::from(length) > end / 8 {
                NO_END
            } else {
                TOO_MANY
            });
        }
        let bytes = self.reader.peek(at, length.into())?;
        let header = KlvHeader::parse(bytes, at).ok_or(NO_END)?;
        if header.kind() != KlvKind::RandomIndexPack || header.end() != end {
            return Err(NO_END);
        }
        // Behind the entries comes the length of all of it.
        let bytes = usize::try_from(header.bytes).ok();
        let entries = bytes.and_then(|bytes| bytes.checked_sub(4)).ok_or(NO_END)?;
        let (entries, rest) = self.value(&header)?[..entries].as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(NO_END);
        }
        let place = |entry: &[u8; ENTRY_BYTES]| entry.last_chunk().copied();
        let places = entries.iter().filter_map(place);
        Ok(places.map(u64::from_be_bytes).collect())
    }
}

/// Of the random index pack: the essence and the place of a partition.
const ENTRY_BYTES: usize = 12;

/// All of them, in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Partitions(pub(super) Vec<PartitionFront>);

impl Partitions {
    /// With the header first and the footer last.
    pub(super) fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
        let header = FrontReader::new(source, limits, 1).front(0)?;
        let end = &mut FrontReader::new(source, limits, 1);
        let places = match end.random_index() {
            Err(IndexError::Unsupported(_)) => end.chain(header.pack.footer)?,
            places => places?,
        };
        let &[first, ref bodies @ .., last] = places.as_slice() else {
            return Err(NO_END);
        };
        if first != 0 || !places.is_sorted_by(|one, other| one < other) {
            return Err(BROKEN_CHAIN);
        }
        let footer = end.front(last)?;
        let readers = readers(source);
        let mut fronts = vec![header];
        fronts.extend(read_shares(readers, bodies, |share| {
            let reader = &mut FrontReader::new(source, limits, readers);
            share.iter().map(|&at| reader.front(at)).collect()
        })?);
        fronts.push(footer);
        let partitions = Self(fronts);
        partitions.check()?;
        Ok(partitions)
    }

    /// That each refers to the one before it: other readers know them by that alone.
    fn check(&self) -> Result<(), IndexError> {
        let packs = self.0.iter().map(|front| &front.pack);
        let pairs = packs.clone().zip(packs.skip(1));
        let follow = |(one, other): (&PartitionPack, &PartitionPack)| {
            other.previous == one.at && !other.is_header && !one.is_footer
        };
        let last = self.0.last().map(|front| &front.pack);
        let is_whole = self.0[0].pack.is_header
            && last.is_some_and(|last| last.is_footer)
            && pairs.into_iter().all(follow);
        is_whole.then_some(()).ok_or(BROKEN_CHAIN)
    }

    pub(super) fn is_atom(&self) -> bool {
        self.0[0].pack.is_atom()
    }

    /// That of the header, or where it was to change, of the footer.
    pub(super) fn metadata(&self) -> &HeaderMetadata {
        let (first, last) = (&self.0[0], &self.0[self.0.len() - 1]);
        let has_other = !last.metadata.0.is_empty();
        match first.pack.is_closed || !has_other {
            true => &first.metadata,
            false => &last.metadata,
        }
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &IndexSegment> {
        self.0.iter().flat_map(|front| &front.segments)
    }

    /// Each with where it ends.
    pub(super) fn with_ends(&self) -> impl Iterator<Item = (&PartitionFront, u64)> {
        let ends = self.0.iter().skip(1).map(|next| next.pack.at);
        self.0.iter().zip(ends)
    }
}
