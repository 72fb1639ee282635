//! Files of still pictures, which share their boxes with videos: ISO/IEC 23008-12 (HEIF).

/// Of pictures in HEVC, in AV1 and in any codec.
const BRANDS: [&[u8; 4]; 8] = [
    b"heic", b"heix", b"heim", b"heis", b"avif", b"mif1", b"mif2", b"miaf",
];

/// Whether a `ftyp` names one: its own brand, or one that it is compatible with.
pub(super) fn is_brand_of(ftyp: &[u8]) -> bool {
    let (words, _) = ftyp.as_chunks::<4>();
    // The second is a version.
    let mut brands = words.iter().take(1).chain(words.iter().skip(2));
    brands.any(|brand| BRANDS.contains(&brand))
}
