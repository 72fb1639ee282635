//! The whole index: each page is read, once.

use super::page::each_page;
use super::page_run::{OggFacts, PageRun};
use crate::error::{NO_DURATION, NO_START};
use crate::{IndexError, IndexLimits, VideoTrack};
use source::RangeSource;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its pages to be read");

pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    if source.bytes() > limits.bytes {
        return Err(TOO_LONG);
    }
    let mut run = PageRun::new(OggFacts::new(limits));
    each_page(source, &mut |page| run.take(page))?;
    run.check_end()?;
    if !run.samples.first().is_some_and(|first| first.sync) {
        return Err(NO_START);
    }
    if run.samples.len() < 2 {
        return Err(NO_DURATION);
    }
    Ok(VideoTrack {
        end_pts: run.end_pts(),
        sounds: run.sound_ends()?,
        samples: std::mem::take(&mut run.samples),
        ..run.facts.track()?
    })
}
