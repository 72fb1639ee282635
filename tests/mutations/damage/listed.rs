//! The times that a container gives its packets.

use decoder::Ffmpeg;
use std::path::Path;
use std::process::{Command, Stdio};

/// How many packets may come before the one that is shown first.
const REORDERED: usize = 3;

/// Of two times so near each other, µs, either may be meant.
const NEAR_US: i64 = 20_000;

/// In decoding order, µs; none where the container says nothing.
pub(super) struct ListedTimes(Vec<Option<i64>>);

impl ListedTimes {
    pub(super) fn of(ffmpeg: &Ffmpeg, file: &Path) -> Self {
        let run = Command::new(&ffmpeg.path)
            .args(["-nostdin", "-v", "quiet", "-copyts", "-i"])
            .arg(file)
            .args(["-map", "0:V:0", "-c", "copy", "-copyinkf:v"])
            .args(["-f", "framecrc", "pipe:1"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let clock = said.lines().find_map(|line| line.strip_prefix("#tb 0: "));
        let clock = clock.and_then(|clock| clock.split_once('/'));
        let (num, den) = clock.map_or((1, 1), |(num, den)| {
            (num.parse().unwrap_or(1), den.parse().unwrap_or(1))
        });
        let us = |ticks: i64| i128::from(ticks) * num * 1_000_000 / den;
        let packets = said.lines().filter(|line| line.starts_with("0,"));
        let times = packets.map(|line| {
            let pts: i64 = line.split(',').nth(2)?.trim().parse().ok()?;
            i64::try_from(us(pts)).ok().filter(|_| pts != i64::MIN)
        });
        Self(times.collect())
    }

    /// How much later than in `whole` the first frame is shown.
    pub(super) fn begins_later_us(&self, whole: &Self) -> i64 {
        match (self.first(), whole.first()) {
            (Some(first), Some(whole)) => first - whole,
            _ => 0,
        }
    }

    /// When the first frame is shown.
    fn first(&self) -> Option<i64> {
        let first = self.0.iter().take(REORDERED).copied();
        first.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// Where in decoding order the one packet is that is shown `at_us` after the first frame. None
    /// where several are, or none is.
    pub(super) fn place_of(&self, at_us: i64) -> Option<usize> {
        let at_us = self.first()? + at_us;
        let is_near = |time: &Option<i64>| time.is_some_and(|time| (time - at_us).abs() < NEAR_US);
        let mut near = (0..self.0.len()).filter(|&place| is_near(&self.0[place]));
        let only = near.next()?;
        near.next().is_none().then_some(only)
    }

    /// When the packet in this place is shown in `whole`; none where packets are missing.
    pub(super) fn time_in(&self, whole: &Self, place: usize) -> Option<i64> {
        let has_all = self.0.len() == whole.0.len();
        whole.0.get(place).copied().flatten().filter(|_| has_all)
    }

    /// Whether packets may be missing up to this one, or of all, but none of them has a time that is
    /// not its own.
    pub(super) fn are_of(&self, whole: &Self, place: Option<usize>) -> bool {
        let mut rest = whole.0.iter();
        let count = place.map_or(self.0.len(), |place| place + 1);
        let mut until = self.0[..count].iter();
        until.all(|time| rest.any(|other| other == time))
    }
}
