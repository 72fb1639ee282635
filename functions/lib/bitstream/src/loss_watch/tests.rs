use super::*;
use crate::made::numbered::{ENTRY, KEY, OTHER, REFERENCE, slice};
use crate::made::shown_at;
use crate::made::{self as h264, Kind, MadePicture};
use crate::nal::prefixed;
use Kind::{Between, GivingUp, KeptBetween, Key, Naming, Predicted, Restarting};
use proptest::prelude::*;

const CODEC: Codec = Codec::H264 { length_bytes: 4 };

/// Those that a loss reaches. They are shown at these times.
fn reached(entry: &[u8], times: &[i64], coded: &[Vec<u8>]) -> Vec<(usize, ReachedSamples)> {
    let mut watch = LossWatch::new(CODEC, entry);
    let samples: Vec<CodedSample> = times.iter().map(|&pts| shown_at(pts)).collect();
    let reached = (0..).zip(coded);
    let reached = reached.map(|(nth, bytes)| (nth, watch.take(&samples, nth, bytes)));
    reached
        .filter(|(_, reached)| *reached != ReachedSamples::None)
        .collect()
}

/// Which of the pictures come after a loss, where no more is told than their numbers.
fn after_loss(pictures: &[(u8, u8)]) -> Vec<usize> {
    let slices = pictures.iter().map(|&(kind, number)| slice(kind, number));
    let coded: Vec<Vec<u8>> = slices.collect();
    let times: Vec<i64> = (0..).zip(pictures).map(|(at, _)| at).collect();
    let reached = reached(ENTRY, &times, &coded);
    let check = |(nth, reached)| {
        assert_eq!(reached, ReachedSamples::Following);
        nth
    };
    reached.into_iter().map(check).collect()
}

#[test]
fn what_comes_after_a_lost_reference_is_told() {
    let whole = [
        (KEY, 0),
        (REFERENCE, 1),
        (OTHER, 2),
        (OTHER, 2),
        (REFERENCE, 2),
        (OTHER, 3),
        (REFERENCE, 3),
        (KEY, 0),
        (REFERENCE, 1),
    ];
    assert_eq!(after_loss(&whole), [0; 0]);
    let without = |lost: usize| [&whole[..lost], &whole[lost + 1..]].concat();
    assert_eq!(after_loss(&without(1)), [1, 2, 3]);
    assert_eq!(after_loss(&without(4)), [4, 5]);
    // Nothing refers to it.
    assert_eq!(after_loss(&without(2)), [0; 0]);
    // Numbers go round, and may begin anew.
    let round = [(REFERENCE, 14), (REFERENCE, 15), (REFERENCE, 0)];
    assert_eq!(after_loss(&round), [0; 0]);
    assert_eq!(after_loss(&[round[0], round[2]]), [1]);
    assert_eq!(after_loss(&[(REFERENCE, 9), (REFERENCE, 0)]), [0; 0]);
}

/// The same of pictures of which all is told, shown at these times.
fn reached_at(pictures: &[(MadePicture, i64)]) -> Vec<(usize, ReachedSamples)> {
    let coded = pictures.iter().map(|&(picture, _)| h264::sample(picture));
    let times: Vec<i64> = pictures.iter().map(|&(_, at)| at).collect();
    reached(&h264::entry(), &times, &coded.collect::<Vec<_>>())
}

#[test]
fn numbers_that_begin_anew_tell_of_a_loss_but_after_a_picture_that_says_so() {
    let group = [
        (Key, 0, 0),
        (Predicted, 1, 6),
        (Between, 2, 2),
        (Predicted, 2, 12),
    ];
    let next = [(Predicted, 1, 6), (Between, 2, 2), (Predicted, 2, 12)];
    let after_loss = |group: &[MadePicture], next: &[MadePicture]| {
        let group = group.iter().map(|&picture| (picture, i64::from(picture.2)));
        let next = next
            .iter()
            .map(|&picture| (picture, 20 + i64::from(picture.2)));
        let reached = reached_at(&group.chain(next).collect::<Vec<_>>());
        reached.iter().map(|&(nth, _)| nth).collect::<Vec<_>>()
    };
    // A keyframe is lost between them.
    assert_eq!(after_loss(&group, &next), [4]);
    let mut restarting = group;
    restarting[3].0 = Restarting;
    assert_eq!(after_loss(&restarting, &next), [0; 0]);
    assert_eq!(after_loss(&restarting, &next[2..]), [4]);
}

/// As x264 writes them where each list has one picture: in decoding order, counts being times.
const PYRAMID: [MadePicture; 13] = [
    (Key, 0, 0),
    (Predicted, 1, 6),
    (KeptBetween, 2, 2),
    (Between, 3, 4),
    (Naming(2), 3, 12),
    (GivingUp(2), 4, 8),
    (Between, 5, 10),
    (Naming(2), 5, 18),
    (GivingUp(2), 6, 14),
    (Between, 7, 16),
    (Naming(2), 7, 24),
    (GivingUp(2), 8, 20),
    (Between, 9, 22),
];

