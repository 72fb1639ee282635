//! The shape of a pixel, as metadata tell it.

use crate::fraction::ratio;
use crate::little_endian::{number, short};

/// By the numbers of streams; 0 for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StatedAspects(Vec<StatedAspect>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StatedAspect {
    stream: u16,
    across: u32,
    down: u32,
}

impl StatedAspects {
    /// An object of metadata. None where it is damaged.
    pub(super) fn take(&mut self, object: &[u8]) -> Option<()> {
        let mut at = 26;
        for _ in 0..short(object, 24)? {
            let stream = short(object, at + 2)?;
            let name_bytes = usize::from(short(object, at + 4)?);
            let kind = short(object, at + 6)?;
            let value_bytes = usize::try_from(number(object, at + 8)?).ok()?;
            let name = object.get(at + 12..)?.get(..name_bytes)?;
            let value = object.get(at + 12 + name_bytes..)?.get(..value_bytes)?;
            self.set(stream, &text(name), integer(kind, value));
            at += 12 + name_bytes + value_bytes;
        }
        Some(())
    }

    /// Width to height.
    pub(super) fn of(&self, stream: u8) -> Option<(u32, u32)> {
        let said = |stream| {
            let known = self.0.iter().find(|known| known.stream == stream)?;
            (known.across > 0 && known.down > 0).then_some((known.across, known.down))
        };
        let (across, down) = said(stream.into()).or_else(|| said(0))?;
        ratio(across.into(), down.into())
    }

    fn set(&mut self, stream: u16, name: &str, value: u32) {
        if !matches!(name, "AspectRatioX" | "AspectRatioY") {
            return;
        }
        let known = self.0.iter().position(|known| known.stream == stream);
        let nth = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push(StatedAspect {
                stream,
                across: 0,
                down: 0,
            });
        }
        match name {
            "AspectRatioX" => self.0[nth].across = value,
            _ => self.0[nth].down = value,
        }
    }
}

fn text(name: &[u8]) -> String {
    let (letters, _) = name.as_chunks::<2>();
    let letters = letters.iter().map(|&letter| u16::from_le_bytes(letter));
    let letters: Vec<u16> = letters.take_while(|&letter| letter != 0).collect();
    String::from_utf16_lossy(&letters)
}

/// 0 for what is no number.
fn integer(kind: u16, value: &[u8]) -> u32 {
    const DOUBLE_WORD: u16 = 3;
    const WORD: u16 = 5;
    match kind {
        DOUBLE_WORD => number(value, 0).unwrap_or(0),
        WORD => short(value, 0).map_or(0, u32::from),
        _ => 0,
    }
}
