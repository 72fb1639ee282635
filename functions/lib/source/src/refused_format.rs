//! Files that are refused for what they are, told by how they begin.
//!
//! ffmpeg refuses them too, but each build in words of its own: one that knows no pictures takes a
//! PNG for damaged sound. And to ask it, a file that is not on this machine has to be copied first.

use crate::{RangeSource, ReadError};

/// As much of a file as tells.
const HEAD_BYTES: usize = 512;
/// An animated PNG says so in front of its first picture, after some chunks of metadata at most.
const MOST_PNG_CHUNKS: usize = 256;

/// Beginnings that no video has.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"\xff\xd8\xff", "a picture, or a row of them (JPEG)"),
    (b"II\x2a\0", "a still picture (TIFF)"),
    (b"MM\0\x2a", "a still picture (TIFF)"),
    (b"8BPS", "a still picture (Photoshop)"),
    (b"\xff\x0a", "a picture (JPEG XL)"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "a picture (JPEG XL)"),
    (b"\xff\x4f\xff\x51", "a still picture (JPEG 2000)"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "a still picture (JPEG 2000)"),
    (b"\x76\x2f\x31\x01", "a still picture (OpenEXR)"),
    (b"SDPX", "a still picture (DPX)"),
    (b"XPDS", "a still picture (DPX)"),
    (b"qoif", "a still picture (QOI)"),
    (b"#EXTM3U", "a playlist (HLS)"),
    (b"\xef\xbb\xbf#EXTM3U", "a playlist (HLS)"),
    (b"ffconcat version", "a list of files (concat)"),
    (b"BBCD\0", "a stream of Dirac, which tells no times"),
    (b"\x84\x10\xff\xff\xff\xff", "a video of a game (RoQ)"),
    (b"SMK2", "a video of a game (Smacker)"),
    (b"SMK4", "a video of a game (Smacker)"),
    (b"BIK", "a video of a game (Bink)"),
    (b"KB2", "a video of a game (Bink)"),
];

/// What `source` is, in words for its owner, where that is refused whatever ffmpeg knows.
///
/// # Errors
/// Where it cannot be read.
pub fn refused_format(source: &dyn RangeSource) -> Result<Option<&'static str>, ReadError> {
    let mut head = [0; HEAD_BYTES];
    let bytes = usize::try_from(source.bytes()).map_or(HEAD_BYTES, |all| all.min(HEAD_BYTES));
    source.read_at(0, &mut head[..bytes])?;
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        let still = !is_animated_png(source)?;
        return Ok(still.then_some("a still picture (PNG)"));
    }
    Ok(of_head(&head))
}

fn of_head(head: &[u8; HEAD_BYTES]) -> Option<&'static str> {
    let is_riff = head.starts_with(b"RIFF");
    match head {
        // Older versions of ffmpeg show one picture of it.
        _ if is_riff && head[8..].starts_with(b"WEBPVP8X") => {
            Some("a WebP picture, perhaps animated")
        }
        _ if is_riff && head[8..].starts_with(b"WEBP") => Some("a still picture (WebP)"),
        _ if is_bitmap(head) => Some("a still picture (BMP)"),
        _ if is_dash(head) => Some("a manifest (DASH)"),
        _ => BEGINNINGS
            .iter()
            .find_map(|(beginning, format)| head.starts_with(beginning).then_some(*format)),
    }
}

