//! Where the objects of a job lie. A key depends on nothing but the video, the job and the
//! number, so that a repeated run overwrites its own objects.

/// Stands for the number in a pattern, as clients of the API know it.
pub const NUMBER: &str = "{SnapshotCount}";

/// The numbered objects of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// The pictures of a job without a sprite.
    Picture,
    /// Sprite sheets.
    Sheet,
    /// The source pictures of a sprite job, where they are kept.
    SheetSource,
}

impl Series {
    /// The key of one object. Numbers count from 1 and have five digits, from 100,000 on more.
    #[must_use]
    pub fn key(self, video_id: &str, job_id: &str, number: u32) -> String {
        self.with(video_id, job_id, &format!("{number:05}"))
    }

    /// The key of all, with [`NUMBER`] in place of the number.
    #[must_use]
    pub fn pattern(self, video_id: &str, job_id: &str) -> String {
        self.with(video_id, job_id, NUMBER)
    }

    fn with(self, video_id: &str, job_id: &str, number: &str) -> String {
        let folder = match self {
            Self::Picture => "",
            Self::Sheet => "sprite/",
            Self::SheetSource => "sprite-origin/",
        };
        format!("{video_id}/snapshots/{folder}{job_id}-{number}.jpg")
    }
}

/// The key of a job's manifest.
#[must_use]
pub fn manifest(video_id: &str, job_id: &str) -> String {
    format!("{video_id}/snapshots/{job_id}-manifest.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_these_forms() {
        assert_eq!(Series::Picture.key("v", "j", 1), "v/snapshots/j-00001.jpg");
        assert_eq!(
            Series::Sheet.key("v", "j", 42),
            "v/snapshots/sprite/j-00042.jpg"
        );
        assert_eq!(
            Series::SheetSource.key("v", "j", 7),
            "v/snapshots/sprite-origin/j-00007.jpg"
        );
        assert_eq!(manifest("v", "j"), "v/snapshots/j-manifest.json");
    }

    #[test]
    fn numbers_beyond_five_digits_are_wider() {
        assert_eq!(
            Series::Picture.key("v", "j", 99_999),
            "v/snapshots/j-99999.jpg"
        );
        assert_eq!(
            Series::Picture.key("v", "j", 100_000),
            "v/snapshots/j-100000.jpg"
        );
    }

    #[test]
    fn a_pattern_filled_in_is_the_key() {
        for series in [Series::Picture, Series::Sheet, Series::SheetSource] {
            let filled = series.pattern("v", "j").replace("{SnapshotCount}", "00012");
            assert_eq!(filled, series.key("v", "j", 12));
        }
    }
}
