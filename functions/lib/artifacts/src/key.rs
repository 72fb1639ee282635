//! Where the objects of a job lie. A key depends on nothing but the video, the job and the
//! number, so that a repeated run overwrites its own objects.
//!
//! Numbers count from 1 and have five digits, from 100,000 on more. A pattern is the key with
//! [`NUMBER`] in place of the number. Pictures are JPEGs here; others are called by [`with_extension`].

mod served;

pub use served::{PictureFile, Served, StoryboardFile, served};

/// Stands for the number in a pattern, as clients of the API know it.
pub const NUMBER: &str = "{SnapshotCount}";

/// The key of a picture.
#[must_use]
pub fn picture(video_id: &str, job_id: &str, number: u32) -> String {
    numbered(video_id, "", job_id, &digits(number))
}

/// The pattern of a job's pictures.
#[must_use]
pub fn picture_pattern(video_id: &str, job_id: &str) -> String {
    numbered(video_id, "", job_id, NUMBER)
}

/// The key of a sprite sheet.
#[must_use]
pub fn sheet(video_id: &str, job_id: &str, number: u32) -> String {
    numbered(video_id, "sprite/", job_id, &digits(number))
}

/// The pattern of a job's sprite sheets.
#[must_use]
pub fn sheet_pattern(video_id: &str, job_id: &str) -> String {
    numbered(video_id, "sprite/", job_id, NUMBER)
}

/// The key of a picture that a sprite job keeps beside its sheets.
#[must_use]
pub fn sprite_origin(video_id: &str, job_id: &str, number: u32) -> String {
    numbered(video_id, "sprite-origin/", job_id, &digits(number))
}

/// The pattern of the pictures a sprite job keeps.
#[must_use]
pub fn sprite_origin_pattern(video_id: &str, job_id: &str) -> String {
    numbered(video_id, "sprite-origin/", job_id, NUMBER)
}

/// The key of a WebVTT file.
#[must_use]
pub fn web_vtt(video_id: &str, job_id: &str) -> String {
    format!("{video_id}/snapshots/vtt/{job_id}.vtt")
}

/// The key of a picture, or a sheet of pictures, that a WebVTT file names.
#[must_use]
pub fn web_vtt_picture(video_id: &str, job_id: &str, number: u32) -> String {
    numbered(video_id, "vtt/", job_id, &digits(number))
}

/// The pattern of what a WebVTT file names.
#[must_use]
pub fn web_vtt_pattern(video_id: &str, job_id: &str) -> String {
    numbered(video_id, "vtt/", job_id, NUMBER)
}

/// The key of an animated image.
#[must_use]
pub fn dynamic_image(video_id: &str, job_id: &str, extension: &str) -> String {
    format!("{video_id}/snapshots/dynamic/{job_id}.{extension}")
}

/// What the keys of a video's animated images begin with.
#[must_use]
pub fn dynamic_images(video_id: &str) -> String {
    format!("{video_id}/snapshots/dynamic/")
}

/// The key of what lies beside the sheets, or the pictures, of `pattern`: `end` in place of the number.
#[must_use]
pub fn beside(pattern: &str, end: &str) -> String {
    let numbered = pattern
        .rsplit_once(NUMBER)
        .and_then(|(key, _)| key.strip_suffix('-'));
    format!("{}{end}", numbered.unwrap_or(pattern))
}

/// The key, or the pattern, of a picture of another format than JPEG in place of that of a JPEG.
#[must_use]
pub fn with_extension(jpeg: &str, extension: &str) -> String {
    let stem = jpeg.strip_suffix("jpg").unwrap_or(jpeg);
    format!("{stem}{extension}")
}

/// The key of the cells of one sheet of `pattern`, each as a file of its own: kept while their job may go
/// on in another run, and nothing once it has ended.
#[must_use]
pub fn cells(pattern: &str, sheet: u32) -> String {
    beside(pattern, &format!("-{}.cells", digits(sheet)))
}

