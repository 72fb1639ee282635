//! The packets of a stretch of the file, one after the other.

use super::data_packet::{Payload, PayloadReader};
use super::file_header::FileHeader;
use super::media_object::{MediaObject, ObjectBuilder, PayloadPlace};
use super::sound::SoundEnds;
use super::stream_header::{PayloadExtensions, StreamHeader, StreamKind};
use crate::clocked_index::ClockMark;
use crate::error::{NO_START, UNORDERED};
use crate::{Codec, IndexError};
use bitstream::{RandomAccess, random_access};
use plan::{CodedSample, SampleLimit};
use std::sync::Arc;

const UNTRUE_KEY: IndexError = IndexError::Unsupported("its keyframes are not marked as such");
const TOO_LARGE: IndexError = IndexError::Unsupported("an object of it is too large");
const SMALL_OBJECTS: IndexError = IndexError::Unsupported("pictures of it share a payload");
const ASPECTS: IndexError = IndexError::Unsupported("the shape of its pixels changes");
const EMPTY: IndexError = IndexError::Unsupported("a picture of it is empty");
const BREAKS_OFF: IndexError = IndexError::Damaged("it breaks off");

/// Times are differences of 32 bits that begin anew.
const MOST_TIME: u32 = 1 << 31;
/// Some decoders take less for a sign that the picture before is shown again.
const LEAST_PICTURE_BYTES: u32 = 2;

/// The video, as all stretches of it know it.
#[derive(Debug, Clone)]
pub(super) struct VideoFacts {
    pub(super) header: Arc<FileHeader>,
    /// The number of its payloads.
    pub(super) stream: u8,
    pub(super) codec: Codec,
    pub(super) extensions: PayloadExtensions,
    pub(super) most: SampleLimit,
}

/// What was found so far.
#[derive(Debug)]
pub(super) struct ObjectRun {
    facts: VideoFacts,
    is_amid: bool,
    video: ObjectBuilder,
    /// By the numbers of their payloads.
    others: Vec<(u8, ObjectBuilder)>,
    pub(super) samples: Vec<CodedSample>,
    /// The first picture and the last.
    pub(super) ends: Option<(ClockMark, ClockMark)>,
    /// As the pictures themselves say it; of the first.
    pub(super) pixel_aspect: Option<(u8, u8)>,
    pub(super) sounds: SoundEnds,
    /// Pictures that begin here or later are not taken, once so many are.
    stop: Option<(u64, usize)>,
    /// Where the first of these begins.
    pub(super) behind: Option<u64>,
}

impl ObjectRun {
    /// From the first packet on, or from any.
    pub(super) fn new(facts: VideoFacts, is_amid: bool) -> Self {
        Self {
            facts,
            is_amid,
            video: ObjectBuilder::default(),
            others: Vec::new(),
            samples: Vec::new(),
            ends: None,
            pixel_aspect: None,
            sounds: SoundEnds::default(),
            stop: None,
            behind: None,
        }
    }

    /// Takes no picture that begins at `until` or later, once `least` are taken.
    pub(super) fn stop_at(&mut self, until: u64, least: usize) {
        self.stop = Some((until, least));
    }

    /// A whole packet, which begins at `at`.
    pub(super) fn take(&mut self, packet: &[u8], at: u64) -> Result<(), IndexError> {
        let Some(mut payloads) = PayloadReader::new(packet, packet.len())? else {
            return Err(BREAKS_OFF);
        };
        let padding = packet.get(payloads.end()..).unwrap_or_default();
        let end = payloads.end();
        while let Some(payload) = payloads.next()? {
            let place = PayloadPlace {
                packet_at: at,
                padding: (payload.end == end).then_some(padding),
            };
            if payload.stream == self.facts.stream {
                self.take_video(&payload, place)?;
            } else {
                self.take_other(&payload, place)?;
            }
        }
        Ok(())
    }

