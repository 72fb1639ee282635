//! From listed packets or decoded frames to a timeline, or to the knowledge that they lie.

use decoder::selection::FrameNumbers;
use decoder::{AudioTrack, DecodedFrame, DecodedFrames, FirstShown, PacketListing};
use plan::clock::{DecodingOrderCheck, RepairedTimes, check_decoding_order, repair_output_order};
use plan::gaps::{end_of, usual_gap};
use plan::{ClockFault, TimeBase, Timeline, TimelineFrame, end_with_sound};

/// Codecs whose pictures are shown in the order in which they are decoded.
const SHOWN_AS_DECODED: [&str; 9] = [
    "vp8", "vp9", "av1", "mjpeg", "prores", "flv1", "h263", "dvvideo", "theora",
];

/// How the frames of a timeline are picked out of what the decoder gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FrameAccess {
    /// Listed from packets: seek to a keyframe and pick by presentation time. The presentation
    /// times of all keyframes, rising, those included that are decoded but never shown. None
    /// where decoding has to begin at the start.
    Seek(Vec<i64>),
    /// Listed by decoding: decode from the start and pick by presentation time.
    Times,
    /// Listed by decoding, where times are missing, go back, or are those of several frames: pick
    /// by number.
    Numbers(FrameNumbers),
}

/// The timeline of the packets; none where they can't be the whole truth.
///
/// Listed frames before the first that is decoded are those at a cut whose references are gone: they
/// never come out, but for those that are `lost`.
pub(crate) fn of_packets(
    listing: &PacketListing,
    first: FirstShown,
    lost: &[TimelineFrame],
) -> Option<(Timeline, FrameAccess)> {
    let time_base = listing.time_base?;
    if first.clock != Some(time_base) {
        return None;
    }
    let first_pts = first.pts?;
    let zero_pts = lost.first().map_or(first_pts, |lost| lost.pts);
    let packets = match lost {
        [] => listing.since_first_key(),
        _ => &listing.packets,
    };
    if packets.iter().any(|packet| packet.pts.is_none()) {
        return None;
    }
    let decoded: Vec<i64> = packets.iter().filter_map(|p| p.pts).collect();
    let reorders = !SHOWN_AS_DECODED.contains(&&*listing.codec);
    if check_decoding_order(&decoded, reorders, time_base) != DecodingOrderCheck::Fits {
        return None;
    }
    drop(decoded);
    // No copy of them: there may be millions.
    let timed = || {
        let packets = packets.iter();
        packets.filter_map(|packet| Some((packet.pts?, *packet)))
    };
    let shown = || timed().filter(|(pts, p)| !p.is_discarded() && *pts >= zero_pts);
    let mut frames: Vec<TimelineFrame> = shown()
        .map(|(pts, packet)| TimelineFrame {
            pts,
            sync: packet.is_key(),
        })
        .collect();
    frames.sort_by_key(|frame| frame.pts);
    let repeats = frames.windows(2).any(|pair| pair[0].pts == pair[1].pts);
    let decodes = frames.get(lost.len())?;
    if repeats || decodes.pts != first_pts {
        return None;
    }
    let end = end_of(&frames, shown().map(|(pts, packet)| (pts, packet.duration)));
    let end = end_with_sound(end, time_base, ends(&listing.audio));
    let mut keys: Vec<i64> = timed()
        .filter(|(_, packet)| packet.is_key())
        .map(|(pts, _)| pts)
        .collect();
    keys.sort_unstable();
    Some((
        Timeline::new(time_base, frames, end)?,
        FrameAccess::Seek(keys),
    ))
}

/// Where each sound ends, and on which clock.
pub(super) fn ends(audio: &[AudioTrack]) -> impl Iterator<Item = (i64, TimeBase)> {
    audio
        .iter()
        .filter_map(|sound| Some((sound.end?, sound.time_base?)))
}