/// Its two letters alone could begin anything: the sizes of its header are few.
fn is_bitmap(head: &[u8; HEAD_BYTES]) -> bool {
    let [
        b'B',
        b'M',
        _,
        _,
        _,
        _,
        0,
        0,
        0,
        0,
        _,
        _,
        _,
        _,
        header,
        0,
        0,
        0,
        ..,
    ] = head
    else {
        return false;
    };
    matches!(header, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
}

/// XML whose first element is `MPD`.
fn is_dash(head: &[u8; HEAD_BYTES]) -> bool {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    text.first() == Some(&b'<') && text.windows(4).any(|word| word == b"<MPD")
}

/// Whether a PNG says that it has frames. Where that takes more than a few chunks, ffmpeg is asked.
fn is_animated_png(source: &dyn RangeSource) -> Result<bool, ReadError> {
    let mut at = 8_u64;
    for _ in 0..MOST_PNG_CHUNKS {
        let mut chunk = [0; 8];
        if at.saturating_add(chunk.len() as u64) > source.bytes() {
            return Ok(false);
        }
        source.read_at(at, &mut chunk)?;
        let [a, b, c, d, name @ ..] = chunk;
        match &name {
            b"acTL" => return Ok(true),
            b"IDAT" | b"IEND" => return Ok(false),
            // Its length and name, and its check sum behind it.
            _ => at += 12 + u64::from(u32::from_be_bytes([a, b, c, d])),
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemorySource;

    fn refused(bytes: &[u8]) -> Option<&'static str> {
        refused_format(&MemorySource::new(bytes.to_vec())).unwrap()
    }

    fn png(chunks: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for name in chunks {
            bytes.extend(b"\0\0\0\x02");
            bytes.extend(*name);
            bytes.extend(b"xxCRCC");
        }
        bytes
    }

    #[test]
    fn pictures_are_told_from_what_only_begins_like_them() {
        for (head, format) in [
            (
                &b"RIFF\x01\x02\x03\x04WEBPVP8 "[..],
                "a still picture (WebP)",
            ),
            (
                b"RIFF\x01\x02\x03\x04WEBPVP8X",
                "a WebP picture, perhaps animated",
            ),
            (
                b"\xff\xd8\xff\xe0\0\x10JFIF",
                "a picture, or a row of them (JPEG)",
            ),
            (
                b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
                "a still picture (BMP)",
            ),
            (b"II\x2a\0\x08\0\0\0", "a still picture (TIFF)"),
            (b"8BPS\0\x01", "a still picture (Photoshop)"),
            (b"\xff\x0a\xfa", "a picture (JPEG XL)"),
        ] {
            assert_eq!(refused(head), Some(format), "{head:?}");
        }
        for video in [
            &b"RIFF\x01\x02\x03\x04AVI LIST"[..],
            b"\0\0\0\x20ftypisom\0\0\0\0",
            b"BM a stream of something that begins like this",
            b"GIF89a",
            b"",
        ] {
            assert_eq!(refused(video), None, "{video:?}");
        }
    }

    #[test]
    fn a_png_that_moves_says_so_before_its_first_picture() {
        let still = Some("a still picture (PNG)");
        assert_eq!(refused(&png(&[b"IHDR", b"gAMA", b"IDAT", b"IEND"])), still);
        assert_eq!(refused(&png(&[b"IHDR", b"gAMA", b"acTL", b"IDAT"])), None);
        assert_eq!(refused(&png(&[b"IHDR", b"IDAT", b"acTL"])), still);
        assert_eq!(refused(&png(&[b"IHDR"])), still, "cut off");
        let endless = png(&[b"tEXt".as_slice(); MOST_PNG_CHUNKS + 1]);
        assert_eq!(refused(&endless), None, "ffmpeg decides");
        let beyond = [&b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"[..], b"IHDR"].concat();
        assert_eq!(refused(&beyond), still);
    }

    #[test]
    fn what_names_other_files_is_refused() {
        let playlist = Some("a playlist (HLS)");
        assert_eq!(
            refused(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
            playlist
        );
        let manifest = b"<?xml version=\"1.0\"?>\n<!-- x -->\n<MPD xmlns=\"urn:mpeg:dash\">";
        assert_eq!(refused(manifest), Some("a manifest (DASH)"));
        let list = b"ffconcat version 1.0\nfile a.mp4\n";
        assert_eq!(refused(list), Some("a list of files (concat)"));
        assert_eq!(refused(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"), None);
    }
}
