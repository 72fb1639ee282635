//! Elements of one edit unit, of which one is the picture: SMPTE ST 379-1, 5.

use super::klv::{KlvHeader, KlvKind};
use std::ops::Range;

/// The picture of the package that `stored` holds, or begins with: none of its bytes where it does not
/// lie there, alone, as the index says.
pub(crate) fn unpacked(stored: &[u8], track: [u8; 4]) -> Vec<u8> {
    let Some(picture) = picture(stored, track) else {
        return Vec::new();
    };
    stored[picture].to_vec()
}

fn picture(stored: &[u8], track: [u8; 4]) -> Option<Range<usize>> {
    let (mut at, mut picture) = (0, None);
    while let Some(rest) = stored.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(header) = KlvHeader::parse(rest, at as u64) else {
            // What is read of a package may break off within a key.
            return picture.filter(|_| {
                rest.len() < 25 && b"\x06\x0e\x2b\x34".starts_with(&rest[..rest.len().min(4)])
            });
        };
        let until =
            |place: u64| usize::try_from(place).map_or(stored.len(), |at| at.min(stored.len()));
        match header.kind() {
            KlvKind::Element(number) if number == track => {
                if picture.is_some() {
                    return None;
                }
                picture = Some(until(header.value)..until(header.end()));
            }
            KlvKind::PartitionPack | KlvKind::RandomIndexPack => return None,
            _ => {}
        }
        at = until(header.end());
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACK: [u8; 4] = [0x15, 1, 5, 0];

    fn element(number: [u8; 4], value: &[u8]) -> Vec<u8> {
        let key = b"\x06\x0e\x2b\x34\x01\x02\x01\x01\x0d\x01\x03\x01";
        let length = u8::try_from(value.len()).unwrap();
        [&key[..], &number, &[length], value].concat()
    }

    #[test]
    fn a_picture_is_taken_out_of_its_package_and_none_out_of_another_place() {
        let sound = element([0x16, 1, 3, 0], b"sound");
        let picture = element(TRACK, b"picture");
        let package = [&sound[..], &picture, &sound].concat();
        assert_eq!(unpacked(&package, TRACK), b"picture");
        let nothing: &[u8] = &[];
        assert_eq!(unpacked(&package[1..], TRACK), nothing, "amid a key");
        assert_eq!(unpacked(&sound, TRACK), nothing);
        let two = [&package[..], &picture].concat();
        assert_eq!(unpacked(&two, TRACK), nothing, "two edit units");
        let odd = [&package[..], b"anything but a key, and longer"].concat();
        assert_eq!(unpacked(&odd, TRACK), nothing);
        for end in 0..package.len() {
            let head = unpacked(&package[..end], TRACK);
            assert!(b"picture".starts_with(&head[..]), "{end}");
            assert_eq!(head.is_empty(), end <= sound.len() + 17, "{end}");
        }
    }
}
