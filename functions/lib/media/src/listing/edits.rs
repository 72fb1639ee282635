//! Edit lists of an MP4 that is not cut. ffmpeg's demuxer begins an edit with the first frame that
//! begins within it: where that hides one, or where there are several edits, samples are listed as
//! if there were none, and the edits are applied here.

use super::timeline::ends;
use container::MediaEdits;
use decoder::{AudioTrack, PacketListing};
use plan::{EditList, EditedTimeline, TimeBase, Timeline};

/// When the frames of a listing without edits are shown.
#[derive(Debug, Clone)]
pub(super) struct FrameEdits {
    list: EditList,
    /// From the clock of the media to that of the listing, ticks: ffmpeg may move samples that are
    /// shown before they are decoded.
    early: i64,
    /// On the clock of the presentation.
    audio: Vec<AudioTrack>,
    most_frames: usize,
}

/// Whether ffmpeg shows something else than the edits say. `listing` is its own; where its times are
/// wrong, so is the frame that it begins with.
pub(super) fn matter(edits: &MediaEdits, listing: &PacketListing, are_wrong: bool) -> bool {
    let hides =
        || are_wrong || edits.is_fragmented || listing.packets.iter().any(|p| p.is_discarded());
    let begins_late = edits.list.first_start().is_some_and(|start| start > 0);
    edits.list.is_complex() || (begins_late && hides())
}

impl FrameEdits {
    /// For frames that are listed as in `listing`; `audio` are the sounds as ffmpeg edits them.
    /// None where nothing would be seen.
    pub(super) fn new(
        edits: MediaEdits,
        listing: &PacketListing,
        audio: Vec<AudioTrack>,
        most_frames: usize,
    ) -> Option<Self> {
        let list = edits.list;
        let is_its_clock = listing.time_base == TimeBase::new(1, list.timescale);
        let first = listing.packets.first().filter(|_| is_its_clock)?;
        let early = first.pts?.checked_sub(edits.first_pts)?;
        let times = listing.packets.iter().filter_map(|packet| packet.pts);
        let mut times: Vec<i64> = times.map(|time| time.saturating_sub(early)).collect();
        times.sort_unstable();
        list.presentation(&times, times.last()?.saturating_add(1), most_frames)?;
        Some(Self {
            list,
            early,
            audio,
            most_frames,
        })
    }

    /// None where nothing of it is seen.
    pub(super) fn of(&self, listed: &Timeline) -> Option<EditedTimeline> {
        let (listed, sounds) = ((listed, self.early), ends(&self.audio));
        EditedTimeline::new(&self.list, listed, sounds, self.most_frames)
    }
}
