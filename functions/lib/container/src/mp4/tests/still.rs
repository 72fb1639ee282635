//! Still pictures in the boxes of videos.

use super::rewrite::boxed;
use crate::IndexError;
use crate::mp4::index;
use crate::test_support::{Bytes, LIMITS};

/// ffmpeg gave one tile of such a picture.
#[test]
fn a_picture_in_tiles_is_refused_as_what_it_is() {
    let meta = boxed(b"meta", &[0; 40]);
    let file = |brands: &[u8], parts: &[Vec<u8>]| {
        let whole = [
            boxed(b"ftyp", brands),
            parts.concat(),
            boxed(b"mdat", &[0; 64]),
        ];
        index(&Bytes(whole.concat()), LIMITS).unwrap_err()
    };
    for brands in [
        b"heic\0\0\0\0mif1",
        b"avif\0\0\0\0avif",
        b"abcd\0\0\0\0miaf",
    ] {
        let error = file(brands, std::slice::from_ref(&meta));
        assert!(matches!(error, IndexError::StillPicture), "{error}");
    }
    let video = file(b"isom\0\0\0\0avc1", &[meta]);
    assert!(matches!(video, IndexError::Unsupported(_)), "{video}");
    let broken = file(b"heic\0\0\0\0mif1", &[]);
    assert!(matches!(broken, IndexError::Unsupported(_)), "{broken}");
}
