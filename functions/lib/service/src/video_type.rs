//! As what the file of a video is given to players.

/// By the ending of a file's name. Whatever a file is, it is given as a video and as nothing else:
/// a page among them would otherwise run as one of ours.
const VIDEO_TYPES: [(&str, &str); 9] = [
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("webm", "video/webm"),
    ("ts", "video/mp2t"),
    ("m2ts", "video/mp2t"),
    ("flv", "video/x-flv"),
    ("avi", "video/x-msvideo"),
    ("wmv", "video/x-ms-wmv"),
    ("ogv", "video/ogg"),
];
const DEFAULT_TYPE: &str = "video/mp4";

/// The content type of a file with this name, a path or a key.
#[must_use]
pub fn video_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_it = |(known, _): &&(&str, &str)| known.eq_ignore_ascii_case(ending);
    let known = VIDEO_TYPES.iter().find(is_it);
    known.map_or(DEFAULT_TYPE, |(_, content_type)| content_type)
}
