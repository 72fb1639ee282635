//! Edit lists of an MP4 that is not cut. ffmpeg's demuxer begins an edit with the first frame that
//! begins within it: where that hides one, or where there are several edits, samples are listed as
//! if there were none, and the edits are applied here.

use super::packets::{AudioTrack, PacketListing};
use super::timeline::ends;
use container::MediaEdits;
use plan::{ClockRepair, EditList, TimeBase, Timeline, TimelineFrame, end_with_sound};
use std::borrow::Cow;

/// When the frames of a listing without edits are shown.
#[derive(Debug, Clone)]
pub(super) struct FrameEdits {
    list: EditList,
    /// From the clock of the media to that of the listing, ticks: ffmpeg moves samples that are
    /// shown before they are decoded.
    early: i64,
    /// On the clock of the presentation.
    audio: Vec<AudioTrack>,
    most_frames: usize,
}

/// What is to be seen, frame by frame.
#[derive(Debug, Clone)]
pub(crate) struct EditedTimeline {
    pub(crate) timeline: Timeline,
    /// The listed frame of each of its frames.
    frames: Vec<usize>,
}

/// Whether ffmpeg shows something else than the edits say. `listing` is its own.
pub(super) fn matter(edits: &MediaEdits, listing: &PacketListing) -> bool {
    let hides = || edits.is_fragmented || listing.packets.iter().any(|p| p.is_discarded());
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
        let this = Self {
            early: first.pts?.checked_sub(edits.first_pts)?,
            list,
            audio,
            most_frames,
        };
        let mut times: Vec<i64> = listing.packets.iter().filter_map(|p| p.pts).collect();
        times.sort_unstable();
        let end = times.last()?.saturating_add(1);
        this.presentation(times, end)?;
        Some(this)
    }

    fn presentation(&self, mut times: Vec<i64>, end: i64) -> Option<plan::Presentation> {
        let on_media = |time: i64| time.saturating_sub(self.early);
        for time in &mut times {
            *time = on_media(*time);
        }
        self.list
            .presentation(&times, on_media(end), self.most_frames)
    }

    /// None where nothing of it is seen.
    pub(super) fn of(&self, listed: &Timeline) -> Option<EditedTimeline> {
        let times = listed.frames().iter().map(|frame| frame.pts).collect();
        let seen = self.presentation(times, listed.end_pts())?;
        let shown = seen.frames.iter().map(|&(frame, pts)| TimelineFrame {
            pts,
            sync: listed.frames()[frame].sync,
        });
        let (shown, time_base) = (shown.collect(), listed.time_base());
        let end = end_with_sound(seen.end, time_base, ends(&self.audio));
        let frames: Vec<usize> = seen.frames.iter().map(|&(frame, _)| frame).collect();
        let shown_at = |pts: i64| {
            let is_it = |seen: &&(usize, i64)| listed.frames()[seen.0].pts == pts;
            Some(seen.frames.iter().find(is_it)?.1)
        };
        let repairs = listed.repairs().iter().filter_map(|repair| {
            let first_pts = shown_at(repair.first_pts)?;
            Some(ClockRepair {
                first_pts,
                ..*repair
            })
        });
        let timeline = Timeline::new(time_base, shown, end)?;
        Some(EditedTimeline {
            timeline: timeline.with_repairs(repairs.collect()),
            frames,
        })
    }
}

impl EditedTimeline {
    /// The listed frames of frames to be seen.
    pub(crate) fn listed<'a>(edited: Option<&Self>, wanted: &'a [usize]) -> Cow<'a, [usize]> {
        match edited {
            None => Cow::Borrowed(wanted),
            Some(Self { frames, .. }) => {
                let listed = wanted.iter().filter_map(|&frame| frames.get(frame));
                Cow::Owned(listed.copied().collect())
            }
        }
    }
}
