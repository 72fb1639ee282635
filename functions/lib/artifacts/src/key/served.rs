//! Which keys clients may get, and what they are of.

/// What a key is of that clients may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// A picture, a sheet of pictures or an animated image.
    Picture(PictureFile),
    /// A WebVTT file.
    WebVtt,
    /// What another player reads of sheets.
    Storyboard(StoryboardFile),
    /// A manifest.
    Manifest,
}

/// The kind of file of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFile {
    /// JPEG.
    Jpeg,
    /// WebP, animated or not.
    Webp,
    /// GIF.
    Gif,
}

/// What players read of sheets, beside WebVTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryboardFile {
    /// A playlist of HLS: of sheets, or the one that names it.
    Playlist,
    /// An MPD of DASH.
    Mpd,
    /// An adaptation set of DASH.
    AdaptationSet,
    /// JSON in the shape of Mux's storyboards.
    Json,
    /// A BIF file, which holds the cells.
    Bif,
}

impl Served {
    /// As HTTP names it.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Picture(PictureFile::Jpeg) => "image/jpeg",
            Self::Picture(PictureFile::Webp) => "image/webp",
            Self::Picture(PictureFile::Gif) => "image/gif",
            Self::WebVtt => "text/vtt",
            Self::Storyboard(StoryboardFile::Playlist) => "application/vnd.apple.mpegurl",
            Self::Storyboard(StoryboardFile::Mpd) => "application/dash+xml",
            Self::Storyboard(StoryboardFile::AdaptationSet) => "application/xml",
            Self::Storyboard(StoryboardFile::Bif) => "application/octet-stream",
            Self::Storyboard(StoryboardFile::Json) | Self::Manifest => "application/json",
        }
    }

    /// Whether it is a text that names files beside it: players resolve their names against its own
    /// address.
    #[must_use]
    pub fn names_files(self) -> bool {
        !matches!(
            self,
            Self::Picture(_) | Self::Manifest | Self::Storyboard(StoryboardFile::Bif)
        )
    }

    /// Whether it is XML.
    #[must_use]
    pub fn is_xml(self) -> bool {
        matches!(
            self,
            Self::Storyboard(StoryboardFile::Mpd | StoryboardFile::AdaptationSet)
        )
    }
}

/// What `key` is of, if it is one that clients may get: a picture, a manifest, or what players read, of
/// some job. What is kept of a job in hand is none of theirs.
#[must_use]
pub fn served(key: &str) -> Option<Served> {
    let parts: Vec<_> = key.split('/').collect();
    let (video, folder, name) = match parts[..] {
        [video, "snapshots", name] => (video, None, name),
        [video, "snapshots", folder, name] => (video, Some(folder), name),
        _ => return None,
    };
    let (job, rest) = name.split_at(name.find(['-', '.'])?);
    if !is_id(video) || !is_id(job) {
        return None;
    }
    match (folder, rest) {
        (None, "-manifest.json") => Some(Served::Manifest),
        (None | Some("sprite-origin"), rest) => picture(rest),
        (Some("dynamic"), ".gif") => Some(Served::Picture(PictureFile::Gif)),
        (Some("dynamic"), ".webp") => Some(Served::Picture(PictureFile::Webp)),
        (Some("sprite" | "vtt"), rest) => picture(rest).or_else(|| beside_sheets(rest)),
        _ => None,
    }
}

fn picture(rest: &str) -> Option<Served> {
    let kinds = [(".jpg", PictureFile::Jpeg), (".webp", PictureFile::Webp)];
    let (_, kind) = kinds.into_iter().find(|(end, _)| is_numbered(rest, end))?;
    Some(Served::Picture(kind))
}