    /// Whether a picture has begun that has not ended.
    pub(super) fn is_pending(&self) -> bool {
        self.video.is_pending()
    }

    /// That nothing has begun where the packets end.
    pub(super) fn check_end(&self) -> Result<(), IndexError> {
        let is_pending = |(_, other): &(u8, ObjectBuilder)| other.is_pending();
        let breaks_off = self.is_pending() || self.others.iter().any(is_pending);
        (!breaks_off).then_some(()).ok_or(BREAKS_OFF)
    }

    fn take_video(
        &mut self,
        payload: &Payload<'_>,
        place: PayloadPlace<'_>,
    ) -> Result<(), IndexError> {
        if payload.said.len() == 1 {
            return Err(SMALL_OBJECTS);
        }
        let begin = place.packet_at + payload.header_at as u64;
        let is_stopped = |(until, least)| begin >= until && self.samples.len() >= least;
        let begins = !self.is_pending() && payload.offset == 0;
        if self.behind.is_some() || begins && self.stop.is_some_and(is_stopped) {
            self.behind.get_or_insert(begin);
            return Ok(());
        }
        match self.video.take(payload, place, self.is_amid)? {
            Some(object) => self.add(&object),
            None => Ok(()),
        }
    }

    fn take_other(
        &mut self,
        payload: &Payload<'_>,
        place: PayloadPlace<'_>,
    ) -> Result<(), IndexError> {
        let header = Arc::clone(&self.facts.header);
        let is_it = |stream: &&StreamHeader| stream.id == payload.stream;
        let Some(stream) = header.streams.iter().find(is_it) else {
            return Ok(());
        };
        if stream.kind != StreamKind::Sound {
            return Ok(());
        }
        if payload.said.len() == 1 {
            // Some objects, of which the place is the time of the first.
            let time = self.time(payload.offset)?;
            self.sounds.take(stream, time, None);
            return Ok(());
        }
        let known = self.others.iter().position(|(of, _)| *of == stream.id);
        let nth = known.unwrap_or(self.others.len());
        if known.is_none() {
            self.others.push((stream.id, ObjectBuilder::default()));
        }
        if let Some(object) = self.others[nth].1.take(payload, place, self.is_amid)? {
            let time = self.time(object.time)?;
            self.sounds.take(stream, time, Some(&object));
        }
        Ok(())
    }

    /// After the preroll, ms.
    fn time(&self, time: u32) -> Result<i64, IndexError> {
        let time = Some(time).filter(|&time| time < MOST_TIME);
        let since = time.and_then(|time| time.checked_sub(self.facts.header.preroll));
        since.map(i64::from).ok_or(UNORDERED)
    }

    fn add(&mut self, object: &MediaObject) -> Result<(), IndexError> {
        self.facts.most.check(self.samples.len() + 1)?;
        if object.bytes < LEAST_PICTURE_BYTES {
            return Err(EMPTY);
        }
        let is_key = random_access(self.facts.codec, &object.head) != RandomAccess::None;
        if is_key != object.is_key {
            return Err(UNTRUE_KEY);
        }
        if self.samples.is_empty() && !is_key && !self.is_amid {
            return Err(NO_START);
        }
        let pts = self.time(object.time)?;
        if self.samples.last().is_some_and(|last| last.pts >= pts) {
            return Err(UNORDERED);
        }
        let aspect = self.facts.extensions.pixel_aspect(&object.said);
        if *self.pixel_aspect.get_or_insert(aspect) != aspect {
            return Err(ASPECTS);
        }
        let mark = ClockMark {
            at: object.begin,
            dts: pts,
        };
        let first = self.ends.map_or(mark, |(first, _)| first);
        self.ends = Some((first, mark));
        let size = object.end.saturating_sub(object.begin);
        self.samples.push(CodedSample {
            offset: object.begin,
            size: u32::try_from(size).map_err(|_| TOO_LARGE)?,
            pts,
            sync: is_key,
            shown: true,
            encrypted: false,
        });
        Ok(())
    }
}