/// The key of some cells of one sheet of `pattern`, on their way to whoever has the others; `name` tells
/// them from others. Nothing once their job has ended.
#[must_use]
pub fn strip(pattern: &str, sheet: u32, name: &str) -> String {
    beside(pattern, &format!("-{}-{name}.strip", digits(sheet)))
}

/// The last part of a key: the name of its object among those beside it.
#[must_use]
pub fn file_name(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

/// The key of a job's manifest.
#[must_use]
pub fn manifest(video_id: &str, job_id: &str) -> String {
    format!("{video_id}/snapshots/{job_id}-manifest.json")
}

/// The key of what is done of a job that goes on in another run; nothing once it has ended.
#[must_use]
pub fn progress(video_id: &str, job_id: &str) -> String {
    format!("{video_id}/snapshots/{job_id}-progress.json")
}

/// What the keys of what one division of a job into parts keeps begin with; nothing once it has ended.
#[must_use]
pub fn division(video_id: &str, job_id: &str, division: &str) -> String {
    format!("{video_id}/snapshots/{job_id}-{division}-")
}

/// What the keys of a video begin with, those of all its jobs.
#[must_use]
pub fn of_video(video_id: &str) -> String {
    format!("{video_id}/snapshots/")
}

/// What all keys of a video begin with, whatever made them.
#[must_use]
pub fn all_of_video(video_id: &str) -> String {
    format!("{video_id}/")
}

/// The video that a key is of.
#[must_use]
pub fn video_of(key: &str) -> &str {
    key.split('/').next().unwrap_or_default()
}

/// What the keys of a job begin with, and nobody else's. `folders` are those that its kind uses
/// below the video's.
#[must_use]
pub fn of_job(video_id: &str, job_id: &str, folders: &[Folder]) -> Vec<String> {
    let own = Some(format!("{video_id}/snapshots/{job_id}-"));
    let below = folders.iter().flat_map(|folder| {
        let (name, ends) = match folder {
            Folder::Sprite => ("sprite", &["-", "."][..]),
            Folder::SpriteOrigin => ("sprite-origin", &["-"][..]),
            Folder::WebVtt => ("vtt", &["-", "."][..]),
            Folder::Dynamic => ("dynamic", &["."][..]),
        };
        ends.iter()
            .map(move |end| format!("{video_id}/snapshots/{name}/{job_id}{end}"))
    });
    own.into_iter().chain(below).collect()
}

/// A folder below the video's, used by some kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Sprite sheets.
    Sprite,
    /// The pictures that a sprite job keeps.
    SpriteOrigin,
    /// A WebVTT file and what it names.
    WebVtt,
    /// An animated image.
    Dynamic,
}

/// The folder below the video's that `key` lies in; none where it lies in no other one.
#[must_use]
pub fn folder_of(key: &str) -> Option<Folder> {
    let (path, _) = key.rsplit_once('/')?;
    match path.rsplit('/').next()? {
        "sprite" => Some(Folder::Sprite),
        "sprite-origin" => Some(Folder::SpriteOrigin),
        "vtt" => Some(Folder::WebVtt),
        "dynamic" => Some(Folder::Dynamic),
        _ => None,
    }
}

/// The job that `key` belongs to; job ids have neither `-` nor `.`.
#[must_use]
pub fn job_of(key: &str) -> &str {
    let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
    name.split(['-', '.']).next().unwrap_or_default()
}

fn digits(number: u32) -> String {
    format!("{number:05}")
}

