//! The tracks of a file, as its header metadata name them: SMPTE ST 377-1, annex B.

use super::descriptor::PictureDescriptor;
use super::local_sets::{HeaderMetadata, MetadataSet};
use super::partitions::Partitions;
use crate::error::NO_VIDEO;
use crate::{IndexError, IndexLimits};
use plan::Budget;

const ODD_METADATA: IndexError = IndexError::Unsupported("its header is of an unusual kind");
const SEVERAL_VIDEOS: IndexError = IndexError::Unsupported("it has several videos");
const EDITED: IndexError = IndexError::Unsupported("only a part of it is to be shown");

/// Kinds of sets.
const CONTENT_STORAGE: u8 = 0x18;
const ESSENCE_DATA: u8 = 0x23;
const MATERIAL_PACKAGE: u8 = 0x36;
const SOURCE_PACKAGE: u8 = 0x37;
const SEQUENCE: u8 = 0x0f;
const SOURCE_CLIP: u8 = 0x11;
const ESSENCE_GROUP: u8 = 0x05;
const TRACKS: [u8; 2] = [0x3a, 0x3b];
const SEVERAL_DESCRIPTORS: u8 = 0x44;
/// Of pictures, of sound and of data.
const DESCRIPTORS: [u8; 9] = [0x28, 0x29, 0x42, 0x47, 0x48, 0x51, 0x5b, 0x5c, 0x5e];

/// What is known of all tracks.
#[derive(Debug, Clone)]
pub(super) struct FileTracks {
    pub(super) picture: PictureTrack,
    /// Samples a second of each track of sound.
    pub(super) sounds: Vec<(u32, u32)>,
}

/// The video.
#[derive(Debug, Clone)]
pub(super) struct PictureTrack {
    /// Its number among all tracks of essence.
    pub(super) stream: usize,
    /// As its elements have it in their keys.
    pub(super) number: [u8; 4],
    /// Edit units a second.
    pub(super) rate: (u32, u32),
    /// The essence.
    pub(super) body: u32,
    /// Its index table.
    pub(super) table: u32,
    pub(super) descriptor: PictureDescriptor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TrackKind {
    Picture,
    Sound,
    Data,
}

impl FileTracks {
    pub(super) fn read(partitions: &Partitions, limits: IndexLimits) -> Result<Self, IndexError> {
        let sets = partitions.metadata();
        let storage = sets.of_kind(CONTENT_STORAGE).next().ok_or(ODD_METADATA)?;
        let packages = storage.references(0x1901).iter();
        let mut packages = packages.filter_map(|package| sets.find(package, &[MATERIAL_PACKAGE]));
        let material = packages.next().ok_or(ODD_METADATA)?;
        if packages.next().is_some() {
            return Err(ODD_METADATA);
        }
        let (mut stream, mut picture, mut sounds) = (0, None, Vec::new());
        for track in material.references(0x4403) {
            let track = sets.find(track, &TRACKS).ok_or(ODD_METADATA)?;
            let Some(clip) = SourceOfTrack::find(sets, track)? else {
                // Such as a time code.
                continue;
            };
            match clip.kind {
                TrackKind::Picture if picture.is_some() => return Err(SEVERAL_VIDEOS),
                TrackKind::Picture => {
                    picture = Some(clip.picture(sets, stream, partitions.is_atom())?);
                }
                TrackKind::Sound => {
                    let descriptor = clip.descriptor(sets)?;
                    sounds.push(descriptor.ratio(0x3d03).ok_or(ODD_METADATA)?);
                }
                TrackKind::Data => {}
            }
            stream += 1;
            if stream > limits.streams {
                return Err(IndexError::Over(Budget::Streams));
            }
        }
        let picture = picture.ok_or(NO_VIDEO)?;
        Ok(Self { picture, sounds })
    }
}

/// The track of the file that one of the presentation shows.
struct SourceOfTrack<'a> {
    kind: TrackKind,
    presented: &'a MetadataSet,
    sequence: &'a MetadataSet,
    clip: &'a MetadataSet,
    package: &'a MetadataSet,
    track: &'a MetadataSet,
}

