//! Both ffmpegs that the layer may have give the same pictures. The complete one is the oracle of
//! the one that is built of decoders alone.

use crate::corpus::{files, line, take};
use decoder::{Ffmpeg, Search};
use std::path::{Path, PathBuf};
use support::corpus;

/// The decoder of this codec is under the GPL alone, and not in the small one.
const GPL_ALONE: &str = "avs2";

fn of(given: Option<PathBuf>) -> Ffmpeg {
    let search = Search {
        path: None,
        ..Search::new(given)
    };
    decoder::locate(&search, &mut |line| eprintln!("{line}")).unwrap()
}

/// What a video is, and all its pictures, or that there are none. Why may differ: decoders alone know
/// less of what they refuse, such as playlists.
fn outcome(ffmpeg: &Ffmpeg, file: &Path) -> (String, Vec<(usize, Vec<u8>)>) {
    let taken = take(ffmpeg, file);
    let told = match &taken {
        Ok(_) => line(&taken),
        Err(_) => "refused".to_owned(),
    };
    (told, taken.map(|taken| taken.pictures).unwrap_or_default())
}

/// `functions/ffmpeg-layer/minimal/build.sh` builds it, which takes minutes:
///
/// ```sh
/// (cd functions/ffmpeg-layer && ./minimal/build.sh x86_64 "$PWD/../../target/layer")
/// MINIMAL_FFMPEG=$PWD/target/layer/bin/ffmpeg \
///     cargo test -p promises --test exactness layers -- --ignored
/// ```
#[test]
#[ignore = "needs MINIMAL_FFMPEG, a program of functions/ffmpeg-layer/minimal, and the corpus"]
fn decoders_alone_give_the_same_pictures_as_the_complete_ffmpeg() {
    let minimal = std::env::var_os("MINIMAL_FFMPEG").unwrap();
    let (minimal, complete) = (of(Some(minimal.into())), of(None));
    let (mut compared, mut differing) = (0, Vec::new());
    for kind in ["real", "synthetic", "reported", "malformed"] {
        for file in files(&corpus().join(kind)) {
            if !file.is_file() {
                continue;
            }
            let (whole, own) = (outcome(&complete, &file), outcome(&minimal, &file));
            compared += 1;
            if whole != own && !whole.0.starts_with(GPL_ALONE) {
                differing.push(format!("{}: {} | {}", file.display(), whole.0, own.0));
            }
        }
    }
    assert!(compared > 0);
    assert!(
        differing.is_empty(),
        "of {compared}:\n{}",
        differing.join("\n")
    );
}