fn numbered(video_id: &str, folder: &str, job_id: &str, number: &str) -> String {
    format!("{video_id}/snapshots/{folder}{job_id}-{number}.jpg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_these_forms() {
        assert_eq!(picture("v", "j", 1), "v/snapshots/j-00001.jpg");
        assert_eq!(sheet("v", "j", 42), "v/snapshots/sprite/j-00042.jpg");
        assert_eq!(
            sprite_origin("v", "j", 7),
            "v/snapshots/sprite-origin/j-00007.jpg"
        );
        assert_eq!(web_vtt("v", "j"), "v/snapshots/vtt/j.vtt");
        assert_eq!(web_vtt_picture("v", "j", 3), "v/snapshots/vtt/j-00003.jpg");
        assert_eq!(manifest("v", "j"), "v/snapshots/j-manifest.json");
    }

    #[test]
    fn a_job_has_its_keys_for_itself() {
        let folders = [Folder::Sprite, Folder::SpriteOrigin, Folder::WebVtt];
        let of = |job: &str| {
            vec![
                picture("v", job, 1),
                sheet("v", job, 2),
                sprite_origin("v", job, 100_000),
                web_vtt("v", job),
                web_vtt_picture("v", job, 3),
                manifest("v", job),
                progress("v", job),
                division("v", job, "0a1b") + "plan.json",
                beside(&sheet_pattern("v", job), ".bif"),
                beside(&web_vtt_pattern("v", job), "-multivariant.m3u8"),
                cells(&sheet_pattern("v", job), 4),
                strip(&sheet_pattern("v", job), 4, "0a1b"),
            ]
        };
        let prefixes = of_job("v", "j", &folders);
        let is_own = |key: &String| prefixes.iter().any(|prefix| key.starts_with(prefix));
        assert!(of("j").iter().all(is_own));
        assert!(!of("j1").iter().any(is_own));
        assert!(of("j1").iter().all(|key| job_of(key) == "j1"));
        assert!(of("j").iter().all(|key| key.starts_with(&of_video("v"))));
        assert!(
            of("j")
                .iter()
                .all(|key| key.starts_with(&all_of_video("v")))
        );
        assert!(of("j").iter().all(|key| video_of(key) == "v"));
        let found: Vec<_> = of("j").iter().map(|key| folder_of(key)).collect();
        let [sprite, origin, vtt] = folders.map(Some);
        let before = [None, sprite, origin, vtt, vtt, None, None, None];
        assert_eq!(
            found,
            [&before[..], &[sprite, vtt, sprite, sprite]].concat()
        );
    }

    #[test]
    fn numbers_beyond_five_digits_are_wider() {
        assert_eq!(picture("v", "j", 99_999), "v/snapshots/j-99999.jpg");
        assert_eq!(picture("v", "j", 100_000), "v/snapshots/j-100000.jpg");
    }

    #[test]
    fn what_lies_beside_sheets_has_their_name() {
        let pattern = sheet_pattern("v", "j");
        assert_eq!(beside(&pattern, ".m3u8"), "v/snapshots/sprite/j.m3u8");
        assert_eq!(cells(&pattern, 2), "v/snapshots/sprite/j-00002.cells");
        let webp = with_extension(&pattern, "webp");
        assert_eq!(webp, "v/snapshots/sprite/j-{SnapshotCount}.webp");
        assert_eq!(beside(&webp, ".m3u8"), "v/snapshots/sprite/j.m3u8");
        assert_eq!(cells(&webp, 2), cells(&pattern, 2));
        let kept = [cells(&pattern, 2), strip(&pattern, 2, "0a1b")];
        assert_eq!(kept[1], "v/snapshots/sprite/j-00002-0a1b.strip");
        assert!(kept.iter().all(|key| served(key).is_none()));
    }

    #[test]
    fn a_pattern_filled_in_is_the_key() {
        let filled = |pattern: String| pattern.replace("{SnapshotCount}", "00012");
        assert_eq!(filled(picture_pattern("v", "j")), picture("v", "j", 12));
        assert_eq!(filled(sheet_pattern("v", "j")), sheet("v", "j", 12));
        assert_eq!(
            filled(sprite_origin_pattern("v", "j")),
            sprite_origin("v", "j", 12)
        );
        assert_eq!(
            filled(web_vtt_pattern("v", "j")),
            web_vtt_picture("v", "j", 12)
        );
    }
}
