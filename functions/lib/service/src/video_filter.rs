//! Whether a video matches a filter, for stores that can't ask their database.

use crate::model::Video;
use contract::command::ScrollToken;
use contract::video_filter::VideoFilter;

/// Whether `video` matches.
#[must_use]
pub fn matches(filter: &VideoFilter, video: &Video) -> bool {
    let of = |text: Option<&String>, part: &String| text.is_some_and(|text| holds(text, part));
    match filter {
        VideoFilter::All(all) => all.iter().all(|filter| matches(filter, video)),
        VideoFilter::Any(any) => any.iter().any(|filter| matches(filter, video)),
        VideoFilter::Id(id) => video.id == id.as_str(),
        VideoFilter::Reference(id) => video.reference_id.as_ref() == Some(id),
        VideoFilter::Status(name) => video.status.name() == name,
        VideoFilter::CateId(id) => video.cate_id == Some(*id),
        VideoFilter::Title(part) => holds(&video.title, part),
        VideoFilter::Description(part) => of(video.description.as_ref(), part),
        VideoFilter::Tag(tag) => tags(video).any(|held| held == tag.trim_matches(' ')),
        VideoFilter::Created(range) => (range.from_ms..range.until_ms).contains(&video.created_ms),
    }
}

/// What a video's tags are, by their commas.
fn tags(video: &Video) -> impl Iterator<Item = &str> {
    let tags = video.tags.as_deref().unwrap_or_default();
    tags.split(',').map(|tag| tag.trim_matches(' '))
}

fn holds(text: &str, part: &str) -> bool {
    let lower = |text: &str| text.to_ascii_lowercase();
    lower(text).contains(&lower(part))
}

/// Whether a video follows the one that `token` names, in a list of this order.
#[must_use]
pub fn follows(token: &ScrollToken, newest_first: bool, video: &Video) -> bool {
    // The id of the video itself goes on after its prefix; no digit comes after `~`.
    let id = video.id.as_str();
    let last = format!("{}~", token.id_prefix);
    match newest_first {
        true => (video.created_ms, id) < (token.created_ms, token.id_prefix.as_str()),
        false => (video.created_ms, id) > (token.created_ms, last.as_str()),
    }
}
