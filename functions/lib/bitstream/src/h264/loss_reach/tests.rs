use super::*;
use crate::h264_pictures::PictureReader;
use crate::made::{Kind, entry, sample};
use proptest::prelude::*;

const NUMBER_BITS: u32 = 4;
const COUNT_BITS: u32 = 16;
const KEPT: usize = 4;

/// A picture as an encoder makes it.
#[derive(Debug, Clone)]
struct MadePicture {
    is_idr: bool,
    is_referenced: bool,
    number: u32,
    count: i64,
    lists: PictureLists,
    /// What is in its lists: pictures by their places.
    holds: Vec<Vec<Option<usize>>>,
}

impl MadePicture {
    fn header(&self) -> SliceHeader {
        let mut reader = PictureReader::new(&entry(), 4);
        let mut header = reader.next(&sample((Kind::Key, 0, 0))).unwrap();
        header.parameters.reference_frames = KEPT as u32;
        header.parameters.frame_num_bits = NUMBER_BITS;
        header.parameters.order = PictureOrder::LowBits(COUNT_BITS);
        header.is_idr = self.is_idr;
        header.is_referenced = self.is_referenced;
        header.number = self.number;
        header.low_count = Some(self.count as u32 & 0xffff);
        header
    }
}

/// What keeps pictures, as ffmpeg does: number, count, and place; none where it made one up.
#[derive(Debug, Default)]
struct Keeper {
    frames: Vec<(u32, i64, Option<usize>)>,
    number: u32,
}

impl Keeper {
    const RANGE: u32 = 1 << NUMBER_BITS;

    fn keep(&mut self, number: u32, count: i64, place: Option<usize>) {
        if self.frames.len() >= KEPT {
            self.frames.remove(0);
        }
        self.frames.push((number, count, place));
        self.number = number;
    }

    fn fill(&mut self, number: u32) {
        let distance = (number + Self::RANGE - self.number) % Self::RANGE;
        for back in (1..distance.min(KEPT as u32 + 1)).rev() {
            let before = self.frames.last().map_or(0, |frame| frame.1);
            self.keep(
                (number + Self::RANGE - back) % Self::RANGE,
                before + 2,
                None,
            );
        }
    }

    /// None where a number is named that is not there.
    fn lists(
        &self,
        number: u32,
        count: i64,
        slice: &SliceLists,
    ) -> Vec<Option<Vec<Option<usize>>>> {
        let back = |other: u32| (number + Self::RANGE - other - 1) % Self::RANGE;
        let sorted = |is_first: bool| {
            let mut frames = self.frames.clone();
            match slice.is_between {
                false => frames.sort_by_key(|frame| back(frame.0)),
                true => frames.sort_by_key(|frame| {
                    let is_front = (frame.1 <= count) == is_first;
                    (!is_front, (frame.1 - count).abs())
                }),
            }
            frames
        };
        let (first, mut second) = (sorted(true), sorted(false));
        if second.len() > 1 && first == second {
            second.swap(0, 1);
        }
        let lists = [first, second].into_iter().zip(&slice.lists);
        let lists = lists.map(|(mut list, (most, moves))| {
            let numbers = numbers_moved(number, moves, NUMBER_BITS);
            move_to_front(&mut list, &numbers, |number| {
                let mut frames = self.frames.iter();
                frames.find(|frame| frame.0 == number).copied()
            })?;
            list.truncate(*most);
            Some(list.into_iter().map(|frame| frame.2).collect())
        });
        lists.collect()
    }

    /// Whether all of them were there.
    fn take(&mut self, place: usize, made: &MadePicture) -> bool {
        let mut given_up = made.lists.given_up.iter();
        let are_there = given_up.all(|lower| {
            let number = (made.number + Self::RANGE - lower) % Self::RANGE;
            let at = self.frames.iter().position(|frame| frame.0 == number);
            at.map(|at| self.frames.remove(at)).is_some()
        });
        if made.is_referenced {
            self.keep(made.number, made.count, Some(place));
        }
        are_there
    }
}

/// How a picture is to be: whether others refer to it, how many lists it has, how far its count is from
/// those before, how long its lists are, which pictures are named, which one is given up, and whether it
/// is lost.
type Wish = (
    bool,
    usize,
    i64,
    [usize; 2],
    Vec<usize>,
    Option<usize>,
    bool,
);

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let named = prop::collection::vec(0..KEPT, 0..3);
    let given_up = prop::option::weighted(0.2, 0..KEPT);
    let wish = (
        prop::bool::weighted(0.7),
        0..3_usize,
        -3..6_i64,
        [1..3_usize, 1..3_usize],
        named,
        given_up,
        prop::bool::weighted(0.12),
    );
    prop::collection::vec(wish, 1..40)
}

