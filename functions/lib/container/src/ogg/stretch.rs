//! A long file by its granule positions: the frames that lie whole in a stretch of it.

use super::page::{MOST_PAGE_BYTES, Page, captures, check_whole, each_page_in, find_page};
use super::page_run::{OggFacts, PageRun};
use crate::clocked_index::{ClockedIndex, ClockedStream, Ending, Stretch, read_between};
use crate::error::SOUND_ENDS;
use crate::{IndexError, IndexLimits, VideoTrack};
use source::RangeSource;

/// See [`crate::SparseIndex`]. Of a file of any length.
pub(crate) fn clocked_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<PageStream>, IndexError> {
    let stream = PageStream {
        facts: OggFacts::new(limits),
        file_bytes: source.bytes(),
    };
    ClockedIndex::new(stream, source, limits)
}

/// What is known of the video as a whole.
#[derive(Debug, Clone)]
pub(crate) struct PageStream {
    facts: OggFacts,
    file_bytes: u64,
}

impl PageStream {
    /// The pages that lie whole between two places.
    fn read(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        is_start: bool,
    ) -> Result<Option<PageRun>, IndexError> {
        let bytes = read_between(source, places)?;
        let is_known = |serial: u32| self.facts.streams.is_known(serial);
        let begin = match is_start {
            true => Some(0),
            false => find_page(&bytes, &is_known),
        };
        let Some(begin) = begin else {
            return Ok(None);
        };
        let from = places.0 + begin as u64;
        let mut run = PageRun::new(self.facts.clone());
        let done = each_page_in(&bytes[begin..], from, &mut |page| run.take(page))?;
        if places.0 + bytes.len() as u64 == self.file_bytes {
            check_whole(&bytes[begin + done..])?;
            run.check_end()?;
        }
        self.facts = run.facts.clone();
        Ok(Some(run))
    }

    fn stretch_of(&self, run: PageRun, to: u64) -> Option<Stretch> {
        let (first, last) = run.marks?;
        Some(Stretch {
            next: Some(run.restart()).filter(|_| to < self.file_bytes),
            samples: run.samples,
            heads: Vec::new(),
            // In that page one may end that begins before: it is read with those before it.
            from: first.at,
            first,
            last,
        })
    }
}

impl ClockedStream for PageStream {
    /// There is a page in it, unless it is one of the longest.
    const PROBE_BYTES: u64 = 64 << 10;
    const NEAR_SECONDS: i64 = 8;

    fn ends(&self) -> (u64, u64) {
        (0, self.file_bytes)
    }

    /// The page in which a frame ends.
    fn lookahead(&self) -> u64 {
        2 * MOST_PAGE_BYTES
    }

    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError> {
        let read = self.read(source, places, near.is_none())?;
        Ok(read.and_then(|run| self.stretch_of(run, places.1)))
    }

    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        _near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError> {
        let read = self.read(source, (from, self.file_bytes), false)?;
        let Some(run) = read.filter(|run| run.samples.iter().any(|sample| sample.sync)) else {
            return Ok(None);
        };
        if run.sounds_come() < self.facts.streams.sounds() {
            return Err(SOUND_ENDS);
        }
        let (end_pts, sounds) = (run.end_pts(), run.sound_ends()?);
        let stretch = self.stretch_of(run, self.file_bytes);
        Ok(stretch.map(|stretch| Ending {
            stretch,
            end_pts,
            sounds,
        }))
    }

    /// By headers alone: whoever reads a stretch looks at checksums.
    fn mark(
        &self,
        source: &dyn RangeSource,
        places: (u64, u64),
    ) -> Result<Option<(u64, u64)>, IndexError> {
        let bytes = read_between(source, places)?;
        let (_, video) = self.facts.streams.video()?;
        let mut before = None;
        for at in captures(&bytes) {
            let page = Page::header(&bytes[at..], places.0 + at as u64)?;
            let page = page.map(|(page, _)| page);
            let Some(page) = page.filter(|page| page.serial == video) else {
                continue;
            };
            if let Some(number) = self.first_of(&page, before)? {
                return Ok(Some((page.place, number)));
            }
            before = page.granule;
        }
        Ok(None)
    }

    /// They are shown as they are decoded.
    fn check_order(&self, _stretch: &Stretch) -> Result<(), IndexError> {
        Ok(())
    }

    fn track(&self) -> Result<VideoTrack, IndexError> {
        self.facts.track()
    }
}

impl PageStream {
    /// The number of the first frame that begins in a page; none where none does, or its own granule
    /// position and that of the page before tell nothing.
    fn first_of(&self, page: &Page<'_>, before: Option<u64>) -> Result<Option<u64>, IndexError> {
        let ended = page.packet_ends();
        let begun = ended + usize::from(page.goes_on());
        let begun = begun.saturating_sub(page.is_continued.into());
        let told = match (page.granule, before) {
            _ if begun == 0 => None,
            (Some(own), _) => Some((own, ended.saturating_sub(page.is_continued.into()))),
            (None, Some(before)) => Some((before, 0)),
            (None, None) => None,
        };
        let Some((granule, back)) = told else {
            return Ok(None);
        };
        let count = self.facts.streams.theora.frame_count(granule)?;
        let back = i64::try_from(back).unwrap_or(i64::MAX);
        Ok(u64::try_from(count.frames.saturating_sub(back)).ok())
    }
}
