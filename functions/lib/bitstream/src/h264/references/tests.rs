use super::*;
use crate::Codec;
use crate::nal::prefixed;
use plan::AncestorFilter;
use proptest::prelude::*;

const BITS: u32 = 4;
const COUNT_BITS: u32 = 5;

fn reader(kept: u32, order: PictureOrder) -> ReferenceReader {
    let seed = include_bytes!("../../../../container/fuzz/seeds/references/openh264-3");
    let length = usize::from(u16::from_be_bytes([seed[1], seed[2]]));
    let mut reader = ReferenceReader::new(&seed[3..3 + length], 4).unwrap();
    reader.sequence.frame_num_bits = BITS;
    reader.sequence.order = order;
    reader.window = ReferenceWindow::new(kept, BITS);
    reader
}

fn slice(number: u32, low: u32, is_referenced: bool) -> Slice {
    Slice {
        is_idr: false,
        is_referenced,
        number,
        low,
        active: 1,
        moves: Vec::new(),
    }
}

fn idr() -> Slice {
    Slice {
        is_idr: true,
        active: 0,
        ..slice(0, 0, true)
    }
}

/// What a decoder keeps that fills gaps as ffmpeg does: numbers, of which some are of no picture.
struct Decoder {
    window: Vec<(u32, Option<usize>)>,
    kept: usize,
    /// Of the last picture, whatever refers to it.
    number: u32,
    count: i64,
    /// What the numbers that began anew add, and that of the last picture.
    offset: i64,
}

impl Decoder {
    const RANGE: u32 = 1 << BITS;

    fn keep(&mut self, number: u32, picture: Option<usize>) {
        if self.window.len() >= self.kept {
            self.window.remove(0);
        }
        self.window.push((number, picture));
    }

    fn fill(&mut self, number: u32) {
        let distance = (number + Self::RANGE - self.number) % Self::RANGE;
        let count = distance.saturating_sub(1).min(self.kept as u32);
        for back in (1..=count).rev() {
            self.number = (number + Self::RANGE - back) % Self::RANGE;
            self.keep(self.number, None);
        }
    }

    /// The pictures of a list.
    fn list(&self, own: u32, active: usize, moves: &[ListMove]) -> Vec<Option<usize>> {
        let back = |number: u32| (own + Self::RANGE - number - 1) % Self::RANGE;
        let mut list = self.window.clone();
        list.sort_by_key(|&(number, _)| back(number));
        let mut predicted = own;
        for (place, step) in moves.iter().enumerate() {
            predicted = match step {
                ListMove::Lower(far) => predicted + Self::RANGE - far,
                ListMove::Higher(far) => predicted + far,
            } % Self::RANGE;
            let found = *(self.window.iter().rev())
                .find(|(number, _)| *number == predicted)
                .unwrap();
            let behind = list.split_off(place.min(list.len()));
            list.push(found);
            list.extend(behind.into_iter().filter(|other| *other != found));
        }
        list.truncate(active);
        list.into_iter().map(|(_, picture)| picture).collect()
    }
}

/// Whether others may refer to it, its references, one that is moved to the front, how far its count
/// goes beyond the last that others may refer to, and whether it is wanted.
fn pictures() -> impl Strategy<Value = Vec<(bool, usize, Option<u32>, u32, bool)>> {
    let moved = prop::option::of(0..4_u32);
    let wanted = prop::bool::weighted(0.2);
    let picture = (any::<bool>(), 0..3_usize, moved, 1..16_u32, wanted);
    prop::collection::vec(picture, 1..80)
}