impl<'a> SourceOfTrack<'a> {
    /// None where it shows none.
    fn find(
        sets: &'a HeaderMetadata,
        presented: &'a MetadataSet,
    ) -> Result<Option<Self>, IndexError> {
        let Ok(sequence) = sequence_of(sets, presented) else {
            return Ok(None);
        };
        let components = sequence.references(0x1001);
        if components
            .iter()
            .any(|it| sets.find(it, &[ESSENCE_GROUP]).is_some())
        {
            return Err(ODD_METADATA);
        }
        let mut clips = components
            .iter()
            .filter_map(|it| sets.find(it, &[SOURCE_CLIP]));
        let Some(clip) = clips.next() else {
            return Ok(None);
        };
        let its: [u8; 32] = clip.array(0x1101).ok_or(ODD_METADATA)?;
        let mut packages = sets.of_kind(SOURCE_PACKAGE);
        let package = packages.find(|package| package.array(0x4401) == Some(its));
        let package = package.ok_or(ODD_METADATA)?;
        let tracks = package.references(0x4403).iter();
        let mut tracks = tracks.filter_map(|track| sets.find(track, &TRACKS));
        let number = clip.number(0x1102);
        let track = tracks.find(|track| track.number(0x4801) == number);
        let track = track.ok_or(ODD_METADATA)?;
        let kind = kind_of(sequence)?;
        if kind_of(sequence_of(sets, track)?)? != kind {
            return Err(ODD_METADATA);
        }
        if kind == TrackKind::Picture && components.len() != 1 {
            return Err(EDITED);
        }
        Ok(Some(Self {
            kind,
            presented,
            sequence,
            clip,
            package,
            track,
        }))
    }

    fn descriptor(&self, sets: &'a HeaderMetadata) -> Result<&'a MetadataSet, IndexError> {
        let its = self.package.array(0x4701).ok_or(ODD_METADATA)?;
        if let Some(descriptor) = sets.find(&its, &DESCRIPTORS) {
            return Ok(descriptor);
        }
        let several = sets
            .find(&its, &[SEVERAL_DESCRIPTORS])
            .ok_or(ODD_METADATA)?;
        let all = several.references(0x3f01).iter();
        let mut all = all.filter_map(|its| sets.find(its, &DESCRIPTORS));
        let number = self.track.number(0x4801);
        all.find(|set| set.number(0x3006) == number)
            .ok_or(ODD_METADATA)
    }

    fn picture(
        &self,
        sets: &HeaderMetadata,
        stream: usize,
        is_atom: bool,
    ) -> Result<PictureTrack, IndexError> {
        // Readers differ in what they make of a start that is not the first picture.
        let starts = [
            self.clip.long(0x1201),
            self.presented.long(0x4b02),
            self.track.long(0x4b02),
        ];
        if starts.iter().any(|start| start.unwrap_or(0) != 0)
            || self.sequence.bytes(0x4b02).is_some()
        {
            return Err(EDITED);
        }
        let package: Option<[u8; 32]> = self.package.array(0x4401);
        let mut essences = sets.of_kind(ESSENCE_DATA);
        let essence = essences.find(|essence| essence.array(0x2701) == package);
        let essence = essence.ok_or(ODD_METADATA)?;
        let rate = self.presented.ratio(0x4b01).ok_or(ODD_METADATA)?;
        if self.track.ratio(0x4b01) != Some(rate) {
            return Err(ODD_METADATA);
        }
        Ok(PictureTrack {
            stream,
            number: self.track.array(0x4804).ok_or(ODD_METADATA)?,
            rate,
            body: essence.number(0x3f07).ok_or(ODD_METADATA)?,
            table: essence.number(0x3f06).unwrap_or(0),
            descriptor: PictureDescriptor::parse(self.descriptor(sets)?, is_atom)?,
        })
    }
}

fn sequence_of<'a>(
    sets: &'a HeaderMetadata,
    track: &MetadataSet,
) -> Result<&'a MetadataSet, IndexError> {
    let its = track.array(0x4803).ok_or(ODD_METADATA)?;
    sets.find(&its, &[SEQUENCE]).ok_or(ODD_METADATA)
}

/// By the data definition.
fn kind_of(sequence: &MetadataSet) -> Result<TrackKind, IndexError> {
    /// As Avid has them.
    const LEGACY_PICTURE: &[u8] =
        b"\x80\x7d\x00\x60\x08\x14\x3e\x6f\x6f\x3c\x8c\xe1\x6c\xef\x11\xd2";
    const LEGACY_SOUND: &[u8] = b"\x80\x7d\x00\x60\x08\x14\x3e\x6f\x78\xe1\xeb\xe1\x6c\xef\x11\xd2";
    let label = sequence.label(0x0201).ok_or(ODD_METADATA)?;
    Ok(match &label[8..] {
        [1, 3, 2, 2, 1, ..] => TrackKind::Picture,
        [1, 3, 2, 2, 2, ..] => TrackKind::Sound,
        _ if label == LEGACY_PICTURE => TrackKind::Picture,
        _ if label == LEGACY_SOUND => TrackKind::Sound,
        _ => TrackKind::Data,
    })
}
