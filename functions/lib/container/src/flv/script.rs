//! `onMetaData` in AMF 0: Action Message Format 0, 2.

/// Objects within objects are no deeper.
const MOST_DEPTH: u8 = 8;
/// More are not kept.
const MOST_KEYFRAMES: usize = 1 << 20;

/// Where keyframes are, as a script tag says: seconds, and places in the file. A hint that is
/// checked. None where it says nothing, or nothing that can be read.
pub(super) fn keyframes(body: &[u8]) -> Vec<(f64, u64)> {
    let mut reader = AmfReader {
        bytes: body,
        path: Vec::new(),
        times: Vec::new(),
        places: Vec::new(),
    };
    let is_meta = body.starts_with(b"\x02\x00\x0aonMetaData");
    if !is_meta || reader.value(0).and_then(|()| reader.value(0)).is_none() {
        return Vec::new();
    }
    if reader.times.len() != reader.places.len() {
        return Vec::new();
    }
    let places = reader.places.into_iter();
    // The cast saturates, and a place that is none is found out.
    let places = places.map(|place| place as u64);
    reader.times.into_iter().zip(places).collect()
}

struct AmfReader<'a> {
    bytes: &'a [u8],
    /// The names of the objects that it is in.
    path: Vec<&'a [u8]>,
    times: Vec<f64>,
    places: Vec<f64>,
}

impl<'a> AmfReader<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(bytes)?;
        self.bytes = rest;
        Some(taken)
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        let length = self.take(2)?;
        self.take(usize::from(u16::from_be_bytes([length[0], length[1]])))
    }

    fn count(&mut self) -> Option<usize> {
        let count = self.take(4)?.first_chunk().copied()?;
        usize::try_from(u32::from_be_bytes(count)).ok()
    }

    fn value(&mut self, depth: u8) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        match self.take(1)?[0] {
            0 => {
                let number = self.take(8)?.first_chunk().copied()?;
                self.keep(f64::from_be_bytes(number));
            }
            1 => drop(self.take(1)?),
            2 => drop(self.name()?),
            3 => self.object(depth)?,
            5 | 6 => {}
            7 => drop(self.take(2)?),
            8 => {
                self.count()?;
                self.object(depth)?;
            }
            10 => {
                for _ in 0..self.count()? {
                    self.value(depth + 1)?;
                }
            }
            11 => drop(self.take(10)?),
            12 => {
                let length = self.count()?;
                self.take(length)?;
            }
            _ => return None,
        }
        Some(())
    }

    /// Names and values, to the mark of its end or to that of all.
    fn object(&mut self, depth: u8) -> Option<()> {
        const END: u8 = 9;
        while !self.bytes.is_empty() {
            let name = self.name()?;
            if name.is_empty() && self.bytes.first() == Some(&END) {
                self.take(1)?;
                return Some(());
            }
            self.path.push(name);
            self.value(depth + 1)?;
            self.path.pop();
        }
        Some(())
    }

    fn keep(&mut self, number: f64) {
        let kept = match &self.path[..] {
            [b"keyframes", b"times"] => &mut self.times,
            [b"keyframes", b"filepositions"] => &mut self.places,
            _ => return,
        };
        if kept.len() < MOST_KEYFRAMES {
            kept.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: f64) -> Vec<u8> {
        [&[0][..], &number.to_be_bytes()].concat()
    }

    fn array(name: &str, numbers: &[f64]) -> Vec<u8> {
        let count = u32::try_from(numbers.len()).unwrap().to_be_bytes();
        let numbers = numbers.iter().flat_map(|&one| number(one));
        let mut array = named(name);
        array.push(10);
        array.extend(count);
        array.extend(numbers);
        array
    }

    fn named(name: &str) -> Vec<u8> {
        let length = u16::try_from(name.len()).unwrap().to_be_bytes();
        [&length[..], name.as_bytes()].concat()
    }

    #[test]
    fn places_of_keyframes_are_read_and_nothing_else_is() {
        const END: [u8; 3] = [0, 0, 9];
        let body = [
            &[2][..],
            &named("onMetaData"),
            &[8, 0, 0, 0, 9],
            &named("times"),
            &number(7.0),
            &named("keyframes"),
            &[3],
            &array("filepositions", &[13.0, 4000.0]),
            &array("times", &[0.0, 2.5]),
            &END,
            &named("canSeekToEnd"),
            &[1, 1],
            &END,
        ];
        let body = body.concat();
        assert_eq!(keyframes(&body), [(0.0, 13), (2.5, 4000)]);
        for end in 0..body.len() - 6 {
            let _ = keyframes(&body[..end]);
        }
        assert_eq!(keyframes(&body[..60]), []);
        let endless = [&body[..14], &[10, 0xff, 0xff, 0xff, 0xff], &[10; 9000]].concat();
        assert_eq!(keyframes(&endless), []);
    }
}
