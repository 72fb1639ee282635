//! Pictures as PNG: 8-bit RGB, without loss and without metadata.

use crate::pixels::{self, CHANNELS, WrongLength};
use plan::Size;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use std::io::Write;
use thiserror::Error;

/// A picture that could not be written.
#[derive(Debug, Error)]
pub enum PngError {
    /// The pixels and the size disagree.
    #[error(transparent)]
    WrongLength(#[from] WrongLength),
    /// The encoder gave up.
    #[error("the PNG encoder failed: {0}")]
    Encoder(#[from] EncodingError),
}

/// The PNG of `rgb`: 8-bit red, green, blue, rows from the top.
///
/// # Errors
/// A buffer whose length is not that of `size`, a side of 0.
pub fn encode(rgb: &[u8], size: Size) -> Result<Vec<u8>, PngError> {
    pixels::check(rgb, size)?;
    let row_bytes = size.width as usize * CHANNELS;
    encode_rows(size, |y| {
        let from = y as usize * row_bytes;
        rgb.get(from..from + row_bytes).unwrap_or_default()
    })
}

/// The PNG of rows that need not all be in memory.
pub(crate) fn encode_rows<'a>(
    size: Size,
    row: impl Fn(u32) -> &'a [u8],
) -> Result<Vec<u8>, PngError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, size.width, size.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    // The slower levels take five times as long for a tenth of the bytes.
    encoder.set_compression(Compression::Fast);
    let mut header = encoder.write_header()?;
    let mut stream = header.stream_writer()?;
    for y in 0..size.height {
        stream.write_all(row(y)).map_err(EncodingError::from)?;
    }
    stream.finish()?;
    header.finish()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(png: &[u8]) -> (Size, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!(info.color_type, ColorType::Rgb);
        let (width, height) = (info.width, info.height);
        (Size { width, height }, rgb)
    }

    #[test]
    fn every_pixel_comes_back() {
        let size = Size {
            width: 7,
            height: 5,
        };
        let rgb: Vec<u8> = (0..7 * 5 * 3).map(|n: u32| (n * 37 % 256) as u8).collect();
        assert_eq!(decode(&encode(&rgb, size).unwrap()), (size, rgb));
    }

    #[test]
    fn a_buffer_of_another_size_is_refused() {
        let size = Size {
            width: 2,
            height: 2,
        };
        assert!(matches!(
            encode(&[0; 11], size),
            Err(PngError::WrongLength(_))
        ));
        let none = Size {
            width: 0,
            height: 2,
        };
        assert!(encode(&[], none).is_err());
    }
}
