//! The TemplateConfig of TemplateType DynamicImage.
//!
//! The vendor's "Basic data types" (DynamicImageTemplateConfig) gives its fields and their ranges:
//! Width, Height, Fps, Format and Seek are required there, and one of Duration and End, of which End
//! counts. Here Format is, and what is absent has a default.

use crate::animation::{AnimationFormat, AnimationLength, AnimationSpec, MOST_FRAMES, MOST_PIXELS};
use crate::fields::{ConfigError, Fields, boolean, given, number, object, word, wrong};
use crate::lenient::bare;
use crate::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};
use serde_json::Value;

/// Frames in 1000 s.
const DEFAULT_RATE: u32 = 10_000;
const MOST_RATE: u32 = 60_000;
/// 23:59:59.999.
const MOST_MS: u64 = 86_399_999;

/// Whether a config is of this type.
pub(super) fn is_one(fields: &Fields) -> bool {
    let names = ["Container", "Video", "Clip", "SetDefaultCover"];
    let is_of_snapshots = given(fields, "SnapshotType").or(given(fields, "SnapshotConfig"));
    is_of_snapshots.is_none() && names.iter().any(|name| given(fields, name).is_some())
}

pub(super) fn spec(fields: &Fields) -> Result<SnapshotSpec, ConfigError> {
    let video = object(fields, "Video")?.unwrap_or_default();
    let container = object(fields, "Container")?.unwrap_or_default();
    let clip = object(fields, "Clip")?.unwrap_or_default();
    let span = object(&clip, "TimeSpan")?.unwrap_or_default();
    let animation = AnimationSpec {
        format: format(&container)?,
        frames_per_1000_s: rate(&video)?,
        begin_ms: time(&span, "Seek")?,
        length: length(&span)?,
        is_cover: boolean(fields, "SetDefaultCover")?.unwrap_or(false),
    };
    let spec = SnapshotSpec {
        points: PointSpec::spread(None, 0, 0),
        width: number(&video, "Width", 128, 4096, " px")?,
        height: number(&video, "Height", 128, 4096, " px")?,
        frame_type: FrameType::Normal,
        sprite: None,
        animation: Some(animation),
        image_format: ImageFormat::Jpeg,
    };
    check(&spec, &animation)?;
    Ok(spec)
}

/// Refuses what no video makes small enough.
fn check(spec: &SnapshotSpec, animation: &AnimationSpec) -> Result<(), ConfigError> {
    let AnimationLength::Ms(length_ms) = animation.length else {
        return Ok(());
    };
    if length_ms == 0 {
        return Err(wrong("Duration must be more than 0."));
    }
    let frames = animation.frames(length_ms);
    if frames > MOST_FRAMES {
        return Err(wrong(format!(
            "Duration and Fps make {frames} frames; the limit is {MOST_FRAMES}."
        )));
    }
    let pixels = spec.width.zip(spec.height).map_or(0, |(width, height)| {
        u64::from(width) * u64::from(height) * frames
    });
    if pixels > MOST_PIXELS {
        return Err(wrong(format!(
            "Width, Height, Duration and Fps make {pixels} pixels in {frames} frames; the limit is {MOST_PIXELS}."
        )));
    }
    Ok(())
}

fn format(container: &Fields) -> Result<AnimationFormat, ConfigError> {
    let named = word(container, "Format").map(str::to_ascii_lowercase);
    let mut all = AnimationFormat::ALL.into_iter();
    let found = all.find(|format| named.as_deref() == Some(format.name()));
    found.ok_or_else(|| wrong("Container must have a Format of gif or webp."))
}

fn rate(video: &Fields) -> Result<u32, ConfigError> {
    let rule = || wrong("Fps must be a number above 0, up to 60, with at most three decimals.");
    let Some(value) = given(video, "Fps") else {
        return Ok(DEFAULT_RATE);
    };
    let rate = text(value).and_then(|text| milli(&text)).ok_or_else(rule)?;
    let rate = u32::try_from(rate).ok();
    rate.filter(|rate| (1..=MOST_RATE).contains(rate))
        .ok_or_else(rule)
}

fn length(span: &Fields) -> Result<AnimationLength, ConfigError> {
    let duration = time(span, "Duration")?.map(AnimationLength::Ms);
    let end = time(span, "End")?.map(AnimationLength::UpToEndMs);
    Ok(end.or(duration).unwrap_or(AnimationLength::Default))
}

/// `sssss[.SSS]` or `hh:mm:ss[.SSS]`, ms.
fn time(span: &Fields, name: &str) -> Result<Option<u64>, ConfigError> {
    let Some(value) = given(span, name) else {
        return Ok(None);
    };
    let ms = text(value).and_then(|text| milliseconds(&text));
    let ms = ms.filter(|ms| *ms <= MOST_MS);
    ms.map(Some).ok_or_else(|| {
        wrong(format!(
            "{name} must be seconds or hh:mm:ss, with at most three decimals, up to 23:59:59.999."
        ))
    })
}

fn milliseconds(text: &str) -> Option<u64> {
    let parts: Vec<_> = text.split(':').collect();
    match parts[..] {
        [seconds] => milli(seconds),
        [hours, minutes, seconds] => {
            let below_60 = |number: &u64| *number < 60;
            let (hours, minutes) = (digits(hours)?, digits(minutes).filter(below_60)?);
            let ms = milli(seconds).filter(|ms| *ms < 60_000)?;
            Some((hours * 60 + minutes) * 60_000 + ms)
        }
        _ => None,
    }
}

