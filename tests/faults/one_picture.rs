//! Runs that take exactly one picture, however fast the machine is.
//!
//! A job is stopped by its store: the put of a picture ends the time of its run. By then a fast
//! decoder has made the next one, so this one makes no second picture.

use decoder::Ffmpeg;
use support::impostor::impostor;
use tempfile::TempDir;

/// How a job asks for three pictures of 64x36.
pub(crate) const POINTS: [(&str, &str); 3] = [("Count", "3"), ("Interval", "0"), ("Width", "64")];

/// Of a raw picture: luma, and two planes of chroma of a quarter each, at 16 bits a number.
const PICTURE_BYTES: usize = 64 * 36 * 3 / 2 * 2;

/// `real`, but that of several pictures only the first comes, and it never ends then.
pub(crate) fn decoder(real: &Ffmpeg, folder: &TempDir) -> Ffmpeg {
    let path = real.path.display();
    let rest = "if [ \"$(head -c 1 | wc -c)\" = 1 ]; then exec sleep 1000; fi";
    let first = format!("{path} \"$@\" | {{ head -c {PICTURE_BYTES}; {rest}; }}; exit");
    let script = format!("case \"$*\" in *rawvideo*) {first};; esac");
    impostor(real, folder.path(), &script)
}

/// Whether the object of this key is a picture and another one comes after it.
pub(crate) fn is_followed(key: &str) -> bool {
    key.ends_with("00001.jpg") || key.ends_with("00002.jpg")
}
