use super::*;
use plan::Size;

/// By the numbers of ITU-T H.273.
pub(super) fn colour(
    matrix: u16,
    primaries: u16,
    transfer: u16,
    full_range: Option<bool>,
) -> FrameColour {
    FrameColour {
        full_range,
        primaries,
        transfer,
        matrix,
    }
}

pub(super) fn filters(
    colour: &FrameColour,
    storage: SampleStorage,
    width: u32,
    height: u32,
) -> FilterChain {
    let shape = Size { width, height };
    picture_filters(&FrameConversion {
        shape,
        colour,
        storage,
        interlaced: false,
        crop: None,
        size: shape,
        layout: PixelLayout::Rgb24,
    })
}

pub(super) fn deep(bits: u8) -> SampleStorage {
    SampleStorage {
        bits,
        ..SampleStorage::default()
    }
}

#[test]
fn silent_sources_are_taken_by_their_size_upright_or_lying() {
    let silent = colour(2, 2, 2, None);
    let matrix = |width, height| {
        let chain = filters(&silent, deep(8), width, height).chain;
        chain
            .split("in_color_matrix=")
            .nth(1)
            .map(|rest| rest.split(',').next().map(str::to_owned))
    };
    for (width, height, name) in [
        (1280, 720, "bt709"),
        (720, 1280, "bt709"),
        (854, 480, "smpte170m"),
        (480, 854, "smpte170m"),
        (720, 576, "smpte170m"),
    ] {
        assert_eq!(matrix(width, height), Some(Some(name.to_owned())));
    }
}

#[test]
fn primaries_stand_in_for_an_unknown_matrix() {
    let sd = colour(2, 6, 2, Some(false));
    assert!(
        filters(&sd, deep(8), 1920, 1080)
            .chain
            .contains("smpte170m")
    );
    let hd = colour(2, 1, 2, Some(false));
    assert!(filters(&hd, deep(8), 640, 360).chain.contains("bt709"));
}

#[test]
fn only_wide_gamut_and_high_range_are_developed_here() {
    let of = |colour: &FrameColour| filters(colour, deep(10), 64, 64);
    for ordinary in [
        colour(1, 1, 1, Some(false)),
        colour(6, 6, 6, Some(false)),
        FrameColour::default(),
    ] {
        let filters = of(&ordinary);
        assert_eq!(
            (filters.pixel_format, filters.bytes),
            ("rgb24", 64 * 64 * 3)
        );
        assert_eq!(filters.finish(vec![1, 2, 3]), [1, 2, 3]);
    }
    for wide in [
        colour(9, 9, 1, Some(false)),
        colour(9, 9, 16, Some(false)),
        colour(1, 12, 1, Some(false)),
        colour(2, 2, 18, Some(false)),
    ] {
        let filters = of(&wide);
        assert_eq!(
            (filters.pixel_format, filters.bytes),
            ("yuv444p16le", 64 * 64 * 6)
        );
    }
}

#[test]
fn numbers_of_rgb_and_of_jpeg_keep_their_place() {
    let rgb = SampleStorage {
        rgb: true,
        ..deep(8)
    };
    let chain = filters(&FrameColour::default(), rgb, 64, 64).chain;
    assert!(!chain.contains("matrix"), "{chain}");
    let jpeg = SampleStorage {
        siting: ChromaSiting::Centre,
        ..deep(8)
    };
    let chain = filters(&FrameColour::default(), jpeg, 64, 64).chain;
    assert!(!chain.contains("chr_pos"), "{chain}");
}

/// A picture of one pixel whose three numbers are these.
fn developed(colour: &FrameColour, bits: u8, numbers: [u16; 3]) -> [u8; 3] {
    let raw: Vec<u8> = numbers
        .iter()
        .flat_map(|number| (number << (16 - bits)).to_le_bytes())
        .collect();
    let rgb = filters(colour, deep(bits), 1, 1).finish(raw);
    rgb.try_into().unwrap()
}

#[test]
fn black_stays_black_and_reference_white_is_nearly_white() {
    let pq = colour(9, 9, 16, Some(false));
    assert_eq!(developed(&pq, 10, [64, 512, 512]), [0; 3]);
    // 58 % of PQ is 203 cd/m2.
    assert_eq!(developed(&pq, 10, [64 + 509, 512, 512]), [229; 3]);
    assert_eq!(developed(&pq, 10, [940, 512, 512]), [255; 3]);
    let hlg = colour(9, 9, 18, Some(false));
    assert_eq!(developed(&hlg, 10, [64 + 657, 512, 512]), [229; 3]);
    assert_eq!(developed(&hlg, 10, [940, 512, 512]), [255; 3]);
    assert_eq!(developed(&hlg, 10, [64, 512, 512]), [0; 3]);
}

#[test]
fn full_range_means_the_same_at_every_depth() {
    let pq = colour(9, 9, 16, Some(true));
    for bits in [8, 10, 12, 16] {
        let middle = 1 << (bits - 1);
        let white = ((1u32 << bits) - 1) as u16;
        assert_eq!(developed(&pq, bits, [0, middle, middle]), [0; 3]);
        assert_eq!(developed(&pq, bits, [white, middle, middle]), [255; 3]);
    }
}

#[test]
fn greys_of_wide_gamut_stay_what_they_are() {
    let sdr = colour(9, 9, 1, Some(false));
    for grey in [0u16, 1, 17, 128, 200, 254, 255] {
        let luma = 64 + (u32::from(grey) * 876 + 127) / 255;
        let seen = developed(&sdr, 10, [luma as u16, 512, 512]);
        assert!(
            seen.iter().all(|&v| u16::from(v).abs_diff(grey) <= 1),
            "{grey} became {seen:?}"
        );
    }
}

#[test]
fn numbers_beyond_the_range_are_cut_and_nothing_breaks() {
    for transfer in [16, 18, 1] {
        let colour = colour(9, 9, transfer, Some(false));
        for y in [0, u16::MAX] {
            for u in [0, u16::MAX] {
                for v in [0, u16::MAX] {
                    developed(&colour, 16, [y, u, v]);
                }
            }
        }
    }
}
