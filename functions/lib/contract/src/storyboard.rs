//! The forms in which players read the cells of a sprite, and what each asks of it.

use crate::snapshot::{FinePoints, ImageFormat, PointSpec, SpriteSpec};

pub use crate::storyboard_format::StoryboardFormat;

/// The most pictures of a BIF file: its maker holds them all at once, and at 20 KB each they have
/// 200 MB.
pub const MOST_BIF_PICTURES: u32 = 10_000;

/// Whether a sprite of `points` can be told in all forms that it asks for.
///
/// # Errors
/// A sentence that names the form and what is in its way.
pub fn check(points: &PointSpec, sprite: &SpriteSpec) -> Result<(), String> {
    for format in &sprite.outputs {
        let refused = |what: &str| Err(format!("{} {what}.", format.name()));
        if format.counts_cells() && !is_even(points) {
            return refused(
                "needs pictures at even steps from the first frame on: no list of times",
            );
        }
        if format.counts_cells() && !begins_at_zero(points) {
            return refused("needs pictures at even steps from the first frame on: an offset of 0");
        }
        if format.fills_sheets() && sprite.padding > 0 {
            return refused("knows no space between cells: Padding must be 0");
        }
        if format.fills_sheets() && sprite.margin > 0 {
            return refused("knows no space around cells: Margin must be 0");
        }
        let most = points.most().unwrap_or_default();
        if *format == StoryboardFormat::Bif && most > MOST_BIF_PICTURES as usize {
            let rule = format!("holds at most {MOST_BIF_PICTURES} pictures, not {most}");
            return refused(&rule);
        }
    }
    Ok(())
}

/// Whether a sprite of pictures of this format can be told in all forms that it asks for.
///
/// # Errors
/// A sentence that names the form.
pub fn check_images(sprite: &SpriteSpec, images: ImageFormat) -> Result<(), String> {
    let mut outputs = sprite.outputs.iter();
    let Some(format) = outputs.find(|format| !format.takes(images)) else {
        return Ok(());
    };
    let verb = match format.fills_sheets() {
        true => "names",
        false => "holds",
    };
    let (name, other) = (format.name(), images.extension());
    Err(format!("{name} {verb} JPEGs, not {other} pictures."))
}

fn is_even(points: &PointSpec) -> bool {
    !matches!(
        points,
        PointSpec::At { .. } | PointSpec::Fine(FinePoints::At { .. })
    )
}

fn begins_at_zero(points: &PointSpec) -> bool {
    match points {
        PointSpec::Evenly { offset_ms, .. } | PointSpec::Every { offset_ms, .. } => *offset_ms == 0,
        PointSpec::Fine(FinePoints::Evenly { offset, .. } | FinePoints::Every { offset, .. }) => {
            offset.is_zero()
        }
        PointSpec::Automatic => true,
        PointSpec::At { .. } | PointSpec::Fine(FinePoints::At { .. }) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sprite;

    fn refusal(format: StoryboardFormat, points: &PointSpec, config: &str) -> Option<String> {
        let mut sprite = sprite::read(config).unwrap().unwrap();
        sprite.outputs = vec![format];
        check(points, &sprite).err()
    }

    #[test]
    fn a_form_of_other_pictures_is_refused_by_name() {
        let mut sprite = sprite::read("{}").unwrap().unwrap();
        let mut refused = |images| {
            let with = |format: &StoryboardFormat| {
                sprite.outputs = vec![*format];
                check_images(&sprite, images).is_err_and(|text| text.starts_with(format.name()))
            };
            let all = StoryboardFormat::ALL.into_iter();
            all.filter(with)
                .map(StoryboardFormat::name)
                .collect::<Vec<_>>()
        };
        assert!(refused(ImageFormat::Jpeg).is_empty());
        assert_eq!(
            refused(ImageFormat::Webp),
            ["hls", "dash", "bif", "jellyfin"]
        );
        assert_eq!(refused(ImageFormat::Png), ["bif", "jellyfin"]);
    }

    #[test]
    fn what_a_form_cannot_say_is_refused_by_name() {
        let times_ms = vec![0, 1000];
        let (at, late) = (PointSpec::At { times_ms }, PointSpec::spread(None, 2, 1));
        let even = PointSpec::spread(Some(3), 0, 0);
        let says = |format: StoryboardFormat, points, config, what: &str| {
            let text = refusal(format, points, config).unwrap_or_default();
            assert!(
                text.starts_with(format.name()) && text.contains(what),
                "{text}"
            );
        };
        for format in StoryboardFormat::ALL {
            assert_eq!(refusal(format, &even, "{}"), None);
            if format.counts_cells() {
                says(format, &at, "{}", "list of times");
                says(format, &late, "{}", "offset of 0");
            } else {
                assert_eq!(refusal(format, &at, r#"{"Padding":1}"#), None);
                assert_eq!(refusal(format, &late, r#"{"Margin":1}"#), None);
            }
        }
        for format in [
            StoryboardFormat::Hls,
            StoryboardFormat::Dash,
            StoryboardFormat::Jellyfin,
        ] {
            says(format, &even, r#"{"Padding":1}"#, "Padding must be 0");
            says(format, &even, r#"{"Margin":1}"#, "Margin must be 0");
        }
        let bif = StoryboardFormat::Bif;
        assert_eq!(refusal(bif, &even, r#"{"Padding":1}"#), None);
        let most = |count| PointSpec::spread(Some(count), 1, 0);
        assert_eq!(refusal(bif, &most(MOST_BIF_PICTURES), "{}"), None);
        says(bif, &most(MOST_BIF_PICTURES + 1), "{}", "at most 10000");
    }
}