/// Without some of these.
fn without(pictures: &[MadePicture], lost: &[usize]) -> Vec<(MadePicture, i64)> {
    let pictures = pictures.iter().enumerate();
    let left = pictures.filter(|(nth, _)| !lost.contains(nth));
    left.map(|(_, &picture)| (picture, i64::from(picture.2)))
        .collect()
}

#[test]
fn a_lost_picture_reaches_none_whose_lists_can_not_hold_it() {
    assert_eq!(reached_at(&without(&PYRAMID, &[])), []);
    // Number 2. The next one is given up by number 4, whose own list a decoder fills with a copy.
    let own = |nth| (nth, ReachedSamples::Own);
    assert_eq!(
        reached_at(&without(&PYRAMID, &[2])),
        [own(2), own(4), own(5)]
    );
    // Those after the one that names it, and so on.
    let from_it = [7, 8, 9, 10, 11].map(own);
    assert_eq!(reached_at(&without(&PYRAMID, &[7])), from_it);
}

#[test]
fn pictures_between_two_are_in_doubt_while_the_lost_one_may_be_in_their_lists() {
    // None gives it up by hand: it is kept until four others are.
    let mut pictures = PYRAMID;
    for nth in [5, 8, 11] {
        pictures[nth].0 = KeptBetween;
    }
    let own = |nth| (nth, ReachedSamples::Own);
    assert_eq!(
        reached_at(&without(&pictures, &[2])),
        [own(2), own(4), own(5), own(7), own(8)]
    );
}

#[test]
fn a_loss_that_may_hide_a_keyframe_reaches_all_that_follows() {
    // Times of two groups, the first of which breaks off.
    let mut pictures = without(&PYRAMID, &[2]);
    for (_, at) in &mut pictures[2..] {
        *at += 12;
    }
    let following = Some((2, ReachedSamples::Following));
    assert_eq!(reached_at(&pictures).first().copied(), following);
    // Where only few follow, some may be shown after all.
    let few = &without(&PYRAMID, &[2])[..4];
    assert_eq!(reached_at(few).first().copied(), following);
}

#[test]
fn a_loss_behind_a_recovery_point_reaches_what_may_hold_it_alone() {
    let coded = |&(kind, number, count): &MadePicture| {
        let recovers: &[u8] = match kind {
            // None is needed before it: `recovery_frame_cnt` 0.
            Kind::Intra => &[6, 6, 1, 0xc4, 0x80],
            _ => &[],
        };
        let note = prefixed(recovers, 4);
        let note = if recovers.is_empty() { &[] } else { &note[..] };
        [note, &h264::sample((kind, number, count))].concat()
    };
    let reached_of = |pictures: &[MadePicture]| {
        let times: Vec<i64> = pictures.iter().map(|picture| picture.2.into()).collect();
        let coded: Vec<Vec<u8>> = pictures.iter().map(coded).collect();
        reached(&h264::entry(), &times, &coded)
    };
    let open = [
        (Kind::Intra, 9, 20),
        (KeptBetween, 10, 16),
        (Between, 11, 14),
        (Between, 11, 18),
        (Naming(2), 11, 26),
        // What it gives up comes before the recovery point.
        (GivingUp(5), 12, 22),
        (Between, 13, 24),
        (Naming(2), 13, 32),
        (KeptBetween, 14, 28),
        (Between, 15, 30),
        (Naming(2), 15, 38),
        (KeptBetween, 0, 34),
        (Between, 1, 36),
    ];
    assert_eq!(reached_of(&open), []);
    // Number 12, which is shown after it: four others are kept in its place at the end.
    let lost = [&open[..5], &open[6..]].concat();
    let own = |nth| (nth, ReachedSamples::Own);
    assert_eq!(reached_of(&lost), [5, 7, 8, 10, 11].map(own));
    // Number 10, which leads it: nobody knows that.
    let lost = [&open[..1], &open[2..]].concat();
    assert_eq!(reached_of(&lost), [1, 2, 4, 5, 7, 8].map(own));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        flips in proptest::collection::vec((0..PYRAMID.len(), 0..96_usize), 0..12),
        times in proptest::collection::vec(any::<i64>(), PYRAMID.len()),
        lost in 0..PYRAMID.len(),
    ) {
        let mut coded: Vec<Vec<u8>> = PYRAMID.map(h264::sample).to_vec();
        for (nth, bit) in flips {
            let bytes = &mut coded[nth];
            let at = bit % (bytes.len() * 8);
            bytes[at / 8] ^= 1 << (at % 8);
        }
        coded.remove(lost);
        reached(&h264::entry(), &times[1..], &coded);
        reached(ENTRY, &times[1..], &coded);
    }
}
