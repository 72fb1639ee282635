//! Videos of transport streams that are scrambled, wholly or in parts.

use crate::MediaError;
use container::parameter_sets::ParameterSets;
use container::ts::{self, ClearParts, ListedPackets, ScrambledVideos};
use decoder::PacketListing;
use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// What of a file is scrambled.
#[derive(Debug)]
pub(super) struct ScrambledFile(ScrambledVideos);

impl ScrambledFile {
    pub(super) fn of(file: &File) -> Result<Self, MediaError> {
        let videos = ts::scrambled_videos(&mut |at, into| file.read_at(into, at))?;
        Ok(Self(videos))
    }

    /// With `sets` to look for on the way; whether these tell several shapes of a pixel.
    pub(super) fn with_sets(
        file: &File,
        mut sets: Option<ParameterSets<'_>>,
    ) -> Result<(Self, bool), MediaError> {
        let mut read_at = |at, into: &mut [u8]| file.read_at(into, at);
        let videos = ts::scrambled_and_sets(&mut read_at, sets.as_mut())?;
        Ok((Self(videos), sets.is_some_and(ParameterSets::differ)))
    }

    /// Nothing that ffmpeg makes of such a file is the file's fault.
    pub(super) fn blamed(&self, error: MediaError) -> MediaError {
        match error.is_permanent() && !self.0.is_empty() && error.budget().is_none() {
            true => MediaError::Encrypted,
            false => error,
        }
    }

    /// What of the listed video can be shown; none where all of it can.
    ///
    /// # Errors
    /// [`MediaError::Encrypted`] where nothing can, or nobody knows what.
    pub(super) fn clear_parts(
        &self,
        file: &File,
        listing: &PacketListing,
        most_units: usize,
    ) -> Result<Option<ClearParts>, MediaError> {
        let id = listing.header.id(listing.stream);
        let video = id.and_then(|id| u16::try_from(id).ok());
        let is_in = |videos: &BTreeSet<u16>| video.is_some_and(|video| videos.contains(&video));
        let nothing_comes = listing.packets.is_empty() && !self.0.is_empty();
        if is_in(&self.0.whole) || nothing_comes {
            return Err(MediaError::Encrypted);
        }
        let Some(video) = video.filter(|_| is_in(&self.0.in_parts)) else {
            return Ok(None);
        };
        let units = ts::pes_units(&mut |at, into| file.read_at(into, at), video, most_units)?;
        let packets = listing.packets.iter();
        let listed = ListedPackets {
            time_base: listing.time_base,
            packets: packets
                .map(|packet| (packet.pts, packet.is_key()))
                .collect(),
        };
        let parts = units.and_then(|units| ClearParts::of(&listed, &units));
        parts.map(Some).ok_or(MediaError::Encrypted)
    }
}
