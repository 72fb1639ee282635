//! The same video in AVIs that no encoder here writes.

/// The chunks of the only list of them, each with its kind.
pub(super) type Chunks = Vec<([u8; 4], Vec<u8>)>;

/// What comes before the chunks, and the chunks.
pub(super) fn taken_apart(file: &[u8]) -> (Vec<u8>, Chunks) {
    let list = file.windows(4).position(|kind| kind == b"movi").unwrap();
    let end = list + word(file, list - 4);
    let (mut at, mut chunks) = (list + 4, Chunks::new());
    while at + 8 <= end {
        let bytes = word(file, at + 4);
        let kind = *file[at..].first_chunk().unwrap();
        chunks.push((kind, file[at + 8..at + 8 + bytes].to_vec()));
        at += 8 + bytes + (bytes & 1);
    }
    (file[..list - 8].to_vec(), chunks)
}

fn word(file: &[u8], at: usize) -> usize {
    let four = file[at..].first_chunk().unwrap();
    usize::try_from(u32::from_le_bytes(*four)).unwrap()
}

fn words(words: &[usize]) -> Vec<u8> {
    let bytes = words
        .iter()
        .map(|&word| u32::try_from(word).unwrap().to_le_bytes());
    bytes.flatten().collect()
}

pub(super) fn chunk(kind: &[u8], body: &[u8]) -> Vec<u8> {
    let pad = &[0][..body.len() & 1];
    [kind, &words(&[body.len()]), body, pad].concat()
}

/// How places in the table are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    FromList,
    FromFile,
    None,
    /// `OpenDML`, in two RIFFs.
    Super,
}

/// `vop_coding_type` of the first picture in a chunk.
pub(super) fn kind_of(body: &[u8]) -> Option<u8> {
    let at = body.windows(4).position(|code| code == [0, 0, 1, 0xb6])?;
    Some(body.get(at + 4)? >> 6)
}

/// An AVI of these chunks.
pub(super) fn avi(head: &[u8], chunks: &Chunks, table: Table) -> Vec<u8> {
    if table == Table::Super {
        return open_dml(head, chunks);
    }
    let mut list = b"movi".to_vec();
    let mut entries = Vec::new();
    let from = match table {
        Table::FromFile => head.len() + 8,
        _ => 0,
    };
    for (kind, body) in chunks {
        let key = if kind_of(body).is_none_or(|kind| kind == 0) {
            0x10
        } else {
            0
        };
        entries.extend(kind);
        entries.extend(words(&[key, from + list.len(), body.len()]));
        list.extend(chunk(kind, body));
    }
    let mut file = [head, &chunk(b"LIST", &list)].concat();
    if table != Table::None {
        file.extend(chunk(b"idx1", &entries));
    }
    resized(file)
}

fn resized(mut riff: Vec<u8>) -> Vec<u8> {
    let bytes = u32::try_from(riff.len() - 8).unwrap();
    riff[4..8].copy_from_slice(&bytes.to_le_bytes());
    riff
}

/// With only video: two RIFFs, and a table of two tables in the header.
fn open_dml(head: &[u8], chunks: &Chunks) -> Vec<u8> {
    let (one, other) = chunks.split_at(chunks.len() / 2);
    // The table takes the place of the padding in the list of the stream.
    let junk = head.windows(4).position(|kind| kind == b"JUNK").unwrap();
    let bytes = word(head, junk + 4);
    let mut head = head.to_vec();
    head[junk..junk + 4].copy_from_slice(b"indx");
    let body = junk + 8;
    head[body..body + bytes].fill(0);
    head[body] = 4;
    head[body + 4] = 2;
    head[body + 8..body + 12].copy_from_slice(b"00dc");
    let (mut file, mut places) = (head, Vec::new());
    for (nth, part) in [one, other].into_iter().enumerate() {
        let begin = if nth == 0 { 0 } else { file.len() };
        if nth == 1 {
            file.extend([&b"RIFF"[..], &[0; 4], b"AVIX"].concat());
        }
        let base = file.len() + 8;
        let (mut list, mut entries) = (b"movi".to_vec(), Vec::new());
        for (kind, body) in part {
            let delta = if kind_of(body) == Some(0) { 0 } else { 1 << 31 };
            entries.extend(words(&[list.len() + 8, body.len() | delta]));
            list.extend(chunk(kind, body));
        }
        places.push((base + list.len(), part.len()));
        let head = [&[2, 0, 0, 1][..], &words(&[part.len()]), b"00dc"].concat();
        let base = (base as u64).to_le_bytes();
        list.extend(chunk(
            b"ix00",
            &[&head[..], &base, &[0; 4], &entries].concat(),
        ));
        file.extend(chunk(b"LIST", &list));
        let riff = resized(file[begin..].to_vec());
        file.splice(begin.., riff);
    }
    for (nth, (place, count)) in places.into_iter().enumerate() {
        let at = body + 24 + nth * 16;
        file[at..at + 8].copy_from_slice(&(place as u64).to_le_bytes());
        file[at + 12..at + 16].copy_from_slice(&words(&[count]));
    }
    file
}

/// Pictures that are shown before the one they come behind, in its chunk, as Xvid and `DivX` put them.
pub(super) fn packed(chunks: &Chunks) -> Chunks {
    const EMPTY: [u8; 7] = [0, 0, 1, 0xb6, 0x51, 0x1e, 0x70];
    let mut packed = Chunks::new();
    let mut waits = false;
    for (kind, body) in chunks {
        if kind_of(body) == Some(2) {
            match (waits, packed.last_mut()) {
                (false, Some((_, before))) => before.extend(body),
                _ => packed.push((*kind, body.clone())),
            }
            waits = true;
            continue;
        }
        if waits {
            packed.push((*kind, EMPTY.to_vec()));
            waits = false;
        }
        packed.push((*kind, with_note(body)));
    }
    if waits {
        packed.push((*b"00dc", EMPTY.to_vec()));
    }
    packed
}

/// Says that pictures are packed, where the encoder's name was.
fn with_note(body: &[u8]) -> Vec<u8> {
    let Some(at) = body.windows(4).position(|code| code == [0, 0, 1, 0xb2]) else {
        return body.to_vec();
    };
    let rest = &body[at + 4..];
    let end = rest.windows(3).position(|code| code == [0, 0, 1]).unwrap();
    [&body[..at + 4], b"DivX503b1393p", &rest[end..]].concat()
}