/// A decimal number, in thousandths.
fn milli(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    // Doubles have zeros that nobody wrote.
    let decimals = decimals.trim_end_matches('0');
    let rest = match decimals {
        "" => 0,
        _ if decimals.len() > 3 => return None,
        _ => digits(&format!("{decimals:0<3}"))?,
    };
    Some(digits(whole)? * 1000 + rest)
}

/// Few enough that nothing overflows.
fn digits(text: &str) -> Option<u64> {
    let is_plain = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(bare(text.trim()).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template_config::TemplateConfig;

    /// As the vendor's console stores one.
    const GIVEN: &str = r#"{"Name":"t","Video":{"Width":"320","Height":"180","Fps":"12.5"},
        "Container":{"Format":"gif"},"Clip":{"TimeSpan":{"Seek":"00:00:05.003","Duration":"2.5"}},
        "SetDefaultCover":"true"}"#;

    fn read(text: &str) -> Result<(SnapshotSpec, AnimationSpec), String> {
        let config = TemplateConfig::read(text, 9).map_err(|error| error.message().to_owned())?;
        let spec = config.spec().clone();
        let animation = spec.animation.unwrap();
        Ok((spec, animation))
    }

    #[test]
    fn all_that_the_vendor_documents_is_read() {
        let (spec, animation) = read(GIVEN).unwrap();
        assert_eq!((spec.width, spec.height), (Some(320), Some(180)));
        let expected = AnimationSpec {
            format: AnimationFormat::Gif,
            frames_per_1000_s: 12_500,
            begin_ms: Some(5003),
            length: AnimationLength::Ms(2500),
            is_cover: true,
        };
        assert_eq!(animation, expected);
    }

    #[test]
    fn end_counts_where_both_are_given_and_what_is_absent_has_a_default() {
        let (_, both) = read(
            r#"{"Container":{"Format":"webp"},"Video":{"Fps":25},
            "Clip":{"TimeSpan":{"Seek":0,"Duration":1.5,"End":"10"}}}"#,
        )
        .unwrap();
        assert_eq!(both.length, AnimationLength::UpToEndMs(10_000));
        assert_eq!((both.begin_ms, both.frames_per_1000_s), (Some(0), 25_000));
        let (spec, least) = read(r#"{"Container":{"Format":"WEBP"}}"#).unwrap();
        assert_eq!((spec.width, spec.height), (None, None));
        let expected = AnimationSpec {
            format: AnimationFormat::Webp,
            frames_per_1000_s: 10_000,
            begin_ms: None,
            length: AnimationLength::Default,
            is_cover: false,
        };
        assert_eq!(least, expected);
    }

    #[test]
    fn what_breaks_a_rule_is_named() {
        for (from, to, named) in [
            (r#""gif""#, r#""apng""#, "Format"),
            (r#""320""#, r#""127""#, "Width"),
            (r#""180""#, r#""4097""#, "Height"),
            (r#""12.5""#, r#""0""#, "Fps"),
            (r#""12.5""#, r#""60.001""#, "Fps"),
            (r#""12.5""#, r#""1.0005""#, "Fps"),
            (r#""00:00:05.003""#, r#""24:00:00""#, "Seek"),
            (r#""00:00:05.003""#, r#""0:60:00""#, "Seek"),
            (r#""00:00:05.003""#, r#""-1""#, "Seek"),
            (r#""2.5""#, r#""86400""#, "Duration"),
            (r#""2.5""#, r#""0""#, "Duration"),
            (r#""2.5""#, r#""48.001""#, "601 frames; the limit is 600"),
            (r#""true""#, r#""perhaps""#, "SetDefaultCover"),
        ] {
            let refused = read(&GIVEN.replace(from, to)).unwrap_err();
            assert!(refused.contains(named), "{to}: {refused}");
        }
        let large = GIVEN.replace("320", "4096").replace("180", "4096");
        let refused = read(&large.replace(r#""2.5""#, r#""0.24""#)).unwrap_err();
        assert!(refused.contains("50331648 pixels in 3 frames"), "{refused}");
    }

    #[test]
    fn overrides_change_what_they_name() {
        let config = TemplateConfig::read(GIVEN, 9).unwrap();
        let changed = config.overridden(r#"{"Video":{"Fps":"20"},"Container":{"Format":"webp"}}"#);
        let changed = changed.unwrap().spec().clone();
        let animation = changed.animation.unwrap();
        assert_eq!((changed.width, animation.begin_ms), (Some(320), Some(5003)));
        assert_eq!(animation.frames_per_1000_s, 20_000);
        assert_eq!(animation.format, AnimationFormat::Webp);
        for (refused, named) in [
            (r#"{"Watermarks":[{"Content":"x"}]}"#, "Watermarks"),
            (r#"{"Video":{"Fps":"0"}}"#, "Fps"),
            ("[]", "object"),
        ] {
            let error = config.overridden(refused).unwrap_err();
            assert!(error.message().contains("OverrideParams"), "{error:?}");
            assert!(error.message().contains(named), "{error:?}");
        }
    }
}
