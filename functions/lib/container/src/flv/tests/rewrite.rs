//! The tags of an FLV, taken apart and put together otherwise.

/// Kind, time in ms, what it holds.
pub(in crate::flv) type Tags = Vec<(u8, u32, Vec<u8>)>;

pub(super) const SCRIPT: u8 = 18;
pub(in crate::flv) const VIDEO: u8 = 9;

pub(super) fn taken_apart(file: &[u8]) -> Tags {
    let (mut at, mut tags) = (13, Tags::new());
    while at + 11 < file.len() {
        let bytes = &file[at..];
        let length = u32::from_be_bytes([0, bytes[1], bytes[2], bytes[3]]);
        let time = u32::from_be_bytes([bytes[7], bytes[4], bytes[5], bytes[6]]);
        let end = 11 + usize::try_from(length).unwrap();
        tags.push((bytes[0], time, bytes[11..end].to_vec()));
        at += end + 4;
    }
    tags
}

/// The file, and where each tag begins.
pub(in crate::flv) fn flv(tags: &Tags) -> (Vec<u8>, Vec<usize>) {
    let mut file = b"FLV\x01\x05\0\0\0\x09\0\0\0\0".to_vec();
    let mut places = Vec::new();
    for (kind, time, body) in tags {
        places.push(file.len());
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let time = time.to_be_bytes();
        file.push(*kind);
        file.extend(&length[1..]);
        file.extend([time[1], time[2], time[3], time[0], 0, 0, 0]);
        file.extend(body);
        let whole = u32::try_from(body.len() + 11).unwrap();
        file.extend(whole.to_be_bytes());
    }
    (file, places)
}

pub(super) fn is_key(tag: &(u8, u32, Vec<u8>)) -> bool {
    tag.0 == VIDEO && tag.2.starts_with(&[0x17, 1])
}

fn named(name: &str) -> Vec<u8> {
    let length = u16::try_from(name.len()).unwrap().to_be_bytes();
    [&length[..], name.as_bytes()].concat()
}

fn array(name: &str, numbers: &[f64]) -> Vec<u8> {
    let count = u32::try_from(numbers.len()).unwrap().to_be_bytes();
    let mut array = [&named(name)[..], &[10], &count].concat();
    for number in numbers {
        array.push(0);
        array.extend(number.to_be_bytes());
    }
    array
}

/// With metadata that tell where its keyframes are, `off` bytes from there.
pub(super) fn with_keyframes(tags: &Tags, off: f64) -> Vec<u8> {
    let mut tags: Tags = tags.iter().filter(|tag| tag.0 != SCRIPT).cloned().collect();
    let metadata = |times: &[f64], places: &[f64]| {
        let object = [array("filepositions", places), array("times", times)].concat();
        let parts: [&[u8]; 7] = [
            &[2],
            &named("onMetaData"),
            &[8, 0, 0, 0, 1],
            &named("keyframes"),
            &[3],
            &object,
            &[0, 0, 9, 0, 0, 9],
        ];
        (SCRIPT, 0, parts.concat())
    };
    let keys = tags.iter().filter(|tag| is_key(tag)).count();
    tags.insert(0, metadata(&vec![0.0; keys], &vec![0.0; keys]));
    let (_, places) = flv(&tags);
    let marks = tags.iter().zip(places).filter(|(tag, _)| is_key(tag));
    // Of a file of a few megabytes both are exact.
    let (times, places): (Vec<f64>, Vec<f64>) = marks
        .map(|(tag, place)| (f64::from(tag.1) / 1000.0, place as f64 + off))
        .unzip();
    tags[0] = metadata(&times, &places);
    flv(&tags).0
}