/// The timeline of decoded frames, which come in order of presentation. Times that say otherwise
/// are repaired; equal ones are not: the last frame of a time is the one shown. Those that are `lost`
/// come before them.
pub(crate) fn of_decoded(
    decoded: &DecodedFrames,
    audio: &[AudioTrack],
    lost: &[TimelineFrame],
) -> Option<(Timeline, FrameAccess)> {
    let time_base = decoded.clock?;
    let believed = |frame: &DecodedFrame| frame.pts.filter(|&pts| is_believed(pts, time_base));
    let times: Vec<Option<i64>> = decoded.frames.iter().map(believed).collect();
    let RepairedTimes { times, repairs } =
        repair_output_order(&times, step(decoded.rate, time_base));
    let tell_frames = repairs.is_empty() && times.windows(2).all(|pair| pair[0] < pair[1]);
    let first_pts = *times.first()?;
    let is_before = lost.last().is_some_and(|last| last.pts < first_pts);
    let lost = if is_before { lost } else { &[] };
    let access = if tell_frames {
        FrameAccess::Times
    } else {
        FrameAccess::Numbers(FrameNumbers {
            graphs: decoded.graphs.clone(),
            lost: lost.len(),
        })
    };
    let mut frames: Vec<TimelineFrame> = decoded
        .frames
        .iter()
        .zip(times)
        .map(|(&DecodedFrame { key, .. }, pts)| TimelineFrame { pts, sync: key })
        .collect();
    let gap = if frames.len() > 1 {
        usual_gap(&frames)
    } else {
        step(decoded.rate, time_base)
    };
    let end = frames.last()?.pts.saturating_add(gap);
    // A clock of which most is ours is not that of the sound.
    let is_the_sounds = repairs.iter().all(|repair| {
        repair.fault == ClockFault::Outlier
            || repair.fault == ClockFault::Missing && repair.count * 2 < frames.len()
    });
    let end = match is_the_sounds {
        true => end_with_sound(end, time_base, ends(audio)),
        false => end,
    };
    frames.splice(0..0, lost.iter().copied());
    Some((
        Timeline::new(time_base, frames, end)?.with_repairs(repairs),
        access,
    ))
}

/// Clocks may count from 1970, and from no year that is further away.
fn is_believed(pts: i64, time_base: TimeBase) -> bool {
    const MOST_S: u128 = 100 * 366 * 24 * 3600;
    let ticks = u128::from(pts.unsigned_abs()) * u128::from(time_base.num);
    ticks <= MOST_S * u128::from(time_base.den)
}

