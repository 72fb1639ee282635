//! A WebVTT file for a player's seek bar: which picture to show when.
//!
//! URLs are relative to the file itself, so it works wherever its folder is served from. Each one
//! ends in the part that is meant, also where that is the whole picture: Media Chrome, Mux Player,
//! ArtPlayer and vtt-thumbnails of video.js show nothing for a cue without `#xywh=`.

use std::fmt::Write;

/// A picture and the moment it is the one to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When the frame it shows is presented, microseconds after the first frame.
    pub presentation_us: u64,
    /// The picture's file, relative to the WebVTT file; with nothing in it that breaks a line.
    pub file: String,
    /// The part of that file; all of it, where it holds no other picture.
    pub region: Region,
}

/// A part of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// px from the left.
    pub x: u32,
    /// px from the top.
    pub y: u32,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
}

/// The file: each cue from its picture's time to the next one's, the last to `end_ms`, the end
/// of the video.
///
/// Cues are ordered by time. Of pictures of the same millisecond the first has a cue and the
/// others have none: a cue without length would never be shown.
#[must_use]
pub fn write(cues: &[Cue], end_ms: u64) -> String {
    let mut shown: Vec<(u64, &Cue)> = cues
        .iter()
        .map(|cue| (cue.presentation_us / 1000, cue))
        .collect();
    shown.sort_by_key(|(start_ms, _)| *start_ms);
    shown.dedup_by_key(|(start_ms, _)| *start_ms);
    let mut text = "WEBVTT\n".to_owned();
    for (index, (start_ms, cue)) in shown.iter().enumerate() {
        let next = shown.get(index + 1).map_or(end_ms, |(next, _)| *next);
        let (start, end) = (time(*start_ms), time(next.max(start_ms + 1)));
        // Writing to a String cannot fail.
        let Region {
            x,
            y,
            width,
            height,
        } = cue.region;
        let _ = writeln!(
            text,
            "\n{start} --> {end}\n{}#xywh={x},{y},{width},{height}",
            cue.file
        );
    }
    text
}

/// `hh:mm:ss.mmm`; hours have more digits from 100 on.
fn time(ms: u64) -> String {
    let (s, min) = (ms / 1000, ms / 60_000);
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        min / 60,
        min % 60,
        s % 60,
        ms % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of a picture of 160x90.
    const WHOLE: Region = Region {
        x: 0,
        y: 0,
        width: 160,
        height: 90,
    };

    fn cue(presentation_us: u64, file: &str) -> Cue {
        Cue {
            presentation_us,
            file: file.to_owned(),
            region: WHOLE,
        }
    }

    #[test]
    fn each_cue_runs_to_the_next_and_the_last_to_the_end() {
        let cues = [cue(0, "j-00001.jpg"), cue(1_966_633, "j-00002.jpg")];
        assert_eq!(
            write(&cues, 10_000),
            "WEBVTT\n\n\
             00:00:00.000 --> 00:00:01.966\nj-00001.jpg#xywh=0,0,160,90\n\n\
             00:00:01.966 --> 00:00:10.000\nj-00002.jpg#xywh=0,0,160,90\n"
        );
    }

    #[test]
    fn a_part_of_a_sheet_is_said_as_a_media_fragment() {
        let region = Region {
            x: 130,
            y: 10,
            width: 120,
            height: 68,
        };
        let cue = Cue {
            region,
            ..cue(0, "j-00001.jpg")
        };
        let text = write(&[cue], 40);
        assert!(
            text.ends_with("00:00:00.000 --> 00:00:00.040\nj-00001.jpg#xywh=130,10,120,68\n"),
            "{text}"
        );
    }

    #[test]
    fn pictures_of_one_moment_share_the_cue_of_the_first() {
        let cues = [cue(0, "a"), cue(2_000_000, "b"), cue(2_000_400, "c")];
        assert_eq!(
            write(&cues, 4000),
            "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\na#xywh=0,0,160,90\n\n\
             00:00:02.000 --> 00:00:04.000\nb#xywh=0,0,160,90\n"
        );
    }

    #[test]
    fn cues_are_ordered_by_time() {
        let cues = [cue(5_000_000, "late"), cue(0, "early")];
        let text = write(&cues, 6000);
        assert!(text.find("early") < text.find("late"), "{text}");
    }

    #[test]
    fn no_cue_is_empty_even_at_the_very_end() {
        let text = write(&[cue(333_000, "a")], 333);
        assert!(text.contains("00:00:00.333 --> 00:00:00.334"), "{text}");
    }

    #[test]
    fn times_go_beyond_hours_and_days() {
        assert_eq!(time(3_599_999), "00:59:59.999");
        assert_eq!(time(3_600_000), "01:00:00.000");
        assert_eq!(time(360_000_001), "100:00:00.001");
    }

    #[test]
    fn without_pictures_there_is_the_header_alone() {
        assert_eq!(write(&[], 1000), "WEBVTT\n");
    }
    /// Start and end of every cue as written.
    fn times(text: &str) -> Vec<(String, String)> {
        let arrows = text.lines().filter_map(|line| line.split_once(" --> "));
        arrows.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    proptest! {
        #[test]
        fn cues_follow_one_another_without_gaps_and_none_is_empty(
            times_us in prop::collection::vec(0_u64..20_000_000, 1..50),
            end_ms in 20_000_u64..30_000,
        ) {
            let cues: Vec<_> = times_us.iter().map(|&us| cue(us, "j-00001.jpg")).collect();
            let times = times(&write(&cues, end_ms));
            let mut distinct: Vec<_> = times_us.iter().map(|us| us / 1000).collect();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(times.len(), distinct.len());
            // As texts of one width they compare as times do.
            prop_assert!(times.iter().all(|(start, end)| start < end));
            prop_assert!(times.windows(2).all(|pair| pair[0].1 == pair[1].0));
            prop_assert_eq!(&times[times.len() - 1].1, &time(end_ms));
        }
    }
}
