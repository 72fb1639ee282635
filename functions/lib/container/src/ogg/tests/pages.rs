//! Pages taken apart, and written anew.

use crate::ogg::page::{Page, checksum, each_page_in};

/// A page without its sum.
#[derive(Debug, Clone)]
pub(super) struct OwnPage {
    pub(super) flags: u8,
    pub(super) granule: u64,
    pub(super) serial: u32,
    pub(super) sequence: u32,
    pub(super) segments: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl OwnPage {
    fn of(page: &Page<'_>) -> Self {
        let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        Self {
            flags: flag(page.is_continued, 1) | flag(page.begins, 2) | flag(page.ends, 4),
            granule: page.granule.unwrap_or(u64::MAX),
            serial: page.serial,
            sequence: page.sequence,
            segments: page.segments.to_vec(),
            body: page.body.to_vec(),
        }
    }

    pub(super) fn written(&self) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(self.flags);
        page.extend(self.granule.to_le_bytes());
        page.extend(self.serial.to_le_bytes());
        page.extend(self.sequence.to_le_bytes());
        page.extend([0; 4]);
        page.push(u8::try_from(self.segments.len()).unwrap());
        page.extend(&self.segments);
        page.extend(&self.body);
        let sum = checksum(&page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        page
    }
}

pub(super) fn pages(file: &[u8]) -> Vec<OwnPage> {
    let mut pages = Vec::new();
    each_page_in(file, 0, &mut |page| {
        pages.push(OwnPage::of(page));
        Ok(())
    })
    .unwrap();
    pages
}

pub(super) fn written(pages: &[OwnPage]) -> Vec<u8> {
    pages.iter().flat_map(OwnPage::written).collect()
}

/// The packets of all pages but the first, of a file with one stream.
pub(super) fn packets(pages: &[OwnPage]) -> Vec<Vec<u8>> {
    let (mut packets, mut open) = (Vec::new(), Vec::new());
    for page in &pages[1..] {
        let mut at = 0;
        for &segment in &page.segments {
            open.extend(&page.body[at..at + usize::from(segment)]);
            at += usize::from(segment);
            if segment < 255 {
                packets.push(std::mem::take(&mut open));
            }
        }
    }
    packets
}

/// Pages of these packets, each with its granule position: so many in a page.
pub(super) fn paged(packets: &[(Vec<u8>, u64)], like: &OwnPage, each: usize) -> Vec<OwnPage> {
    let mut pages: Vec<OwnPage> = Vec::new();
    for row in packets.chunks(each) {
        let (mut segments, mut body) = (Vec::new(), Vec::new());
        for (packet, _) in row {
            segments.extend(vec![255; packet.len() / 255]);
            segments.push((packet.len() % 255) as u8);
            body.extend(packet);
        }
        let granule = row.last().unwrap().1;
        let (mut at, mut flags) = (0, 0);
        for part in segments.chunks(255) {
            let held: usize = part.iter().map(|&bytes| usize::from(bytes)).sum();
            let is_last = at + held == body.len();
            pages.push(OwnPage {
                flags,
                granule: if is_last { granule } else { u64::MAX },
                sequence: like.sequence + pages.len() as u32,
                segments: part.to_vec(),
                body: body[at..at + held].to_vec(),
                ..like.clone()
            });
            at += held;
            flags = 1;
        }
    }
    if let Some(last) = pages.last_mut() {
        last.flags |= 4;
    }
    pages
}