/// Ticks per frame.
fn step(rate: Option<f64>, time_base: TimeBase) -> i64 {
    let per_second = f64::from(time_base.den) / f64::from(time_base.num);
    // The cast saturates; frames are at least one tick apart.
    ((per_second / rate.unwrap_or(25.0)) as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use decoder::{ComplaintCounts, LineSink};

    const CLOCK: TimeBase = TimeBase { num: 1, den: 30 };

    fn shown(pts: i64) -> FirstShown {
        FirstShown {
            clock: Some(CLOCK),
            pts: Some(pts),
            complaints: ComplaintCounts::default(),
        }
    }

    fn by_number(graphs: &[usize]) -> FrameAccess {
        FrameAccess::Numbers(FrameNumbers::begun_at(graphs))
    }

    fn listing(lines: &str) -> PacketListing {
        let mut listing = PacketListing::default();
        "#tb 0: 1/30\n#tb 1: 1/1000"
            .lines()
            .chain(lines.lines())
            .for_each(|l| listing.line(l));
        listing
    }

    fn pts(timeline: &Timeline) -> Vec<i64> {
        timeline.frames().iter().map(|frame| frame.pts).collect()
    }

    #[test]
    fn preroll_is_no_frame_but_a_place_to_start() {
        let lines = "0,-3,-2,1,9,0x1,F=0x5\n0,-2,0,1,9,0x1,F=0x0\n0,-1,-1,1,9,0x1,F=0x4\n\
                     0,0,1,1,9,0x1,F=0x0";
        let (timeline, access) = of_packets(&listing(lines), shown(0), &[]).unwrap();
        assert_eq!(pts(&timeline), [0, 1]);
        assert_eq!(access, FrameAccess::Seek(vec![-2]));
        assert_eq!(timeline.duration_ms(), 67);
    }

    #[test]
    fn the_sound_may_end_later_but_not_days_later() {
        let lines = "0,0,0,1,9,0x1\n1,0,0,2500,9,0x1";
        let (timeline, _) = of_packets(&listing(lines), shown(0), &[]).unwrap();
        assert_eq!(timeline.duration_ms(), 2500);
        let lines = "0,0,0,1,9,0x1\n1,0,143165000,2500,9,0x1";
        let (timeline, _) = of_packets(&listing(lines), shown(0), &[]).unwrap();
        assert_eq!(timeline.duration_ms(), 34);
    }

    #[test]
    fn frames_before_the_first_that_decodes_are_not_counted() {
        let lines = "0,0,2,1,9,0x1\n0,1,0,1,9,0x1,F=0x0\n0,2,1,1,9,0x1,F=0x0\n0,3,3,1,9,0x1,F=0x0";
        let (timeline, _) = of_packets(&listing(lines), shown(2), &[]).unwrap();
        assert_eq!(pts(&timeline), [2, 3]);
    }

    fn complained(pts: i64, damage: u32, missing_references: u32) -> FirstShown {
        let complaints = ComplaintCounts {
            damage,
            missing_references,
        };
        FirstShown {
            complaints,
            ..shown(pts)
        }
    }

    #[test]
    fn a_keyframe_that_damage_keeps_from_coming_is_zero_still() {
        let lines = "0,0,0,1,9,0x1\n0,1,1,1,9,0x1,F=0x0\n0,2,2,1,9,0x1\n0,3,3,1,9,0x1,F=0x0";
        let listing = listing(lines);
        let first = complained(2, 1, 0);
        let lost = listing.lost_frames(first);
        let (timeline, _) = of_packets(&listing, first, &lost).unwrap();
        assert_eq!(pts(&timeline), [0, 1, 2, 3]);
        let decoded = DecodedFrames {
            clock: Some(CLOCK),
            frames: [2, 2, 3]
                .map(|pts| DecodedFrame {
                    pts: Some(pts),
                    key: true,
                })
                .into(),
            graphs: vec![0],
            ..DecodedFrames::default()
        };
        let (timeline, access) = of_decoded(&decoded, &[], &lost).unwrap();
        assert_eq!(pts(&timeline), [0, 1, 2, 2, 3]);
        let numbers = FrameNumbers {
            graphs: vec![0],
            lost: 2,
        };
        assert_eq!(access, FrameAccess::Numbers(numbers));
    }

    #[test]
    fn frames_at_a_cut_are_not_lost() {
        let lost = |lines, first| listing(lines).lost_frames(first).len();
        let open = "0,0,2,1,9,0x1\n0,1,0,1,9,0x1,F=0x0\n0,2,1,1,9,0x1,F=0x0";
        assert_eq!(lost(open, complained(2, 1, 0)), 0, "leading pictures");
        let amid = "0,0,0,1,9,0x1,F=0x0\n0,1,1,1,9,0x1";
        assert_eq!(lost(amid, complained(1, 1, 1)), 0, "amid a group");
        assert_eq!(lost(amid, complained(1, 3, 0)), 1, "its headers are broken");
        let mut sent = listing(amid);
        sent.header.container = "mpegts".to_owned();
        assert_eq!(
            sent.lost_frames(complained(1, 3, 0)).len(),
            0,
            "a broadcast"
        );
        let first = complained(1, 0, 0);
        let (timeline, _) = of_packets(&sent, first, &[]).unwrap();
        assert_eq!(pts(&timeline), [1]);
        let slow = "0,0,0,1,9,0x1\n0,1,1,1,9,0x1,F=0x0";
        assert_eq!(lost(slow, shown(1)), 0, "a refresh that takes some frames");
        assert_eq!(lost(slow, complained(1, 0, 1)), 0);
        assert_eq!(lost(slow, complained(1, 1, 0)), 1);
    }

    #[test]
    fn lies_are_found_out() {
        let clean = "0,0,0,1,9,0x1\n0,1,1,1,9,0x1,F=0x0";
        assert!(of_packets(&listing(clean), shown(0), &[]).is_some());
        let other_clock = FirstShown {
            clock: TimeBase::new(1, 25),
            ..shown(0)
        };
        assert!(
            of_packets(&listing(clean), other_clock, &[]).is_none(),
            "clock"
        );
        assert!(
            of_packets(&listing(clean), shown(7), &[]).is_none(),
            "first frame"
        );
        let untimed = "0,0,0,1,9,0x1\n0,1,NOPTS,1,9,0x1,F=0x0";
        assert!(
            of_packets(&listing(untimed), shown(0), &[]).is_none(),
            "no time"
        );
        let twice = "0,0,0,1,9,0x1\n0,1,0,1,9,0x1,F=0x0";
        assert!(
            of_packets(&listing(twice), shown(0), &[]).is_none(),
            "two at once"
        );
    }

    #[test]
    fn decoded_frames_keep_their_times_or_follow_each_other() {
        let frame = |pts| DecodedFrame { pts, key: true };
        let mut decoded = DecodedFrames {
            clock: Some(CLOCK),
            rate: Some(15.0),
            frames: [5, 6, 9].map(Some).map(frame).into(),
            graphs: vec![0, 2],
            ..DecodedFrames::default()
        };
        let (timeline, access) = of_decoded(&decoded, &[], &[]).unwrap();
        assert_eq!(
            (pts(&timeline), access),
            (vec![5, 6, 9], FrameAccess::Times)
        );
        decoded.frames = [Some(5), None, Some(2), Some(20)].map(frame).into();
        let (timeline, access) = of_decoded(&decoded, &[], &[]).unwrap();
        assert_eq!(
            (pts(&timeline), access),
            (vec![5, 7, 9, 20], by_number(&[0, 2]))
        );
        assert!((timeline.frame_rate() - 6.0).abs() < 1e-9);
        assert_eq!(timeline.repairs().len(), 2, "one missing, one far off");
    }

    #[test]
    fn frames_of_one_time_keep_it_and_are_told_by_number() {
        let frame = |pts| DecodedFrame { pts, key: true };
        let decoded = DecodedFrames {
            clock: Some(CLOCK),
            rate: Some(15.0),
            frames: [5, 5, 7, 7, 9, 9].map(Some).map(frame).into(),
            graphs: vec![0],
            ..DecodedFrames::default()
        };
        let (timeline, access) = of_decoded(&decoded, &[], &[]).unwrap();
        assert_eq!(pts(&timeline), [5, 5, 7, 7, 9, 9]);
        assert_eq!(access, by_number(&[0]));
        assert_eq!((timeline.shown_at(0), timeline.duration_ms()), (1, 200));
        assert!(timeline.repairs().is_empty());
    }

    #[test]
    fn a_packet_20_s_ahead_has_the_decoder_asked() {
        let mut lines: Vec<String> = (0..80)
            .map(|n| format!("0,{n},{n},1,9,0x1,F=0x{}", u8::from(n == 0)))
            .collect();
        let all = |lines: &[String]| of_packets(&listing(&lines.join("\n")), shown(0), &[]);
        assert!(all(&lines).is_some());
        lines[20] = "0,20,620,1,9,0x1,F=0x0".to_owned();
        assert!(all(&lines).is_none(), "others follow");
        lines[20] = "0,20,20,1,9,0x1,F=0x0".to_owned();
        lines[78] = "0,78,678,1,9,0x1,F=0x0".to_owned();
        assert!(all(&lines).is_none(), "near the end");
    }
}
