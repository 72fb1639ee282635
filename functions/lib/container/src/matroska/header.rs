//! `Tracks`: RFC 9559, 5.1.4.

use super::ebml::{DAMAGED, EbmlElement, elements};
use super::encoding::FrameEncoding;
use super::ids;
use super::picture::VideoSettings;
use crate::{IndexError, dolby_vision};
use plan::Budget;

/// One `TrackEntry`.
#[derive(Debug, Default, Clone)]
pub(super) struct TrackEntry {
    /// What blocks call it.
    pub(super) number: u64,
    kind: u64,
    is_enabled: bool,
    is_default: bool,
    /// Of a frame, ns; 0 where that is not said.
    pub(super) default_duration_ns: u64,
    /// What the decoder's delay takes off all times, ns.
    pub(super) codec_delay_ns: u64,
    pub(super) codec: Vec<u8>,
    pub(super) private: Vec<u8>,
    pub(super) picture: VideoSettings,
    pub(super) encoding: FrameEncoding,
    pub(super) dolby_vision_profile: Option<u8>,
    odd: Option<&'static str>,
}

impl TrackEntry {
    pub(super) fn is_sound(&self) -> bool {
        self.kind == 2
    }

    /// It is a video that may be encrypted.
    pub(super) fn has_encryption(&self) -> bool {
        let is_plain = matches!(
            self.encoding,
            FrameEncoding::None | FrameEncoding::Compressed
        );
        self.is_video() && !is_plain
    }

    fn is_video(&self) -> bool {
        self.kind == 1
    }

    /// Video, sound, subtitles and metadata are streams of ffmpeg's; buttons and controls are not.
    fn is_stream(&self) -> bool {
        matches!(self.kind, 1 | 2 | 0x11 | 0x21)
    }

    fn parse(body: &[u8]) -> Result<Self, IndexError> {
        let mut entry = Self {
            is_enabled: true,
            is_default: true,
            ..Self::default()
        };
        for element in elements(body) {
            entry.take(element?)?;
        }
        Ok(entry)
    }

    fn take(&mut self, element: EbmlElement<'_>) -> Result<(), IndexError> {
        match element.id {
            ids::TRACK_NUMBER => self.number = element.unsigned()?,
            ids::TRACK_TYPE => self.kind = element.unsigned()?,
            ids::FLAG_ENABLED => self.is_enabled = element.unsigned()? != 0,
            ids::FLAG_DEFAULT => self.is_default = element.unsigned()? != 0,
            ids::DEFAULT_DURATION => self.default_duration_ns = element.unsigned()?,
            ids::CODEC_DELAY => self.codec_delay_ns = element.unsigned()?,
            ids::CODEC_ID => self.codec = element.text().to_vec(),
            ids::CODEC_PRIVATE => self.private = element.body.to_vec(),
            ids::BLOCK_ADDITION_MAPPING => {
                let profile = dolby_vision_profile(element.body)?;
                self.dolby_vision_profile = self.dolby_vision_profile.or(profile);
            }
            ids::VIDEO => self.picture = VideoSettings::parse(element.body)?,
            ids::CONTENT_ENCODINGS => self.encoding = FrameEncoding::parse(element.body)?,
            ids::TRACK_OPERATION => self.odd = Some("its track is made of others"),
            ids::TRACK_TIMESTAMP_SCALE if element.float()?.to_bits() != 1_f64.to_bits() => {
                self.odd = Some("its track has a clock of its own");
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether its blocks can be taken as they are.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        if self.codec_delay_ns != 0 {
            return Err(IndexError::Unsupported("its video has a decoder delay"));
        }
        match self.encoding {
            FrameEncoding::Encrypted => return Err(IndexError::Encrypted),
            FrameEncoding::Compressed => {
                return Err(IndexError::Unsupported("its samples are compressed"));
            }
            FrameEncoding::None | FrameEncoding::Signalled => {}
        }
        self.odd
            .map_or(Ok(()), |odd| Err(IndexError::Unsupported(odd)))
    }
}

/// What a `BlockAdditionMapping` says where it is of Dolby Vision: RFC 9559, 5.1.4.1.17.
fn dolby_vision_profile(mapping: &[u8]) -> Result<Option<u8>, IndexError> {
    let (mut is_record, mut profile) = (false, None);
    for element in elements(mapping) {
        let element = element?;
        match element.id {
            ids::BLOCK_ADD_ID_TYPE => {
                let kind = element.unsigned()?;
                let kinds = dolby_vision::RECORDS.map(u32::from_be_bytes);
                is_record = kinds.iter().any(|&known| u64::from(known) == kind);
            }
            ids::BLOCK_ADD_ID_EXTRA_DATA => profile = dolby_vision::profile(element.body),
            _ => {}
        }
    }
    Ok(profile.filter(|_| is_record))
}

/// All that are streams, in ffmpeg's order.
pub(super) fn parse(tracks: &[u8], most: usize) -> Result<Vec<TrackEntry>, IndexError> {
    let mut entries = Vec::new();
    for element in elements(tracks) {
        let element = element?;
        if element.id == ids::TRACK_ENTRY {
            entries.push(TrackEntry::parse(element.body)?);
        }
        if entries.len() > most {
            return Err(IndexError::Over(Budget::Streams));
        }
    }
    let mut numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) || numbers.first() == Some(&0) {
        return Err(DAMAGED);
    }
    // ffmpeg makes no stream of a track without a codec.
    entries.retain(|entry| entry.is_stream() && !entry.codec.is_empty());
    Ok(entries)
}

/// The videos as a player prefers them: those that are enabled, default ones first, then those
/// that are not.
pub(super) fn videos(entries: &[TrackEntry]) -> Vec<usize> {
    let is_video = |&at: &usize| entries[at].is_video();
    let mut videos: Vec<usize> = (0..entries.len()).filter(is_video).collect();
    videos.sort_by_key(|&at| (!entries[at].is_enabled, !entries[at].is_default));
    videos
}
