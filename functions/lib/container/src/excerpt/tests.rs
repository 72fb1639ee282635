use super::*;
use crate::SeenSamples;
use crate::{Codec, IntraCodec};
use plan::{Size, TimeBase};
use proptest::prelude::*;

const FRAMES_PER_SECOND: f64 = 25.0;

fn track_of(samples: Vec<CodedSample>) -> VideoTrack {
    let size = Size {
        width: 64,
        height: 36,
    };
    let time_base = TimeBase::new(1, 25).unwrap();
    let end_pts = samples.iter().map(|sample| sample.pts).max().unwrap() + 1;
    VideoTrack {
        samples,
        end_pts,
        entry: vec![1, 2, 3],
        ..VideoTrack::plain(0, time_base, Codec::H264 { length_bytes: 4 }, size)
    }
}

/// Groups of these many frames: open ones begin with a leading picture, `steps` part the times of frames.
fn track(groups: &[(usize, bool)], steps: &[i64]) -> VideoTrack {
    let mut samples = Vec::new();
    let (mut offset, mut pts) = (1000, 5);
    for (nth, &(frames, open)) in groups.iter().enumerate() {
        let first = samples.len();
        for frame in 0..frames {
            samples.push(CodedSample {
                offset,
                size: 10 + frame as u32,
                pts,
                sync: frame == 0,
                shown: true,
                encrypted: false,
            });
            // Sounds lie between samples.
            offset += 10 + frame as u64 + (offset % 7) * 100;
            pts += steps[samples.len() % steps.len()];
        }
        if open && nth > 0 && frames > 1 {
            let (sync, leading) = (samples[first].pts, samples[first + 1].pts);
            (samples[first].pts, samples[first + 1].pts) = (leading, sync);
        }
    }
    track_of(samples)
}

/// Over the object that it is written as.
fn excerpt(track: &VideoTrack, targets: &[usize]) -> Option<VideoTrack> {
    let excerpt = ExcerptSource::of(track, FRAMES_PER_SECOND)?.around(targets)?;
    let written = serde_json::to_vec(&excerpt).unwrap();
    let read: TrackExcerpt = serde_json::from_slice(&written).unwrap();
    let bits = (read.frame_rate().to_bits(), FRAMES_PER_SECOND.to_bits());
    assert_eq!(bits.0, bits.1);
    read.track()
}

/// What is to be decoded for each target, by the places of its samples.
fn decoded(track: &VideoTrack, targets: &[usize]) -> Vec<(Vec<u64>, Vec<u64>)> {
    let place = |nth: usize| track.samples[nth].offset;
    let groups = cut(&track.samples, targets).unwrap();
    let groups = groups.into_iter().map(|group| {
        assert!(!track.lacks_samples(group.first, group.last));
        let targets = group.targets.iter().map(|&target| place(target));
        (
            (group.first..=group.last).map(place).collect(),
            targets.collect(),
        )
    });
    groups.collect()
}

proptest! {
    #[test]
    fn who_reads_an_excerpt_chooses_and_decodes_what_all_samples_tell(
        groups in prop::collection::vec((1_usize..9, any::<bool>()), 1..40),
        steps in prop::collection::vec(0_i64..4, 1..5),
        wanted in prop::collection::vec((0_u64..9000, any::<bool>()), 1..6),
    ) {
        let whole = track(&groups, &steps);
        let seen = SeenSamples::of(&whole).unwrap();
        let choose = |seen: &SeenSamples, &(at_ms, keyframes): &(u64, bool)| {
            let frame = match keyframes {
                true => seen.timeline.sync_nearest(at_ms).unwrap(),
                false => seen.timeline.shown_at(at_ms),
            };
            seen.samples[frame]
        };
        let targets: Vec<usize> = wanted.iter().map(|wanted| choose(&seen, wanted)).collect();
        prop_assume!(cut(&whole.samples, &targets).is_ok());
        let some = excerpt(&whole, &targets).unwrap();
        let seen = SeenSamples::of(&some).unwrap();
        prop_assert_eq!(seen.timeline.duration_ms(), SeenSamples::of(&whole).unwrap().timeline.duration_ms());
        let chosen: Vec<usize> = wanted.iter().map(|wanted| choose(&seen, wanted)).collect();
        let places = |track: &VideoTrack, samples: &[usize]| {
            samples.iter().map(|&nth| track.samples[nth]).collect::<Vec<_>>()
        };
        prop_assert_eq!(places(&some, &chosen), places(&whole, &targets));
        prop_assert_eq!(decoded(&some, &chosen), decoded(&whole, &targets));
    }
}

#[test]
fn an_excerpt_holds_the_groups_around_its_targets_and_the_first() {
    let whole = track(&[(5, false); 100], &[1]);
    let some = excerpt(&whole, &[252]).unwrap();
    // Two groups before the target's and one after it; two at the beginning.
    assert_eq!(some.samples.len(), 10 + 20);
    assert_eq!(some.gaps, [10]);
    assert_eq!(some.samples[10], whole.samples[240]);
    assert_eq!((some.end_pts, some.entry), (whole.end_pts, whole.entry));
}

/// Its times would have been counted from another frame.
#[test]
fn a_track_whose_first_frame_lies_amid_it_has_no_excerpt() {
    let mut whole = track(&[(5, false); 100], &[1]);
    assert!(excerpt(&whole, &[400]).is_some());
    whole.samples[300].pts = 0;
    assert!(excerpt(&whole, &[400]).is_none());
}

#[test]
fn what_is_not_one_plain_list_has_no_excerpt() {
    let whole = track(&[(5, false); 9], &[1]);
    let gaps = VideoTrack {
        gaps: vec![10],
        ..whole.clone()
    };
    assert!(excerpt(&gaps, &[3]).is_none());
    let edits = VideoTrack {
        edits: Some(plan::EditList {
            edits: Vec::new(),
            timescale: 1,
            movie_timescale: 1,
        }),
        ..whole
    };
    assert!(excerpt(&edits, &[3]).is_none());
}

#[test]
fn kinds_and_codecs_are_written_as_they_are() {
    let mut whole = track(&[(5, false); 9], &[1]);
    whole.codec = Codec::Intra(IntraCodec::ProRes);
    whole.samples[2].shown = false;
    whole.samples[3].encrypted = true;
    let some = excerpt(&whole, &[4]).unwrap();
    assert_eq!(some.samples[..5], whole.samples[..5]);
    assert_eq!(some.codec, whole.codec);
}

/// An object that is torn, or of another version.
#[test]
fn what_is_not_written_so_is_no_track() {
    let far = format!("[[[{},1,0,3],[{},9,0,2]]]", i64::MAX, i64::MAX);
    let stretches: Vec<WrittenSamples> = serde_json::from_str(&far).unwrap();
    let whole = track(&[(5, false)], &[1]);
    let of_one_group = ExcerptSource::of(&whole, 1.0)
        .unwrap()
        .around(&[1])
        .unwrap();
    let excerpt = TrackExcerpt {
        stretches,
        ..of_one_group
    };
    assert!(excerpt.track().is_none());
}
