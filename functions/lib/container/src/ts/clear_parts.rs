//! Which frames of a transport stream can be decoded where some of its video is scrambled.
//!
//! ffmpeg's demuxer lists what it takes for pictures, and of what is wholly scrambled it lists
//! nothing. So its packets are found again among the PES packets of the file, by their times and
//! in their order, and what lies between is what it does not tell.

use super::units::PesUnit;
use plan::{TimeBase, Timeline, TimelineFrame};
use std::collections::BTreeSet;

/// The clock of PES packets, and where it begins anew.
const CLOCK: TimeBase = TimeBase {
    num: 1,
    den: 90_000,
};
const WRAP_TICKS: i64 = 1 << 33;

/// A packet's own unit is not farther from the last one's, counted in units that are clear: parsers
/// give times of their own to packets that begin in the middle of one.
const FAR_UNITS: usize = 32;

/// Frames are shown at most so many later than they are decoded.
const MOST_REORDERED: i64 = 16;

/// The packets of a video as a demuxer lists them, in decoding order.
#[derive(Debug, Clone, Default)]
pub struct ListedPackets {
    /// Of their times.
    pub time_base: Option<TimeBase>,
    /// Presentation time, and whether decoding can begin here.
    pub packets: Vec<(Option<i64>, bool)>,
}

/// What needs nothing that is scrambled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClearParts {
    /// When these frames are shown, ticks, rising.
    times: Vec<i64>,
    /// Each is the latest time of the frames that are decoded before something scrambled.
    breaks: BTreeSet<i64>,
    /// So many units come after the last packet.
    units_after: usize,
}

impl ClearParts {
    /// None where nothing tells the packets of the listing apart.
    #[must_use]
    pub fn of(listing: &ListedPackets, units: &[PesUnit]) -> Option<Self> {
        if listing.time_base != Some(CLOCK) {
            return None;
        }
        let mut parts = Self::default();
        let places = Places::of(listing, units)?;
        let mut latest = None;
        let mut group = GroupState::default();
        for (&(pts, is_key), place) in listing.packets.iter().zip(&places.of_packets) {
            let pts = pts?;
            if place.breaks_before || place.is_scrambled {
                parts.breaks.extend(latest);
                group.needs_scrambled = true;
            }
            let is_clear = !place.is_scrambled && group.shows(pts, is_key);
            if is_clear {
                parts.times.push(pts);
            }
            latest = latest.max(Some(pts));
        }
        if places.units_after > 0 {
            parts.breaks.extend(latest);
        }
        parts.units_after = places.units_after;
        parts.times.sort_unstable();
        Some(parts)
    }

    /// Whether the frame of this time can be shown right.
    #[must_use]
    pub fn has(&self, pts: i64) -> bool {
        self.times.binary_search(&pts).is_ok()
    }

    /// With frames for what is shown where nothing is listed: they are not among those that can be
    /// shown, and the time that they take is not that of the frame before.
    /// Frames are `gap` ticks apart as a rule. None where there are none.
    #[must_use]
    pub fn with_scrambled(&self, timeline: &Timeline, gap: i64) -> Option<Timeline> {
        let frames = timeline.frames();
        let follows_break = |pts: i64| {
            let within = pts..=pts.saturating_add(gap.saturating_mul(MOST_REORDERED));
            self.breaks.range(within).next().is_some()
        };
        let is_hole = |pair: &&[TimelineFrame]| {
            let empty = pair[1].pts.saturating_sub(pair[0].pts);
            empty > gap.saturating_add(gap / 2) && follows_break(pair[0].pts)
        };
        let scrambled = |before: i64| TimelineFrame {
            pts: before.saturating_add(gap),
            sync: false,
        };
        let holes = frames.windows(2).filter(is_hole);
        let mut all = frames.to_vec();
        all.extend(holes.map(|pair| scrambled(pair[0].pts)));
        let mut end = timeline.end_pts();
        if self.units_after > 0 {
            let last = scrambled(frames.last()?.pts);
            let units = i64::try_from(self.units_after).unwrap_or(i64::MAX);
            end = end.max(last.pts.saturating_add(gap.saturating_mul(units)));
            all.push(last);
        }
        let filled = Timeline::new(timeline.time_base(), all, end)?;
        Some(filled.with_repairs(timeline.repairs().to_vec()))
    }
}

