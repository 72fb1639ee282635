//! What the options ask for.

use crate::cli::{CoverArg, FrameTypeArg, SnapshotArgs};
use crate::error::CommandError;
use crate::time_argument::{StepArgument, TimeArgument};
use contract::snapshot::{
    Extent, FinePoints, FrameType, ImageFormat, PointSpec, SheetFit, SnapshotSpec, TimeLength,
};
use contract::sprite;
use contract::storyboard::{self, StoryboardFormat};
use service::model::SnapshotType;
use std::collections::BTreeSet;

/// The most times of `--at`, as of SpecifiedOffsetTimes in the API.
const MAX_TIMES: usize = 30;
const US_PER_MS: u64 = 1000;
const US_PER_S: u64 = 1_000_000;
/// So many keyframes are looked at for `--cover`.
const MOST_COVERS: u32 = 8;
/// An omitted --interval, as in the API.
const DEFAULT_INTERVAL: TimeLength = TimeLength::Us(US_PER_S);

fn invalid(option: &'static str, rule: String) -> CommandError {
    CommandError::OptionValue { option, rule }
}

/// Refuses what the API refuses before it opens a video: every picture costs memory and time.
fn check(arguments: &SnapshotArgs) -> Result<(), CommandError> {
    let max = arguments.max_snapshots;
    match (arguments.count, arguments.at.len()) {
        (Some(count), _) if !(1..=max).contains(&count) => Err(invalid(
            "--count",
            format!("it must be from 1 to {max} (see --max-snapshots), not {count}"),
        )),
        (Some(count), _) if arguments.cover.is_some() && count > MOST_COVERS => Err(invalid(
            "--count",
            format!("with --cover it must be from 1 to {MOST_COVERS}, not {count}"),
        )),
        _ if is_automatic_beside_others(arguments) => Err(invalid(
            "--interval",
            "auto takes no --count and no --offset".to_owned(),
        )),
        (_, times) if times > MAX_TIMES => Err(invalid(
            "--at",
            format!("it takes 1 to {MAX_TIMES} times, not {times}"),
        )),
        _ => Ok(()),
    }
}

fn is_automatic_beside_others(arguments: &SnapshotArgs) -> bool {
    arguments.interval == Some(StepArgument::Automatic)
        && (arguments.count.is_some() || !arguments.offset.0.is_zero())
}

/// What to take of each video.
pub(super) fn spec(arguments: &SnapshotArgs) -> Result<SnapshotSpec, CommandError> {
    check(arguments)?;
    let frame_type = match (arguments.cover, arguments.frame_type) {
        (None, FrameTypeArg::Normal) => FrameType::Normal,
        (Some(CoverArg::Auto), _) | (_, FrameTypeArg::Intra) => FrameType::Intra,
    };
    let sprite = arguments.sprite.as_deref().map(read_sprite).transpose()?;
    let points = points(arguments);
    let sprite = sprite.flatten().map(|mut sprite| {
        sprite.outputs = formats(arguments, &sprite.outputs);
        storyboard::check(&points, &sprite).map(|()| sprite)
    });
    Ok(SnapshotSpec {
        points,
        width: arguments.width,
        height: arguments.height,
        frame_type,
        sprite: sprite
            .transpose()
            .map_err(|rule| invalid("--formats", rule))?,
        animation: None,
        image_format: ImageFormat::Jpeg,
    })
}

/// What players read, each form once, beside those that the sprite names.
fn formats(arguments: &SnapshotArgs, named: &[StoryboardFormat]) -> Vec<StoryboardFormat> {
    let asked = arguments.formats.iter().map(|&format| format.into());
    let distinct: BTreeSet<StoryboardFormat> = asked.chain(named.iter().copied()).collect();
    distinct.into_iter().collect()
}

/// The same with pictures of this format.
pub(super) fn of_format(
    spec: SnapshotSpec,
    format: ImageFormat,
) -> Result<SnapshotSpec, CommandError> {
    if let Some(sprite) = &spec.sprite {
        let refused = |rule| invalid("--format", rule);
        storyboard::check_images(sprite, format).map_err(refused)?;
    }
    Ok(SnapshotSpec {
        image_format: format,
        ..spec
    })
}

/// What it makes.
pub(super) fn kind(spec: &SnapshotSpec, arguments: &SnapshotArgs) -> SnapshotType {
    match arguments.cover {
        Some(CoverArg::Auto) => SnapshotType::CoverSnapshot,
        None if arguments.vtt => SnapshotType::WebVttSnapshot,
        None => SnapshotType::of(spec),
    }
}

