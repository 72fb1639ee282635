//! What a video decides of a storyboard of it: steps, cells, columns and lines.
//!
//! Half a minute between cells tells nobody anything of a clip, and one second makes a long film
//! thousands of cells. As Mux does, a video below 15 minutes has at most 50 cells and a longer one 100;
//! but at whole steps, so that a cell is that of a time that a person reads.

use crate::size::{Size, TooLarge};
use contract::snapshot::{Extent, SheetFit, SpriteSpec};

/// Steps, s. Of a video that has more cells with the last one, there are as many as it may have.
const STEPS_S: [u64; 16] = [
    1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600,
];
/// From here on a video is long, ms.
const LONG_MS: u64 = 15 * 60 * 1000;
const MOST_CELLS: u64 = 50;
const MOST_CELLS_OF_LONG: u64 = 100;
/// px of the longer side of a cell.
const LONGER_SIDE: u32 = 256;

/// From one cell to the next, s, of a video of `duration_ms`.
#[must_use]
pub fn step_s(duration_ms: u64) -> u64 {
    let most = match duration_ms < LONG_MS {
        true => MOST_CELLS,
        false => MOST_CELLS_OF_LONG,
    };
    let fits = |step_s: &u64| duration_ms <= most * step_s * 1000;
    let step = STEPS_S.into_iter().find(fits);
    step.unwrap_or_else(|| duration_ms.div_ceil(most * 1000))
}

/// The cell of pictures of size `picture`: as the sprite says, or of that shape and no larger.
///
/// # Errors
/// A side is too long.
pub fn cell(sprite: &SpriteSpec, picture: Size) -> Result<Size, TooLarge> {
    if !sprite.fit.cell {
        return picture.fitted(sprite.cell_width, sprite.cell_height);
    }
    let longer = picture.width.max(picture.height).min(LONGER_SIDE);
    match picture.width >= picture.height {
        true => picture.fitted(Some(longer), None),
        false => picture.fitted(None, Some(longer)),
    }
}

/// Columns and lines of the sheets of `cells` cells of this size.
#[must_use]
pub fn layout(sprite: &SpriteSpec, cell: Size, cells: u64) -> (u32, u32) {
    let SheetFit { columns, lines, .. } = sprite.fit;
    let count = |extent, given: u32, side, needed: u64| {
        let needed = u32::try_from(needed).unwrap_or(u32::MAX);
        match extent {
            Extent::Exact => given,
            Extent::Fitting => given.min(room(sprite, side)),
            Extent::Needed => given.min(room(sprite, side)).min(needed),
        }
        .max(1)
    };
    let columns = count(columns, sprite.columns, cell.width, cells);
    let rest = cells.div_ceil(u64::from(columns));
    (columns, count(lines, sprite.lines, cell.height, rest))
}

/// How many cells with such a side fit beside each other on a sheet.
fn room(sprite: &SpriteSpec, side: u32) -> u32 {
    let most = sprite.fit.most_side.unwrap_or(u32::MAX);
    let inside = most.saturating_sub(sprite.margin.saturating_mul(2));
    let each = side.saturating_add(sprite.padding).max(1);
    inside.saturating_add(sprite.padding) / each
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::sprite;

    fn read(config: &str) -> SpriteSpec {
        sprite::read(config).unwrap().unwrap()
    }

    const fn size(width: u32, height: u32) -> Size {
        Size { width, height }
    }

    #[test]
    fn a_short_video_has_up_to_fifty_cells_and_a_long_one_a_hundred() {
        for (seconds, step) in [
            (0, 1),
            (1, 1),
            (50, 1),
            (51, 2),
            (100, 2),
            (101, 5),
            (600, 15),
            (899, 20),
            (900, 10),
            (1000, 10),
            (1001, 15),
            (5400, 60),
            (7200, 120),
            (360_000, 3600),
            (400_000, 4000),
        ] {
            assert_eq!(step_s(seconds * 1000), step, "{seconds} s");
        }
        for minutes in 1..3000 {
            let cells = (minutes * 60_u64).div_ceil(step_s(minutes * 60_000));
            let most = if minutes < 15 { 50 } else { 100 };
            assert!((most / 3..=most).contains(&cells), "{minutes}: {cells}");
        }
    }

    #[test]
    fn cells_have_the_shape_of_the_video() {
        let automatic = read("{'CellWidth':'auto'}");
        for (picture, expected) in [
            (size(1920, 1080), size(256, 144)),
            (size(1080, 1920), size(144, 256)),
            (size(720, 720), size(256, 256)),
            (size(160, 120), size(160, 120)),
        ] {
            assert_eq!(cell(&automatic, picture), Ok(expected));
        }
        let given = read("{'CellWidth':160}");
        assert_eq!(cell(&given, size(1920, 1080)), Ok(size(160, 90)));
    }

    #[test]
    fn a_sheet_has_no_more_lines_than_it_needs_and_no_side_above_4096_px() {
        let automatic = read("{'Columns':'auto','Lines':'auto'}");
        assert_eq!(layout(&automatic, size(256, 144), 37), (10, 4));
        assert_eq!(layout(&automatic, size(256, 144), 3), (3, 1));
        assert_eq!(layout(&automatic, size(1920, 1080), 37), (2, 3));
        assert_eq!(layout(&automatic, size(5000, 5000), 37), (1, 1));
        let padded = read("{'Columns':'auto','Lines':'auto','Padding':96,'Margin':4}");
        assert_eq!(layout(&padded, size(1000, 1000), 37), (3, 3));
        let exact = read("{'Columns':7,'Lines':9}");
        assert_eq!(layout(&exact, size(1920, 1080), 3), (7, 9));
    }
}