/// Whether pictures that are decoded next refer to something scrambled.
#[derive(Debug, Default)]
struct GroupState {
    needs_scrambled: bool,
    /// When the last keyframe is shown, and whether the pictures before it did.
    key: Option<(i64, bool)>,
}

impl GroupState {
    /// Whether the next picture, which is clear itself, can be shown right.
    fn shows(&mut self, pts: i64, is_key: bool) -> bool {
        if is_key {
            self.key = Some((pts, self.needs_scrambled));
            self.needs_scrambled = false;
        }
        // Those that follow a keyframe and are shown before it refer to the group before as well.
        let is_torn = self.key.is_some_and(|(key, torn)| torn && pts < key);
        !self.needs_scrambled && !is_torn
    }
}

/// Where packets were found among the units.
#[derive(Debug, Default)]
struct Places {
    of_packets: Vec<Place>,
    /// How many are left, where some of them are scrambled.
    units_after: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    is_scrambled: bool,
    /// Something scrambled comes between it and the packet before.
    breaks_before: bool,
}

impl Places {
    fn of(listing: &ListedPackets, units: &[PesUnit]) -> Option<Self> {
        let mut places = Vec::with_capacity(listing.packets.len());
        // The next unit, and since which packet none was found.
        let (mut next, mut lost) = (0_usize, 0);
        let mut steps_left = 64 * (listing.packets.len() + units.len());
        for &(pts, _) in &listing.packets {
            let pts = u64::try_from(pts?.rem_euclid(WRAP_TICKS)).ok();
            // One that begins in the middle of a unit is what that is.
            let in_last = next
                .checked_sub(1)
                .is_some_and(|last| units[last].is_scrambled);
            places.push(Place {
                is_scrambled: in_last,
                breaks_before: false,
            });
            let Some(found) = find(&units[next..], pts, &mut steps_left).ok()? else {
                continue;
            };
            let breaks_before = units[next..next + found].iter().any(|u| u.is_scrambled);
            let own = places.len() - 1;
            if breaks_before {
                places[lost..own]
                    .iter_mut()
                    .for_each(|place| place.is_scrambled = true);
            }
            places[own] = Place {
                is_scrambled: units[next + found].is_scrambled,
                breaks_before,
            };
            next += found + 1;
            lost = places.len();
        }
        let after = &units[next..];
        let is_scrambled = after.iter().any(|unit| unit.is_scrambled);
        if is_scrambled {
            places[lost..]
                .iter_mut()
                .for_each(|place| place.is_scrambled = true);
        }
        Some(Self {
            of_packets: places,
            units_after: if is_scrambled { after.len() } else { 0 },
        })
    }
}

/// The search took longer than any real file needs.
struct TookTooLong;