fn beside_sheets(rest: &str) -> Option<Served> {
    Some(match rest {
        ".vtt" => Served::WebVtt,
        ".m3u8" | "-multivariant.m3u8" => Served::Storyboard(StoryboardFile::Playlist),
        ".mpd" => Served::Storyboard(StoryboardFile::Mpd),
        "-adaptation-set.xml" => Served::Storyboard(StoryboardFile::AdaptationSet),
        ".bif" => Served::Storyboard(StoryboardFile::Bif),
        rest if is_numbered(rest, ".json") => Served::Storyboard(StoryboardFile::Json),
        _ => return None,
    })
}

fn is_numbered(rest: &str, end: &str) -> bool {
    let number = rest
        .strip_prefix('-')
        .and_then(|rest| rest.strip_suffix(end));
    number.is_some_and(|text| text.len() >= 5 && text.bytes().all(|b| b.is_ascii_digit()))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::*;

    #[test]
    fn what_is_kept_of_a_job_in_hand_is_served() {
        let pictures = [
            picture("v", "j", 1),
            sheet("v", "j", 100_000),
            sprite_origin("v", "j", 7),
            web_vtt_picture("v", "j", 3),
        ];
        for key in &pictures {
            let of = |key: &str| served(key).map(Served::content_type);
            assert_eq!(of(key), Some("image/jpeg"), "{key}");
            assert_eq!(
                of(&with_extension(key, "webp")),
                Some("image/webp"),
                "{key}"
            );
            assert_eq!(of(&with_extension(key, "png")), None, "{key}");
        }
        for (format, content_type) in [("gif", "image/gif"), ("webp", "image/webp")] {
            let kind = served(&dynamic_image("v", "j", format));
            assert_eq!(kind.map(Served::content_type), Some(content_type));
        }
        assert_eq!(served(&web_vtt("v", "j")), Some(Served::WebVtt));
        assert_eq!(served(&manifest("v", "j")), Some(Served::Manifest));
        for folder in ["sprite", "vtt"] {
            for (end, file) in [
                (".m3u8", StoryboardFile::Playlist),
                ("-multivariant.m3u8", StoryboardFile::Playlist),
                (".mpd", StoryboardFile::Mpd),
                ("-adaptation-set.xml", StoryboardFile::AdaptationSet),
                ("-00012.json", StoryboardFile::Json),
                (".bif", StoryboardFile::Bif),
            ] {
                let key = format!("v/snapshots/{folder}/j{end}");
                assert_eq!(served(&key), Some(Served::Storyboard(file)), "{key}");
            }
            let key = format!("v/snapshots/{folder}/j.vtt");
            assert_eq!(served(&key), Some(Served::WebVtt));
        }
        for other in [
            &progress("v", "j"),
            &cells(&sheet_pattern("v", "j"), 1),
            "v/snapshots/j.m3u8",
            "v/snapshots/sprite-origin/j.bif",
            "v/snapshots/sprite/j-1.json",
            "v/snapshots/sprite/j-00001.json/",
            "",
            "keys.json",
            "v/snapshots/",
            "v/snapshots",
            "v/snapshots/j",
            "v/snapshots/j-00001.jpg/",
            "/v/snapshots/j-00001.jpg",
            "v//snapshots/j-00001.jpg",
            "v/snapshots/../snapshots/j-00001.jpg",
            "../v/snapshots/j-00001.jpg",
            "v/snapshots/..-00001.jpg",
            "v/snapshots/%2e-00001.jpg",
            "v/snapshots/other/j-00001.jpg",
            "v/snapshots/sprite/j-manifest.json",
            "v/snapshots/j.vtt",
            "v/snapshots/vtt/j.json",
            "v/snapshots/dynamic/j.exe",
            "v/snapshots/j.gif",
            "v/snapshots/j-1.jpg",
            "v/snapshots/j-1.webp",
            "v/snapshots/j.webp",
            "v/snapshots/j-0000a.jpg",
            "v/snapshots/j-00001.JPG",
            "v/snapshots/-00001.jpg",
            "v/snapshots/j-{SnapshotCount}.jpg",
            "v/covers/j-00001.jpg",
        ] {
            assert_eq!(served(other), None, "{other}");
        }
    }
}
