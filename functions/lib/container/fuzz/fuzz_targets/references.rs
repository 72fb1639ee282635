//! What the headers of any samples say of references: the pieces of each are all of it, and whatever
//! is kept, all that it refers to is. The input is the codec, a sample entry and samples, each behind
//! its length; the highest bit of a length tells that the sample is wanted.
#![no_main]

use container::Codec;
use bitstream::{CodedFrames, FrameReader};
use libfuzzer_sys::fuzz_target;
use plan::AncestorFilter;
use std::collections::BTreeSet;

const WANTED: u16 = 0x8000;
const HELD_BYTES: u64 = 4000;

fuzz_target!(|data: &[u8]| {
    let Some((&codec, data)) = data.split_first() else {
        return;
    };
    let codec = match codec % 5 {
        0 => Codec::Av1,
        1 => Codec::Hevc { length_bytes: 4 },
        2 => Codec::Vp8,
        3 => Codec::Vp9,
        _ => Codec::H264 { length_bytes: 4 },
    };
    let (mut entry, mut rest, mut samples) = (None, data, Vec::new());
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = u16::from_be_bytes(*length);
        let bytes = usize::from(length & !WANTED).min(after.len());
        let (part, after) = after.split_at(bytes);
        match entry {
            None => entry = Some(part),
            Some(_) => samples.push((part, length & WANTED != 0)),
        }
        rest = after;
    }
    if let Some(mut reader) = FrameReader::new(codec, entry.unwrap_or_default()) {
        follow(&mut reader, &samples);
    }
});

fn follow(reader: &mut FrameReader, samples: &[(&[u8], bool)]) {
    let mut filter = AncestorFilter::new(HELD_BYTES);
    let (mut slots, mut references, mut kept) = ([None; 32], Vec::new(), BTreeSet::new());
    for &(sample, is_wanted) in samples {
        let Some(found) = reader.next(sample) else {
            filter.keep_rest();
            break;
        };
        check(&found, sample);
        for frame in &found.frames {
            let links = frame.links;
            assert_eq!(links.refreshes & !links.live, 0);
            let number = filter.push(links, sample.len() as u64, is_wanted);
            let named = (0..32).filter(|slot| links.references >> slot & 1 == 1);
            references.push(named.filter_map(|slot| slots[slot]).collect::<Vec<u64>>());
            for slot in (0..32).filter(|slot| links.refreshes >> slot & 1 == 1) {
                slots[slot] = Some(number);
            }
        }
        assert!(filter.held_bytes() <= HELD_BYTES);
    }
    filter.finish();
    let verdicts = filter.take_verdicts();
    assert_eq!(verdicts.len(), references.len());
    kept.extend(verdicts.iter().filter(|v| v.is_needed).map(|v| v.frame));
    for &frame in &kept {
        assert!(references[frame as usize].iter().all(|to| kept.contains(to)));
    }
}

fn check(found: &CodedFrames, sample: &[u8]) {
    let mut at = 0;
    for piece in &found.pieces {
        assert_eq!(piece.place.start, at);
        assert!(piece.frame.is_none_or(|frame| frame < found.frames.len()));
        at = piece.place.end;
    }
    assert_eq!(at, sample.len());
}
