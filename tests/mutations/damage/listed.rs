//! The packets that a container lists.

use decoder::Ffmpeg;
use std::path::Path;
use std::process::{Command, Stdio};

/// How many packets may come before the one that is shown first.
const REORDERED: usize = 3;

/// Of two times so near each other, µs, either may be meant.
const NEAR_US: i64 = 20_000;

/// Nobody takes a picture that is so far from all others, µs, for one of their row.
const FAR_US: i64 = 5_000_000;

/// In decoding order.
pub(super) struct ListedPackets {
    packets: Vec<ListedPacket>,
    /// What the container says of how all of them are coded.
    settings: Vec<String>,
}

struct ListedPacket {
    /// When it is shown, µs; none where the container says nothing.
    at_us: Option<i64>,
    is_key: bool,
    /// Its size and a checksum of its bytes.
    coded: String,
}

impl ListedPackets {
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
        let packet = |line: &str| {
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            let pts = fields.get(2).and_then(|pts| pts.parse::<i64>().ok());
            let pts = pts.filter(|&pts| pts != i64::MIN);
            let flags = fields.iter().find_map(|field| field.strip_prefix("F=0x"));
            let flags = flags.map_or(1, |flags| u32::from_str_radix(flags, 16).unwrap_or(0));
            ListedPacket {
                at_us: pts.and_then(|pts| i64::try_from(us(pts)).ok()),
                // They are said where they are not those of a keyframe.
                is_key: flags & 1 == 1,
                coded: fields.get(4..6).unwrap_or_default().join(" "),
            }
        };
        let settings = said.lines().filter(|line| line.starts_with("#extradata"));
        let settings = settings.map(str::to_owned).collect();
        let packets = said.lines().filter(|line| line.starts_with("0,"));
        let packets = packets.map(packet).collect();
        Self { packets, settings }
    }

    /// How much later than in `whole` the first frame is shown.
    pub(super) fn begins_later_us(&self, whole: &Self) -> i64 {
        match (self.first(), whole.first()) {
            (Some(first), Some(whole)) => first - whole,
            _ => 0,
        }
    }

    /// When the first frame is shown. A keyframe that comes first and is shown far behind all others
    /// has lost its time: it is shown a step before the first of them.
    fn first(&self) -> Option<i64> {
        let first = self.packets.iter().take(REORDERED);
        let mut first: Vec<i64> = first.map(|packet| packet.at_us).collect::<Option<_>>()?;
        let rest = self
            .packets
            .iter()
            .skip(1)
            .filter_map(|packet| packet.at_us);
        let mut rest: Vec<i64> = rest.collect();
        rest.sort_unstable();
        let is_far = |&last: &i64| first[0] - last > FAR_US;
        if let Some(place) = rest.last().filter(|last| is_far(last)).map(|_| rest[0]) {
            let mut steps: Vec<i64> = rest.windows(2).map(|pair| pair[1] - pair[0]).collect();
            steps.sort_unstable();
            first[0] = place - steps.get(steps.len() / 2)?;
        }
        first.into_iter().min()
    }

    /// Where in decoding order the one packet is that is shown `at_us` after the first frame. None
    /// where several are, or none is.
    pub(super) fn place_of(&self, at_us: i64) -> Option<usize> {
        self.place_at(self.first()? + at_us)
    }

    /// The same of a time on the container's clock.
    fn place_at(&self, at_us: i64) -> Option<usize> {
        let is_near = |time: Option<i64>| time.is_some_and(|time| (time - at_us).abs() < NEAR_US);
        let places = 0..self.packets.len();
        let mut near = places.filter(|&place| is_near(self.packets[place].at_us));
        let only = near.next()?;
        near.next().is_none().then_some(only)
    }

    /// When the packet in this place is shown in `whole`; none where packets are missing.
    pub(super) fn time_in(&self, whole: &Self, place: usize) -> Option<i64> {
        let packet = whole.packets.get(place).filter(|_| self.has_all(whole));
        packet.and_then(|packet| packet.at_us)
    }

    /// When the packet in this place is shown, after the first frame.
    pub(super) fn shown_us(&self, place: usize) -> Option<i64> {
        Some(self.packets.get(place)?.at_us? - self.first()?)
    }

    /// Whether there are as many as in `whole`.
    pub(super) fn has_all(&self, whole: &Self) -> bool {
        self.packets.len() == whole.packets.len()
    }

    /// Whether packets may be missing up to this one, or of all, but none of them has a time that is
    /// not its own.
    pub(super) fn are_of(&self, whole: &Self, place: Option<usize>) -> bool {
        let mut rest = whole.packets.iter();
        let count = place.map_or(self.packets.len(), |place| place + 1);
        let mut until = self.packets[..count].iter();
        until.all(|packet| rest.any(|other| other.at_us == packet.at_us))
    }

    /// Whether the packets in these places are coded as in `whole`, and none is missing.
    pub(super) fn are_coded_as_in(&self, whole: &Self, places: &[usize]) -> bool {
        let is_same = |&place: &usize| self.packets[place].coded == whole.packets[place].coded;
        self.has_all(whole) && self.settings == whole.settings && places.iter().all(is_same)
    }
}

/// Which packets of a whole clip others are decoded with.
pub(super) struct References {
    packets: ListedPackets,
    /// By place.
    is_referenced: Vec<bool>,
}

impl References {
    /// `shown` are the times of the frames that the decoder gives where it leaves out those to which
    /// nothing refers.
    pub(super) fn new(packets: ListedPackets, shown: &[i64]) -> Self {
        let mut is_referenced = vec![false; packets.packets.len()];
        for place in shown.iter().filter_map(|&at_us| packets.place_at(at_us)) {
            is_referenced[place] = true;
        }
        Self {
            packets,
            is_referenced,
        }
    }

    pub(super) fn packets(&self) -> &ListedPackets {
        &self.packets
    }

    /// The packets that the one in this place may need, itself among them: those since the keyframe
    /// before to which any refers.
    pub(super) fn ancestors(&self, place: usize) -> Vec<usize> {
        let is_needed = |&at: &usize| at == place || self.is_referenced[at];
        (self.key_of(place)..=place).filter(is_needed).collect()
    }

    /// The keyframe that decoding of the packet in this place begins with.
    pub(super) fn key_of(&self, place: usize) -> usize {
        let time = |place: usize| self.packets.packets[place].at_us;
        let is_key = |&at: &usize| self.packets.packets[at].is_key;
        let mut keys = (0..=place).rev().filter(is_key);
        // What comes after a keyframe and is shown before it needs what comes before it.
        keys.find(|&key| time(key) <= time(place)).unwrap_or(0)
    }
}