/// Of an encoder that does as it is told.
fn made(wishes: &[Wish]) -> Vec<MadePicture> {
    let mut keeper = Keeper::default();
    let none = PictureLists {
        slices: Vec::new(),
        given_up: Vec::new(),
        is_kept_in_turn: true,
    };
    let idr = MadePicture {
        is_idr: true,
        is_referenced: true,
        number: 0,
        count: 0,
        lists: none,
        holds: Vec::new(),
    };
    keeper.take(0, &idr);
    let mut pictures = vec![idr];
    for (is_referenced, kind, far, most, named, given_up, _) in wishes {
        let number = (keeper.number + 1) % Keeper::RANGE;
        let taken = |count: i64| pictures.iter().any(|other| other.count == count);
        let latest = pictures.iter().map(|other| other.count).max().unwrap_or(0);
        let free = (latest + 10 * far).max(1);
        let count = (free..free + 64).find(|&count| !taken(count)).unwrap();
        let lower = |nth: &usize| {
            let frame = keeper.frames[nth % keeper.frames.len()];
            (number + Keeper::RANGE - frame.0) % Keeper::RANGE
        };
        let mut before = 0;
        let moves = |nth: &usize| {
            let step = i64::from(lower(nth)) - before;
            before = lower(nth).into();
            match step {
                0 => ListMove::Lower(Keeper::RANGE),
                1.. => ListMove::Lower(step as u32),
                _ => ListMove::Higher(step.unsigned_abs() as u32),
            }
        };
        let named = named.iter().take(most[0]);
        let moves: Vec<ListMove> = named.map(moves).collect();
        let none = (0, Vec::new());
        let slice = SliceLists {
            is_between: *kind == 2,
            lists: match kind {
                0 => [none.clone(), none],
                1 => [(most[0], moves), none],
                _ => [(most[0], moves), (most[1], Vec::new())],
            },
        };
        let given_up = given_up.filter(|_| *is_referenced);
        let given_up: Vec<u32> = given_up.iter().map(lower).collect();
        let lists = keeper.lists(number, count, &slice);
        let picture = MadePicture {
            is_idr: false,
            is_referenced: *is_referenced,
            number,
            count,
            holds: lists.into_iter().map(Option::unwrap).collect(),
            lists: PictureLists {
                slices: vec![slice],
                is_kept_in_turn: given_up.is_empty(),
                given_up,
            },
        };
        keeper.take(pictures.len(), &picture);
        pictures.push(picture);
    }
    pictures
}

/// How many pictures that are made of others than meant are called whole, and how many that are called
/// reached or in doubt, of all that are decoded.
fn told(wishes: &[Wish]) -> (usize, usize) {
    let pictures = made(wishes);
    let mut keeper = Keeper::default();
    let mut reach = Some(LossReach::default());
    let mut is_wrong = vec![false; pictures.len()];
    let (mut missed, mut reached) = (0, 0);
    for (place, picture) in pictures.iter().enumerate() {
        if place > 0 && wishes[place - 1].6 {
            continue;
        }
        let header = picture.header();
        let told = reach.as_mut().and_then(|reach| {
            reach.take(ToldPicture {
                header: &header,
                lists: &picture.lists,
                pts: picture.count,
                begins: picture.is_idr,
            })
        });
        if told.is_none() {
            reach = None;
        }
        if !picture.is_idr {
            keeper.fill(picture.number);
        }
        let slices = picture.lists.slices.iter();
        let lists = slices.flat_map(|slice| keeper.lists(picture.number, picture.count, slice));
        let lists: Vec<_> = lists.collect();
        let meant: Vec<_> = picture.holds.iter().cloned().map(Some).collect();
        let mut used = picture.holds.iter().flatten().flatten();
        is_wrong[place] = lists != meant || used.any(|&place| is_wrong[place]);
        // Else a decoder complains.
        if !keeper.take(place, picture) {
            break;
        }
        missed += usize::from(is_wrong[place] && told == Some(false));
        reached += usize::from(told != Some(false));
    }
    (missed, reached)
}

proptest! {
    #[test]
    fn no_picture_that_is_made_of_others_than_meant_is_called_whole(wishes in wishes()) {
        prop_assert_eq!(told(&wishes).0, 0);
        let whole: Vec<Wish> = wishes.into_iter().map(|wish| (wish.0, wish.1, wish.2, wish.3, wish.4, wish.5, false)).collect();
        prop_assert_eq!(told(&whole), (0, 0));
    }
}
