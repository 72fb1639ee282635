//! The pictures that a decoder of H.264 keeps while nothing else is asked of it, and the lists that
//! slices make of them: ITU-T H.264, 8.2.4 and 8.2.5.3.

use crate::h264_slice::ListMove;

/// The last so many pictures that others may refer to, the oldest first.
#[derive(Debug)]
pub(super) struct ReferenceWindow {
    most: usize,
    frame_num_bits: u32,
    frames: Vec<WindowFrame>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WindowFrame {
    /// `frame_num`.
    number: u32,
    /// A bit of its own.
    slot: u32,
}

impl ReferenceWindow {
    /// A decoder keeps `most` pictures.
    pub(super) fn new(most: u32, frame_num_bits: u32) -> Self {
        Self {
            most: most as usize,
            frame_num_bits,
            frames: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
    }

    pub(super) fn slots(&self) -> u32 {
        self.frames
            .iter()
            .fold(0, |slots, frame| slots | frame.slot)
    }

    /// Keeps a picture, in place of the oldest where there is no room. Returns its slot.
    pub(super) fn push(&mut self, number: u32) -> u32 {
        if self.frames.len() >= self.most.max(1) {
            self.frames.remove(0);
        }
        let used = self.slots();
        let slot = !used & used.wrapping_add(1);
        self.frames.push(WindowFrame { number, slot });
        slot
    }

    /// What a slice of a picture with the number `own` can refer to: the first `active` of the list
    /// that it makes by `moves`. None where one of them is not there.
    pub(super) fn list(&self, own: u32, active: usize, moves: &[ListMove]) -> Option<u32> {
        let mut list: Vec<WindowFrame> = self.frames.clone();
        list.sort_by_key(|frame| std::cmp::Reverse(self.unwrapped(frame.number, own)));
        move_to_front(
            &mut list,
            &numbers_moved(own, moves, self.frame_num_bits),
            |number| {
                let mut frames = self.frames.iter();
                frames.find(|frame| frame.number == number).copied()
            },
        )?;
        let slots = list.get(..active)?.iter();
        Some(slots.fold(0, |slots, frame| slots | frame.slot))
    }

    /// `PicNum`: numbers begin anew after the highest.
    fn unwrapped(&self, number: u32, own: u32) -> i64 {
        let range = 1_i64 << self.frame_num_bits;
        i64::from(number) - if number > own { range } else { 0 }
    }
}

/// The numbers of the pictures that a slice of one with the number `own` puts at the front of its list.
pub(super) fn numbers_moved(own: u32, moves: &[ListMove], frame_num_bits: u32) -> Vec<u32> {
    let mask = (1_u32 << frame_num_bits) - 1;
    let mut number = own;
    let numbers = moves.iter().map(|step| {
        number = mask
            & match step {
                ListMove::Lower(far) => number.wrapping_sub(*far),
                ListMove::Higher(far) => number.wrapping_add(*far),
            };
        number
    });
    numbers.collect()
}

/// Puts the pictures of these numbers at the front of `list`, which holds each once. None where one of
/// them is not there.
pub(super) fn move_to_front<T: Copy + PartialEq>(
    list: &mut Vec<T>,
    numbers: &[u32],
    find: impl Fn(u32) -> Option<T>,
) -> Option<()> {
    for (place, &number) in numbers.iter().enumerate() {
        let found = find(number)?;
        let from = list.iter().skip(place);
        // It may stand before its place already, and then stands there twice.
        let from = place + from.take_while(|&&other| other != found).count();
        if from < list.len() {
            list.remove(from);
        }
        list.insert(place.min(list.len()), found);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 4 pictures, numbered from 14 on in 4 bits: 14, 15, 0, 1.
    fn window() -> ReferenceWindow {
        let mut window = ReferenceWindow::new(4, 4);
        for number in [13, 14, 15, 0, 1] {
            window.push(number);
        }
        window
    }

    fn numbers(slots: u32) -> Vec<u32> {
        let window = window();
        let frames = window.frames.iter();
        let named = frames.filter(|frame| frame.slot & slots != 0);
        named.map(|frame| frame.number).collect()
    }

    #[test]
    fn the_latest_pictures_come_first_beyond_the_highest_number_too() {
        let list = |active| window().list(2, active, &[]).map(numbers);
        assert_eq!(list(1), Some(vec![1]));
        assert_eq!(list(3), Some(vec![15, 0, 1]));
        assert_eq!(list(5), None, "13 is gone");
    }

    #[test]
    fn a_picture_that_is_moved_comes_before_the_others() {
        let list = |active, moves: &[ListMove]| window().list(2, active, moves).map(numbers);
        assert_eq!(list(1, &[ListMove::Lower(3)]), Some(vec![15]));
        assert_eq!(list(2, &[ListMove::Lower(3)]), Some(vec![15, 1]));
        let two = [ListMove::Lower(4), ListMove::Higher(2)];
        assert_eq!(list(2, &two), Some(vec![14, 0]));
        let same = [ListMove::Lower(4), ListMove::Lower(16)];
        assert_eq!(list(2, &same), Some(vec![14]), "it stands there twice");
        assert_eq!(list(1, &[ListMove::Lower(5)]), None, "it is gone");
    }

    #[test]
    fn a_slot_is_of_one_picture_at_a_time() {
        let window = window();
        assert_eq!(window.slots().count_ones(), 4);
        assert!(window.slots() < 1 << 5);
    }
}