/// How far the unit of this time is from the first of these.
fn find(
    units: &[PesUnit],
    pts: Option<u64>,
    steps_left: &mut usize,
) -> Result<Option<usize>, TookTooLong> {
    let mut clear = 0;
    for (nth, unit) in units.iter().enumerate() {
        *steps_left = steps_left.checked_sub(1).ok_or(TookTooLong)?;
        if unit.pts.is_some() && unit.pts == pts {
            return Ok(Some(nth));
        }
        clear += usize::from(!unit.is_scrambled);
        if clear > FAR_UNITS {
            break;
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Frames of 3600 ticks in decoding order: when each is shown and whether it is a keyframe.
    fn listing(packets: &[(i64, bool)]) -> ListedPackets {
        let packet = |&(pts, is_key): &(i64, bool)| (Some(pts * 3600), is_key);
        ListedPackets {
            time_base: Some(CLOCK),
            packets: packets.iter().map(packet).collect(),
        }
    }

    fn unit(number: u64, is_scrambled: bool) -> PesUnit {
        PesUnit {
            pts: (!is_scrambled).then_some(number * 3600),
            is_scrambled,
        }
    }

    fn timeline(listing: &ListedPackets) -> Timeline {
        let frames = listing.packets.iter().map(|&(pts, sync)| TimelineFrame {
            pts: pts.unwrap(),
            sync,
        });
        Timeline::new(CLOCK, frames.collect(), 0).unwrap()
    }

    fn frames(ticks: impl IntoIterator<Item = i64>) -> Vec<i64> {
        ticks.into_iter().map(|pts| pts / 3600).collect()
    }

    #[test]
    fn what_is_scrambled_is_a_frame_of_its_own_and_needed_until_a_keyframe() {
        let packets: Vec<(i64, bool)> = (0..12).chain(20..40).map(|n| (n, n % 6 == 0)).collect();
        let listing = listing(&packets);
        let units: Vec<PesUnit> = (0..44).map(|n| unit(n, (12..20).contains(&n))).collect();
        let parts = ClearParts::of(&listing, &units).unwrap();
        assert_eq!(
            frames(parts.times.clone()),
            (0..12).chain(24..40).collect::<Vec<_>>()
        );
        let filled = parts.with_scrambled(&timeline(&listing), 3600).unwrap();
        let shown = filled.shown_at(15 * 40);
        assert_eq!(filled.frames()[shown].pts, 12 * 3600);
        assert!(!parts.has(12 * 3600) && parts.has(11 * 3600));
        assert_eq!(filled.frames().len(), 33);
    }

    #[test]
    fn what_is_scrambled_to_the_end_lasts_as_long_as_it_would() {
        let packets: Vec<(i64, bool)> = (0..10).map(|n| (n, n == 0)).collect();
        let listing = listing(&packets);
        let units: Vec<PesUnit> = (0..50).map(|n| unit(n, n >= 10)).collect();
        let parts = ClearParts::of(&listing, &units).unwrap();
        let filled = parts.with_scrambled(&timeline(&listing), 3600).unwrap();
        assert_eq!((parts.times.len(), filled.duration_ms()), (10, 2000));
        assert!(!parts.has(filled.frames()[filled.shown_at(500)].pts));
    }

    #[test]
    fn pictures_shown_before_a_keyframe_may_need_what_is_before_it() {
        // In the order of decoding: what is scrambled comes between 1 and the keyframe.
        let listing = listing(&[
            (0, true),
            (1, false),
            (8, true),
            (6, false),
            (7, false),
            (9, false),
        ]);
        let mut units = vec![unit(0, false), unit(1, false), unit(0, true)];
        units.extend([8, 6, 7, 9].map(|n| unit(n, false)));
        let parts = ClearParts::of(&listing, &units).unwrap();
        assert_eq!(frames(parts.times), [0, 1, 8, 9]);
    }

    #[test]
    fn packets_within_a_unit_are_what_it_is_and_times_wrap() {
        let wrapped = |n: i64| (1 << 33) / 3600 + n;
        let packets: Vec<(i64, bool)> = (0..6).map(|n| (wrapped(n), n % 2 == 0)).collect();
        let listing = listing(&packets);
        let own = |n: i64, is_scrambled| PesUnit {
            pts: u64::try_from((wrapped(n) * 3600) % WRAP_TICKS).ok(),
            is_scrambled,
        };
        let units = [own(0, false), own(2, true), own(4, false)];
        let parts = ClearParts::of(&listing, &units).unwrap();
        let clear: Vec<i64> = [0, 1, 4, 5].map(wrapped).into();
        assert_eq!(frames(parts.times), clear);
    }
}
