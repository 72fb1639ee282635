//! The display orientation message that ffmpeg's `trace_headers` filter spells out.

use crate::LineSink;

/// The elements of a display orientation message: how many bits they have, and where they lie.
const ELEMENTS: [(&str, u32); 4] = [
    ("display_orientation_cancel_flag", 23),
    ("hor_flip", 22),
    ("ver_flip", 21),
    ("anticlockwise_rotation", 5),
];

/// Put together element by element.
#[derive(Debug, Default)]
pub struct TracedOrientation {
    bits: u32,
    found: bool,
}

impl LineSink for TracedOrientation {
    fn line(&mut self, line: &str) {
        if !line.starts_with("[trace_headers @ ") {
            return;
        }
        let Some((head, value)) = line.rsplit_once(" = ") else {
            return;
        };
        let is_it = |name: &str| head.split_whitespace().any(|word| word == name);
        let element = ELEMENTS.iter().find(|(name, _)| is_it(name));
        if let (Some((_, shift)), Ok(value)) = (element, value.trim().parse::<u16>()) {
            self.bits |= u32::from(value) << shift;
            self.found = true;
        }
    }
}

impl TracedOrientation {
    /// The message as it is coded; none where nothing was said of it.
    #[must_use]
    pub fn message(&self) -> Option<[u8; 3]> {
        let [_, message @ ..] = self.bits.to_be_bytes();
        self.found.then_some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traced(values: [u16; 4]) -> Option<[u8; 3]> {
        let mut traced = TracedOrientation::default();
        for ((name, _), value) in ELEMENTS.iter().zip(values) {
            let line = format!("[trace_headers @ 0x56] [info] 4776   {name}    0 = {value}");
            traced.line(&line);
        }
        traced.message()
    }

    #[test]
    fn a_message_is_put_together_from_its_elements() {
        assert_eq!(traced([0, 0, 0, 0x8000]), Some([0x10, 0, 0]));
        assert_eq!(traced([0, 1, 1, 0]), Some([0x60, 0, 0]));
        assert_eq!(traced([1, 0, 0, 0x8000]), Some([0x90, 0, 0]));
        assert_eq!(TracedOrientation::default().message(), None);
    }
}
