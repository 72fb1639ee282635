//! How long a picture is shown: nothing tells it of the last one but the pace of the others.

use crate::IndexError;
use plan::CodedSample;

const UNSTEADY: IndexError = IndexError::Unsupported("its pictures come at no steady pace");
const FEW: IndexError = IndexError::Unsupported("it has too few pictures to tell their pace");

/// So many of the first pictures tell it: readers look at about as many.
pub(super) const PACE_PICTURES: usize = 41;
const FEW_PICTURES: usize = 8;
/// Pictures may be left out in most places.
const MOST_PARTS: u32 = 3;
/// All times are near a place of a pace that is faster.
const LEAST_PART_MS: f64 = 8.0;
/// Times are whole milliseconds.
const ROUNDED_MS: f64 = 1.01;
/// What is lost where they are rounded.
const LOST_MS: f64 = 0.05;

/// Of a picture, ms. `samples` are the first ones, or all.
pub(super) fn picture_ms(samples: &[CodedSample]) -> Result<i64, IndexError> {
    let times: Vec<i64> = samples.iter().take(PACE_PICTURES).map(|s| s.pts).collect();
    if times.len() < FEW_PICTURES {
        return Err(FEW);
    }
    let pairs = times.windows(2);
    let mut steps: Vec<i64> = pairs.map(|pair| pair[1].saturating_sub(pair[0])).collect();
    steps.sort_unstable();
    // Differences of 32 bits.
    let usual = steps[steps.len() / 2] as f64;
    let parts = (2..=MOST_PARTS).map(|parts| usual / f64::from(parts));
    let mut parts = parts.filter(|&part| part >= LEAST_PART_MS);
    let pace = pace(&times, usual).or_else(|| parts.find_map(|part| pace(&times, part)));
    // The cast saturates.
    Ok(((pace.ok_or(UNSTEADY)? + LOST_MS) as i64).max(1))
}

/// The exact distance of pictures that is about `about`. None where one of them is elsewhere.
fn pace(times: &[i64], about: f64) -> Option<f64> {
    let first = *times.first()?;
    let mut pace = about;
    let mut exact = None;
    for (&time, &before) in times.iter().skip(1).zip(times) {
        let since = time.saturating_sub(first) as f64;
        let step = time.saturating_sub(before) as f64;
        let places = (step / pace).round();
        let places_so_far = exact.map_or(0.0, |(places, _)| places) + places;
        if places < 1.0 || (places_so_far * pace - since).abs() > ROUNDED_MS + places * 0.2 {
            return None;
        }
        pace = since / places_so_far;
        exact = Some((places_so_far, since));
    }
    exact.map(|(places, since)| since / places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::shown_at;

    fn ms(times: impl Iterator<Item = f64>) -> Option<i64> {
        // Rounded as they are written.
        let samples: Vec<CodedSample> = times.map(|time| shown_at(time.round() as i64)).collect();
        picture_ms(&samples).ok()
    }

    fn at(rate: f64) -> impl Iterator<Item = f64> {
        (0..60).map(move |nth| f64::from(nth) * 1000.0 / rate)
    }

    #[test]
    fn it_is_what_readers_make_of_a_steady_rate() {
        for (rate, expected) in [
            (25.0, 40),
            (24.0, 41),
            (24.0 / 1.001, 41),
            (30.0 / 1.001, 33),
            (30.0, 33),
            (60.0, 16),
            (10.0, 100),
            (7.0, 142),
            (1.0, 1000),
        ] {
            assert_eq!(ms(at(rate)), Some(expected), "{rate}");
        }
    }

    #[test]
    fn pictures_that_are_left_out_change_nothing() {
        let some = at(30.0).enumerate().filter(|(nth, _)| nth % 7 != 3);
        assert_eq!(ms(some.map(|(_, time)| time)), Some(33));
        // Every other one, and some more.
        let half = at(30.0)
            .enumerate()
            .filter(|(nth, _)| nth % 2 == 0 || nth % 9 == 0);
        assert_eq!(ms(half.map(|(_, time)| time)), Some(33));
    }

    #[test]
    fn where_there_is_no_pace_none_is_told() {
        let odd = [
            0.0, 30.0, 64.0, 79.0, 113.0, 159.0, 223.0, 271.0, 319.0, 383.0, 431.0, 482.0,
        ];
        assert_eq!(ms(odd.into_iter()), None);
        assert_eq!(ms(at(25.0).take(5)), None);
    }
}
