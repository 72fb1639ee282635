//! Where an event says that the files of a job are.

use crate::model::{EventUrls, Job};
use crate::pictures::first_keys;
use crate::pictures::keys::PictureKeys;

/// The keys of what the event names: its first picture, all of them, and the first file in each form that
/// players read.
pub(crate) fn named_keys(job: &Job) -> Vec<String> {
    let keys = PictureKeys::from(job);
    let pictures = [keys.key(job.kind, 1), keys.pattern(job.kind)];
    let boards = first_keys(job).into_iter().map(|(_, key)| key);
    pictures.into_iter().chain(boards).collect()
}

/// The URLs of these keys, in their order, as what they are; none where some are missing.
pub(crate) fn named_urls(job: &Job, urls: Vec<String>) -> Option<EventUrls> {
    let mut urls = urls.into_iter();
    let (cover, regular) = (urls.next()?, urls.next()?);
    let boards = first_keys(job).into_iter().zip(urls);
    let storyboards = boards.map(|((format, _), url)| (format, url)).collect();
    Some(EventUrls {
        cover,
        regular,
        storyboards,
    })
}
