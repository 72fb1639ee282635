//! Which frames are encrypted: flat grey pictures of them were given as Success.

use super::clips::Clip;
use super::index_file;
use super::rewrite::{element, number, rewrite};
use crate::matroska::ids;
use crate::{IndexError, VideoTrack};
use std::cell::Cell;
use std::fs;

/// How one thing is done to all frames.
fn encodings(algorithm: u64) -> Vec<u8> {
    let encryption = element(
        ids::CONTENT_ENCRYPTION,
        &number(ids::CONTENT_ENC_ALGO, algorithm),
    );
    let kind = number(ids::CONTENT_ENCODING_TYPE, 1);
    let encoding = element(ids::CONTENT_ENCODING, &[kind, encryption].concat());
    element(ids::CONTENT_ENCODINGS, &encoding)
}

/// A block whose frame is signalled.
fn signalled(block: &[u8], is_encrypted: bool) -> Vec<u8> {
    let (head, frame) = block.split_at(4);
    let signal: &[u8] = if is_encrypted {
        &[1, 0, 0, 0, 0, 0, 0, 0, 9]
    } else {
        &[0]
    };
    [head, signal, frame].concat()
}

/// A clip as `WebM` encrypts it: its frames but the first `lead`. Before it, the clear clip.
fn encrypted(
    clip: &str,
    algorithm: u64,
    lead: usize,
) -> [(Vec<u8>, Result<VideoTrack, IndexError>); 2] {
    let clips = Clip::all();
    let made = clips.iter().find(|known| known.name == clip).unwrap();
    let made = made.make_with("-an");
    let file = fs::read(&made.path).unwrap();
    let clear = index_file(&made.path);
    let count = Cell::new(0);
    let rewritten = rewrite(&file, &|path, body| match path.last() {
        Some(&ids::VIDEO) => Some([element(ids::VIDEO, body), encodings(algorithm)].concat()),
        Some(&id @ (ids::SIMPLE_BLOCK | ids::BLOCK)) => {
            count.set(count.get() + 1);
            Some(element(id, &signalled(body, count.get() > lead)))
        }
        _ => None,
    });
    fs::write(&made.path, &rewritten).unwrap();
    [(file, clear), (rewritten, index_file(&made.path))]
}

#[test]
fn the_signal_before_each_frame_tells_whether_it_is_encrypted() {
    for clip in ["plain.mkv", "vp8_altref.webm"] {
        let [(clear, known), (file, track)] = encrypted(clip, 5, 20);
        let (known, track) = (known.unwrap(), track.unwrap());
        assert!(track.has_encryption && !known.has_encryption);
        assert_eq!(track.samples.len(), known.samples.len());
        for (nth, (sample, known)) in track.samples.iter().zip(&known.samples).enumerate() {
            assert_eq!(sample.encrypted, nth >= 20, "{clip}, {nth}");
            if !sample.encrypted {
                let bytes = |file: &[u8], sample: &plan::CodedSample| {
                    let at = usize::try_from(sample.offset).unwrap();
                    file[at..at + sample.size as usize].to_vec()
                };
                assert_eq!(bytes(&file, sample), bytes(&clear, known), "{clip}, {nth}");
                assert_eq!(sample.shown, known.shown);
            }
        }
    }
}

#[test]
fn another_kind_of_encryption_is_of_all_frames() {
    let [_, (_, track)] = encrypted("plain.mkv", 3, 20);
    assert!(matches!(track, Err(IndexError::Encrypted)), "{track:?}");
}