/// How many pictures there can be at most; none where the video decides.
pub(super) fn most(arguments: &SnapshotArgs) -> Option<usize> {
    match arguments.at.len() {
        0 if arguments.cover.is_some() => Some(arguments.count.unwrap_or(1) as usize),
        0 => arguments.count.map(|count| count as usize),
        times => Some(times),
    }
}

fn read_sprite(json: &str) -> Result<Option<contract::snapshot::SpriteSpec>, CommandError> {
    let refused = |rule| invalid("--sprite", rule);
    // The API passes over them, as the vendor's does; here a person has misspelt one.
    if let Some(unknown) = sprite::unknown_field(json) {
        let known = sprite::FIELDS.join(", ");
        return Err(refused(format!(
            "no such key: {unknown:?}; the keys are {known}"
        )));
    }
    let sprite = sprite::read(json).map_err(|error| refused(error.to_string()))?;
    Ok(sprite.map(|mut sprite| {
        sprite.fit = fit(json, sprite.fit);
        sprite
    }))
}

/// Sheets that all devices show: of as many columns and lines as fit, where nobody says how many.
fn fit(json: &str, asked: SheetFit) -> SheetFit {
    let extent = |name: &str, asked: Extent| match (asked, sprite::has_field(json, name)) {
        (Extent::Exact, false) => Extent::Fitting,
        _ => asked,
    };
    SheetFit {
        columns: extent("Columns", asked.columns),
        lines: extent("Lines", asked.lines),
        most_side: Some(SheetFit::MOST_SIDE),
        ..asked
    }
}

fn points(arguments: &SnapshotArgs) -> PointSpec {
    let times: Vec<_> = arguments.at.iter().map(|time| time.0).collect();
    if !times.is_empty() {
        let whole: Option<Vec<u64>> = times.iter().map(|time| whole_ms(*time)).collect();
        return match whole {
            Some(times_ms) => PointSpec::At { times_ms },
            None => PointSpec::Fine(FinePoints::At { times }),
        };
    }
    if let Some(CoverArg::Auto) = arguments.cover {
        return PointSpec::spread(arguments.count, 0, 0);
    }
    let TimeArgument(offset) = arguments.offset;
    let step = match arguments.interval {
        Some(StepArgument::Automatic) => return PointSpec::Automatic,
        Some(StepArgument::Every(step)) => step,
        None => DEFAULT_INTERVAL,
    };
    let count = arguments.count;
    if let (Some(interval_s), Some(offset_ms)) = (whole_s(step), whole_ms(offset)) {
        return PointSpec::spread(count, interval_s, offset_ms);
    }
    PointSpec::Fine(match step.is_zero() {
        true => FinePoints::Evenly {
            count: count.unwrap_or(1),
            offset,
        },
        false => FinePoints::Every {
            step,
            count,
            offset,
        },
    })
}

fn whole_ms(length: TimeLength) -> Option<u64> {
    whole(length, US_PER_MS)
}

fn whole_s(length: TimeLength) -> Option<u64> {
    whole(length, US_PER_S)
}