proptest! {
    #[test]
    fn lists_and_counts_come_out_right_whatever_is_left_out(
        pictures in pictures(),
        kept in 1..5_u32,
        has_counts in any::<bool>(),
    ) {
        let order = match has_counts {
            true => PictureOrder::LowBits(COUNT_BITS),
            false => PictureOrder::AsDecoded,
        };
        let mut reader = reader(kept, order);
        let mut filter = AncestorFilter::new(u64::MAX);
        let mut coded = vec![(idr(), 0, 0)];
        filter.push(reader.picture(&[idr()]).unwrap().links, 1, true);
        // What a decoder of the whole stream keeps.
        let mut whole = Decoder { window: vec![(0, Some(0))], kept: kept as usize, number: 0, count: 0, offset: 0 };
        let mut lists = vec![Vec::new()];
        let (mut next, mut counted, mut round) = (1, 0_i64, 0_i64);
        for (is_referenced, active, moved, far, is_wanted) in pictures {
            let held = whole.window.len();
            let active = active.min(held);
            let count = counted + i64::from(far);
            let mut slice = slice(next, (count % (1 << COUNT_BITS)) as u32, is_referenced);
            slice.active = active;
            let moved = moved.filter(|&back| (back as usize) < held && active > 0);
            slice.moves.extend(moved.map(|back| ListMove::Lower(back + 1)));
            let frame = reader.picture(std::slice::from_ref(&slice)).unwrap();
            filter.push(frame.links, 1, is_wanted || frame.is_always_needed);
            lists.push(whole.list(next, active, &slice.moves));
            let picture = coded.len();
            let total = round * i64::from(Decoder::RANGE) + i64::from(next);
            coded.push((slice, if has_counts { count } else { total }, picture));
            if is_referenced {
                whole.keep(next, Some(picture));
                next = (next + 1) % Decoder::RANGE;
                round += i64::from(next == 0);
                counted = count;
            }
        }
        filter.finish();
        let mut needed: Vec<usize> = (filter.take_verdicts().iter())
            .filter(|verdict| verdict.is_needed)
            .map(|verdict| verdict.frame as usize)
            .collect();
        needed.sort_unstable();
        let mut decoder = Decoder { window: vec![(0, Some(0))], kept: kept as usize, number: 0, count: 0, offset: 0 };
        for at in needed.into_iter().skip(1) {
            let (slice, count, picture) = &coded[at];
            decoder.fill(slice.number);
            decoder.offset += if slice.number < decoder.number { i64::from(Decoder::RANGE) } else { 0 };
            decoder.number = slice.number;
            let list = decoder.list(slice.number, slice.active, &slice.moves);
            prop_assert_eq!(&list, &lists[at], "{}", at);
            let found = match has_counts {
                true => whole_count(slice.low, COUNT_BITS, decoder.count),
                false => decoder.offset + i64::from(slice.number),
            };
            prop_assert_eq!(found, *count, "the count of {}", at);
            if slice.is_referenced {
                decoder.keep(slice.number, Some(*picture));
                decoder.count = found;
            }
        }
    }
}

/// A decoder that lacks it fills the gap of what is lost in another way.
#[test]
fn the_last_picture_before_a_doubt_is_decoded() {
    let mut reader = reader(2, PictureOrder::AsDecoded);
    let mut filter = AncestorFilter::new(u64::MAX);
    for picture in [idr(), slice(1, 0, false), slice(1, 0, false)] {
        let frame = reader.picture(&[picture]).unwrap();
        filter.push(frame.links, 1, frame.is_always_needed);
    }
    filter.keep_rest();
    let verdicts = filter.take_verdicts();
    let needed = verdicts.iter().filter(|verdict| verdict.is_needed);
    let needed: Vec<u64> = needed.map(|verdict| verdict.frame).collect();
    assert_eq!(needed, [0, 2]);
}

#[test]
fn what_is_in_doubt_is_not_told() {
    let with = |second: Slice| {
        let mut reader = reader(2, PictureOrder::AsDecoded);
        reader.picture(&[idr()])?;
        reader.picture(&[second])
    };
    assert!(with(slice(1, 0, true)).is_some());
    assert_eq!(with(slice(2, 0, true)), None, "one is lost");
    let two = Slice {
        active: 2,
        ..slice(1, 0, true)
    };
    assert_eq!(with(two), None, "there is one only");
    let mut reader = reader(2, PictureOrder::AsDecoded);
    assert_eq!(reader.picture(&[slice(1, 0, true)]), None, "no beginning");
    reader.picture(&[idr()]).unwrap();
    let both = [slice(1, 0, true), slice(1, 0, false)];
    assert_eq!(reader.picture(&both), None, "its slices differ");
}

#[test]
fn slices_of_other_kinds_are_not_told() {
    use crate::bits::bits_of;
    let told = |kind: u8, header: &str| {
        let mut reader = reader(2, PictureOrder::AsDecoded);
        reader.picture(&[idr()]).unwrap();
        let unit = [&[kind][..], &bits_of(header)].concat();
        reader.next(&prefixed(&unit, 4)).is_some()
    };
    // The first macroblock, the kind, the parameter set, the number; one reference, a list as it is,
    // marked by itself.
    assert!(told(0x61, "1 1 1 0001 1 1 0 0 1"));
    assert!(told(0x61, "1 1 1 0001 1 1 1 1 1 00100 0 1"), "moved");
    assert!(!told(0x61, "1 1 1 0001 1 1 1 011 1 00100 0 1"), "for long");
    assert!(!told(0x61, "1 010 1 0001 1 1 0 0 1"), "of two directions");
    assert!(!told(0x61, "1 1 1 0001 1 1 0 1 1"), "given up by hand");
    assert!(!told(0x62, "1 1 1 0001 1 1 0 0 1"), "in partitions");
    assert!(!told(0x61, "1 1 010 0001 1 1 0 0 1"), "of other parameters");
    let codec = Codec::H264 { length_bytes: 4 };
    assert!(crate::FrameReader::new(codec, &[]).is_none());
}
