//! One picture against the frame that is shown at its time.

use super::compare::{
    CLEARLY_MORE, LEAST_LIKENESS, MOST_CELL_ERROR, MOST_MEAN_ERROR, better_turn, cell_errors, psnr,
};
use super::program::TakenPicture;
use super::raster::Raster;
use super::reference::Trust;
use super::report::{Finding, Wrong};
use super::scene::Scene;

/// Times are said in thousandths of a ms, and containers round them.
const MOST_TIME_ERROR_MS: f64 = 0.6;
/// Sides that are stretched are rounded by everybody in a way of their own.
const MOST_SIDE_ERROR_PX: u64 = 1;
/// dB that a picture marked as damaged may be worse than a plain decode.
const MOST_DAMAGE_DB: f64 = 1.0;

/// Pictures of one file.
pub(super) struct Inspection<'a> {
    pub(super) scene: &'a Scene,
    /// The file before it was damaged.
    pub(super) original: Option<&'a Scene>,
}

impl Inspection<'_> {
    /// All that is wrong with the picture of a point.
    pub(super) fn inspect(&self, at_ms: u64, picture: Option<&TakenPicture>) -> Vec<Finding> {
        let finding = |wrong, detail| Finding::new(at_ms, wrong, detail);
        let shown = self.scene.timeline.shown_at(at_ms);
        let Some(picture) = picture else {
            let detail = format!("frame {} has no picture", shown.frame);
            return vec![finding(Wrong::Missing, detail)];
        };
        let raster = match Raster::of_jpeg(&picture.bytes) {
            Ok(raster) => raster,
            Err(error) => return vec![finding(Wrong::Missing, error.to_string())],
        };
        let judged = (shown.earliest..=shown.latest).map(|frame| {
            let found = self.inspect_frame(frame, picture, &raster);
            found.into_iter().map(|(w, d)| finding(w, d)).collect()
        });
        let judged: Vec<Vec<Finding>> = judged.collect();
        judged.into_iter().min_by_key(Vec::len).unwrap_or_default()
    }

    fn inspect_frame(
        &self,
        frame: usize,
        picture: &TakenPicture,
        raster: &Raster,
    ) -> Vec<(Wrong, String)> {
        let mut found = Vec::new();
        found.extend(self.wrong_time(frame, picture));
        found.extend(self.wrong_size(frame, picture, raster));
        if picture.is_damaged {
            found.extend(self.worse_than_plain(frame, picture.requested_ms, raster));
        } else {
            found.extend(self.wrong_content(frame, raster));
        }
        found
    }

    fn wrong_time(&self, frame: usize, picture: &TakenPicture) -> Option<(Wrong, String)> {
        let timeline = &self.scene.timeline;
        let right = timeline.time_ms(frame, picture.requested_ms);
        // Guesses differ by no more than the frames around them.
        if timeline.is_guessed() {
            return None;
        }
        let error = (picture.presentation_ms - right).abs();
        (error.is_nan() || error > MOST_TIME_ERROR_MS).then(|| {
            let said = picture.presentation_ms;
            (
                Wrong::Frame,
                format!("that of {said} ms, not of {right:.3}"),
            )
        })
    }

    fn wrong_size(
        &self,
        frame: usize,
        picture: &TakenPicture,
        raster: &Raster,
    ) -> Option<(Wrong, String)> {
        let real = (raster.width as u64, raster.height as u64);
        if real != picture.size {
            let detail = format!("{real:?}, the manifest says {:?}", picture.size);
            return Some((Wrong::Size, detail));
        }
        let right = self.scene.display(frame);
        let is_right = real.0.abs_diff(right.0) <= MOST_SIDE_ERROR_PX
            && real.1.abs_diff(right.1) <= MOST_SIDE_ERROR_PX;
        (!is_right).then(|| {
            let detail = format!("{}x{}, not {}x{}", real.0, real.1, right.0, right.1);
            (Wrong::Size, detail)
        })
    }

    fn wrong_content(&self, frame: usize, raster: &Raster) -> Option<(Wrong, String)> {
        let right = self.scene.frame(frame)?;
        let as_jpeg = cell_errors(raster, &right.as_jpeg);
        let mut errors = cell_errors(raster, &right.raster);
        if as_jpeg.most < errors.most {
            errors = as_jpeg;
        }
        if let Some(alike) = self.scene.most_alike(frame, raster)
            && alike.most > alike.own + CLEARLY_MORE
            && errors.mean > MOST_MEAN_ERROR / 2.0
        {
            let detail = format!("looks like frame {}, not {frame}", alike.best);
            return Some((Wrong::Frame, detail));
        }
        if let Some(turn) = better_turn(raster, &right.raster) {
            let detail = format!("right once {}", describe(turn));
            return Some((Wrong::Turned, detail));
        }
        let figures = format!(
            "mean {:.1}, cells {:.1} of 255, likeness {:.3}",
            errors.mean, errors.most, errors.likeness
        );
        if errors.likeness < LEAST_LIKENESS && errors.mean > MOST_MEAN_ERROR {
            return Some((Wrong::Frame, format!("another picture: {figures}")));
        }
        let is_right = errors.mean <= MOST_MEAN_ERROR && errors.most <= MOST_CELL_ERROR;
        (right.trust == Trust::Colours && !is_right).then_some((Wrong::Colour, figures))
    }

    /// Held against the undamaged file, if there is one.
    fn worse_than_plain(
        &self,
        frame: usize,
        at_ms: u64,
        raster: &Raster,
    ) -> Option<(Wrong, String)> {
        let original = self.original?;
        let true_frame = original.timeline.shown_at(at_ms).frame;
        let truth = &original.frame(true_frame)?.raster;
        let plain = psnr(&self.scene.frame(frame)?.raster, truth)?;
        let own = psnr(raster, truth)?;
        // No JPEG comes closer to its source than this.
        let least = plain.min(30.0) - MOST_DAMAGE_DB;
        (own < least).then(|| {
            let detail = format!("{own:.1} dB, a plain decode has {plain:.1}");
            (Wrong::WorseThanPlain, detail)
        })
    }
}

fn describe(turn: super::raster::Turn) -> String {
    let mut words = Vec::new();
    for (is_so, word) in [
        (turn.transposed, "transposed"),
        (turn.mirrored, "mirrored"),
        (turn.upside_down, "turned upside down"),
    ] {
        words.extend(is_so.then_some(word));
    }
    words.join(" and ")
}