fn whole(length: TimeLength, unit_us: u64) -> Option<u64> {
    match length {
        TimeLength::Us(us) if us.is_multiple_of(unit_us) => Some(us / unit_us),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{CliCommand, CommandLine};
    use clap::Parser;

    fn parsed(options: &[&str]) -> Result<SnapshotArgs, clap::Error> {
        let all = [
            &["vod-snapshot", "snapshot", "v.mp4", "--out", "o"],
            options,
        ]
        .concat();
        match CommandLine::try_parse_from(all)?.command {
            CliCommand::Snapshot(arguments) => Ok(arguments),
            other => panic!("{other:?}"),
        }
    }

    /// It exited with 1 and without usage.
    #[test]
    fn a_run_that_names_no_times_is_a_usage_error() {
        for options in [&[][..], &["--offset", "5"], &["--json"]] {
            let error = parsed(options).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            let text = error.to_string();
            assert!(
                text.contains("Usage:") && text.contains("--count"),
                "{text}"
            );
        }
        for options in [
            &["--count", "1"][..],
            &["--interval", "5"],
            &["--count", "1", "--interval", "0", "--offset", "5"],
            &["--at", "0,40"],
        ] {
            assert!(parsed(options).is_ok(), "{options:?}");
        }
        assert!(parsed(&["--at", "0", "--count", "1"]).is_err());
    }

    fn points_of(options: &[&str]) -> PointSpec {
        spec(&parsed(options).unwrap()).unwrap().points
    }

    #[test]
    fn what_the_wire_can_say_is_asked_for_as_on_the_wire() {
        let times_ms = vec![0, 1500, 90_500];
        let at = points_of(&["--at", "0,1.5s,00:01:30.5"]);
        assert_eq!(at, PointSpec::At { times_ms });
        let spread = points_of(&["--count", "3", "--interval", "2s", "--offset", "1.5s"]);
        assert_eq!(spread, PointSpec::spread(Some(3), 2, 1500));
        assert_eq!(
            points_of(&["--count", "3"]),
            PointSpec::spread(Some(3), 1, 0)
        );
    }

    #[test]
    fn parts_of_the_video_and_finer_times_are_kept_as_they_are() {
        let tenth = TimeLength::PartsPerMillion(100_000);
        let every = points_of(&["--interval", "10%"]);
        let (count, offset) = (None, TimeLength::Us(0));
        let step = tenth;
        assert_eq!(
            every,
            PointSpec::Fine(FinePoints::Every {
                step,
                count,
                offset
            })
        );
        let evenly = points_of(&["--interval", "0%", "--count", "4", "--offset", "10%"]);
        let (count, offset) = (4, tenth);
        assert_eq!(
            evenly,
            PointSpec::Fine(FinePoints::Evenly { count, offset })
        );
        let times = vec![TimeLength::Us(0), tenth];
        assert_eq!(
            points_of(&["--at", "0,10%"]),
            PointSpec::Fine(FinePoints::At { times })
        );
    }

    #[test]
    fn a_cover_is_chosen_by_its_look_and_by_no_time() {
        let arguments = parsed(&["--cover", "auto"]).unwrap();
        let cover = spec(&arguments).unwrap();
        assert_eq!(kind(&cover, &arguments), SnapshotType::CoverSnapshot);
        assert_eq!((cover.points.most(), most(&arguments)), (Some(1), Some(1)));
        let three = parsed(&["--cover", "auto", "--count", "3"]).unwrap();
        assert_eq!(spec(&three).unwrap().points.most(), Some(3));
        let nine = parsed(&["--cover", "auto", "--count", "9"]).unwrap();
        let refused = spec(&nine).unwrap_err().to_string();
        assert!(refused.contains("from 1 to 8"), "{refused}");
        for other in [["--at", "5"], ["--interval", "5"], ["--sprite", "{}"]] {
            assert!(parsed(&[&["--cover", "auto"][..], &other].concat()).is_err());
        }
    }

    /// `{"Collumns":4}` gave ten columns.
    #[test]
    fn a_misspelt_key_of_a_sprite_is_refused() {
        let refused = spec(&parsed(&["--count", "1", "--sprite", "{\"Collumns\":4}"]).unwrap());
        let text = refused.unwrap_err().to_string();
        assert!(
            text.contains("\"Collumns\"") && text.contains("Columns,"),
            "{text}"
        );
        let known = "{\"Columns\":4,\"KeepCellPic\":\"delete\"}";
        assert!(spec(&parsed(&["--count", "1", "--sprite", known]).unwrap()).is_ok());
    }

    #[test]
    fn forms_of_a_storyboard_are_asked_for_once_and_refused_by_name() {
        let even = [
            "--interval",
            "1",
            "--sprite",
            "{}",
            "--formats",
            "hls,vtt,hls",
        ];
        let outputs = spec(&parsed(&even).unwrap())
            .unwrap()
            .sprite
            .unwrap()
            .outputs;
        assert_eq!(outputs, [StoryboardFormat::Vtt, StoryboardFormat::Hls]);
        let list = ["--at", "0,1500", "--sprite", "{}", "--formats", "vtt,bif"];
        let refused = spec(&parsed(&list).unwrap()).unwrap_err().to_string();
        assert!(
            refused.contains("--formats") && refused.contains("bif"),
            "{refused}"
        );
        assert!(parsed(&["--interval", "1", "--formats", "hls"]).is_err());
    }

    #[test]
    fn sheets_have_what_fits_unless_somebody_says_how_many_cells() {
        let fit = |json: &str| {
            let options = ["--interval", "auto", "--sprite", json];
            let spec = spec(&parsed(&options).unwrap()).unwrap();
            assert_eq!(spec.points, PointSpec::Automatic);
            spec.sprite.unwrap().fit
        };
        let (fitting, exact) = (Extent::Fitting, Extent::Exact);
        let of = |fit: SheetFit| (fit.columns, fit.lines, fit.most_side);
        assert_eq!(of(fit("{}")), (fitting, fitting, Some(4096)));
        assert_eq!(of(fit(r#"{"Columns":9}"#)), (exact, fitting, Some(4096)));
        let automatic = fit(r#"{"Columns":"auto","Lines":"auto"}"#);
        assert_eq!(of(automatic), (Extent::Needed, Extent::Needed, Some(4096)));
        for other in [["--count", "3"], ["--offset", "5"]] {
            let options = [&["--interval", "auto"][..], &other].concat();
            assert!(spec(&parsed(&options).unwrap()).is_err(), "{other:?}");
        }
    }
}
