//! Pictures that somebody took for videos, told by how their files begin.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// Longer than any beginning that tells.
const HEAD_BYTES: usize = 16;

/// What kind of picture `file` is, in words for its owner.
#[must_use]
pub fn picture_format(file: &File) -> Option<&'static str> {
    let mut head = [0; HEAD_BYTES];
    file.read_exact_at(&mut head, 0).ok()?;
    of_head(&head)
}

fn of_head(head: &[u8; HEAD_BYTES]) -> Option<&'static str> {
    let is_riff = head.starts_with(b"RIFF");
    Some(match head {
        _ if is_riff && head[8..].starts_with(b"WEBPVP8X") => "a WebP picture, perhaps animated",
        _ if is_riff && head[8..].starts_with(b"WEBP") => "a still picture (WebP)",
        // The animated ones are a container of their own to ffmpeg, which is supported.
        [0x89, b'P', b'N', b'G', ..] => "a still picture (PNG)",
        [0xff, 0xd8, 0xff, ..] => "a picture, or a row of them (JPEG)",
        [b'B', b'M', ..] => "a still picture (BMP)",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a still picture (TIFF)",
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => "a picture (JPEG XL)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_from_what_only_begins_like_them() {
        for (head, format) in [
            (
                b"RIFF\x01\x02\x03\x04WEBPVP8 ",
                Some("a still picture (WebP)"),
            ),
            (
                b"RIFF\x01\x02\x03\x04WEBPVP8X",
                Some("a WebP picture, perhaps animated"),
            ),
            (
                b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
                Some("a still picture (PNG)"),
            ),
            (
                b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01",
                Some("a picture, or a row of them (JPEG)"),
            ),
            (b"RIFF\x01\x02\x03\x04AVI LIST", None),
            (b"\0\0\0\x20ftypisom\0\0\0\0", None),
        ] {
            assert_eq!(of_head(head), format, "{head:?}");
        }
    }
}
