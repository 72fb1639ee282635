use super::*;
use crate::webvtt;
use plan::Size;
use std::collections::BTreeMap;

/// Thirty cells, ten on each sheet of 5 x 2.
fn board(step_us: u64, cells: u32) -> Storyboard {
    let cell = Size {
        width: 160,
        height: 90,
    };
    let sheets = cells.div_ceil(10);
    Storyboard {
        grid: Grid::new(cell, (5, 2), 0, 0).unwrap(),
        step_us,
        cells,
        sheet_bytes: (0..sheets).map(|nth| 10_000 + u64::from(nth)).collect(),
        names: SheetNames {
            stem: "j".to_owned(),
            extension: "jpg",
        },
    }
}

#[test]
fn hls_tells_how_long_the_cells_of_each_sheet_are_shown() {
    assert_eq!(
        hls::media_playlist(&board(2_000_000, 13)),
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:20\n#EXT-X-MEDIA-SEQUENCE:0\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-IMAGES-ONLY\n\
         #EXTINF:20.000,\n#EXT-X-TILES:RESOLUTION=160x90,LAYOUT=5x2,DURATION=2.000\nj-00001.jpg\n\
         #EXTINF:6.000,\n#EXT-X-TILES:RESOLUTION=160x90,LAYOUT=5x2,DURATION=2.000\nj-00002.jpg\n\
         #EXT-X-ENDLIST\n"
    );
    assert_eq!(
        hls::multivariant_playlist(&board(2_000_000, 10), "j.m3u8"),
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=4000,RESOLUTION=160x90,\
         CODECS=\"jpeg\",URI=\"j.m3u8\"\n"
    );
}

#[test]
fn steps_that_are_no_whole_milliseconds_do_not_drift() {
    let playlist = hls::media_playlist(&board(333_333, 10));
    assert!(playlist.contains("#EXTINF:3.33333,\n"), "{playlist}");
    assert!(playlist.contains("DURATION=0.333333\n"), "{playlist}");
    assert!(playlist.contains("#EXT-X-TARGETDURATION:4\n"), "{playlist}");
}

#[test]
fn dash_has_the_size_of_a_sheet_and_the_time_of_a_full_one() {
    let set = dash::adaptation_set(&board(2_000_000, 13));
    for part in [
        "media=\"j-$Number%05d$.jpg\" startNumber=\"1\"",
        "timescale=\"1000000\" duration=\"20000000\"",
        "width=\"800\" height=\"180\"",
        "schemeIdUri=\"http://dashif.org/guidelines/thumbnail_tile\" value=\"5x2\"",
        // 10,001 bytes in 6 s.
        "bandwidth=\"13335\"",
    ] {
        assert!(set.contains(part), "{part} in {set}");
    }
    let mpd = dash::mpd(&board(2_000_000, 13));
    assert!(
        mpd.contains("mediaPresentationDuration=\"PT26.000S\""),
        "{mpd}"
    );
    let lines: Vec<_> = mpd.lines().map(str::trim).collect();
    assert!(
        set.lines().all(|line| lines.contains(&line.trim())),
        "{mpd}"
    );
}

#[test]
fn json_counts_the_cells_of_later_sheets_from_the_start_of_the_video() {
    let timed = |nth: u32| mux::TimedCell {
        start_us: 15_000_000 + 1_500_000 * u64::from(nth),
        cell: nth,
    };
    let cells = [0, 1, 2].map(timed);
    let text = mux::sheet("j-00002.jpg", &board(1, 1).grid, &cells, 20_040);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["url"], "j-00002.jpg");
    assert_eq!(
        (&json["tile_width"], &json["tile_height"]),
        (&160.into(), &90.into())
    );
    assert_eq!(json["duration"], 20.04);
    let tiles = json["tiles"].as_array().unwrap();
    assert_eq!(tiles.len(), 3);
    assert_eq!(
        tiles[1],
        serde_json::json!({"start": 16.5, "x": 160, "y": 0})
    );
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let words = bytes.chunks_exact(4);
    words
        .map(|word| u32::from_le_bytes(word.try_into().unwrap()))
        .collect()
}

#[test]
fn bif_has_an_entry_for_each_picture_and_one_for_the_end() {
    let index = bif::index(2_000_000, &[100, 50, 7]).unwrap();
    assert_eq!(index[..8], *b"\x89BIF\r\n\x1a\n");
    assert_eq!(numbers(&index[8..20]), [0, 3, 2000]);
    assert!(index[20..64].iter().all(|&byte| byte == 0));
    let begin = 64 + 4 * 8;
    assert_eq!(
        numbers(&index[64..]),
        [
            0,
            begin,
            1,
            begin + 100,
            2,
            begin + 150,
            u32::MAX,
            begin + 157
        ]
    );
    assert_eq!(index.len(), begin as usize);
}

#[test]
fn bif_rounds_steps_that_are_no_whole_milliseconds() {
    let index = bif::index(333_333, &[1, 1, 1, 1]).unwrap();
    assert_eq!(numbers(&index[8..20]), [0, 4, 1]);
    let times: Vec<_> = numbers(&index[64..])
        .chunks(2)
        .map(|entry| entry[0])
        .collect();
    assert_eq!(times, [0, 333, 667, 1000, u32::MAX]);
}

#[test]
fn the_pictures_of_a_bif_file_are_read_again_and_those_of_no_such_file_are_not() {
    let pictures: [&[u8]; 3] = [b"one", b"", b"three"];
    let mut file = bif::index(2_000_000, &[3, 0, 5]).unwrap();
    file.extend(pictures.concat());
    assert_eq!(bif::pictures(&file), Some(pictures.to_vec()));
    assert_eq!(
        bif::pictures(&bif::index(1, &[]).unwrap()),
        Some(Vec::new())
    );
    for end in 0..file.len() {
        assert_eq!(bif::pictures(&file[..end]), None, "{end}");
    }
    let mut other = file.clone();
    other[64 + 4] = 0xff;
    other[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(bif::pictures(&other), None);
}

#[test]
fn bif_beyond_four_gigabytes_is_refused() {
    let half = u64::from(u32::MAX / 2);
    assert!(bif::index(1_000_000, &[half, half]).is_err());
    assert!(bif::index(1_000_000, &[half, half - 100]).is_ok());
}

#[test]
fn jellyfin_numbers_sheets_from_zero() {
    assert_eq!(
        jellyfin::path("film", 160, (5, 2), 3),
        "film.trickplay/160 - 5x2/3.jpg"
    );
}

#[test]
fn each_name_of_a_file_has_its_query() {
    let board = board(2_000_000, 13);
    let names = ["j-00001.jpg", "j.m3u8", "j-$Number%05d$.jpg"];
    let queries = names.map(|name| (name.to_owned(), "E=1".to_owned()));
    let signed = |text: &str| links::with_queries(text, "j", &BTreeMap::from(queries.clone()));
    let playlist = hls::media_playlist(&board);
    let named: Vec<_> = links::files(&playlist, "j").into_iter().collect();
    assert_eq!(named, ["j-00001.jpg", "j-00002.jpg"]);
    let playlist = signed(&playlist);
    assert!(playlist.contains("\nj-00001.jpg?E=1\n") && playlist.contains("\nj-00002.jpg\n"));
    let tag = signed(&hls::multivariant_playlist(&board, "j.m3u8"));
    assert!(tag.ends_with("URI=\"j.m3u8?E=1\"\n"), "{tag}");
    let set = signed(&dash::adaptation_set(&board));
    assert!(set.contains("media=\"j-$Number%05d$.jpg?E=1\""), "{set}");
    let json = signed(&mux::sheet("j-00001.jpg", &board.grid, &[], 1000));
    assert!(json.contains("\"url\":\"j-00001.jpg?E=1\""), "{json}");
}

#[test]
fn a_signature_stands_behind_the_file_of_a_cue_and_before_its_part() {
    let region = webvtt::Region {
        x: 1,
        y: 2,
        width: 3,
        height: 4,
    };
    let cue = |presentation_us, file: &str| webvtt::Cue {
        presentation_us,
        file: file.to_owned(),
        region,
    };
    let text = webvtt::write(
        &[cue(0, "j-00001.jpg"), cue(1_000_000, "j-00001.jpg")],
        3000,
    );
    let queries = BTreeMap::from([("j-00001.jpg".to_owned(), "E=1&S=2".to_owned())]);
    let signed = links::with_queries(&text, "j", &queries);
    let part = "\nj-00001.jpg?E=1&S=2#xywh=1,2,3,4\n";
    assert_eq!(signed.matches(part).count(), 2, "{signed}");
    assert_eq!(links::with_queries(&text, "j", &BTreeMap::new()), text);
    // Those of earlier releases name single pictures without a part.
    let text = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nj-00001.jpg\n";
    let signed = links::with_queries(text, "j", &queries);
    assert!(signed.ends_with("\nj-00001.jpg?E=1&S=2\n"), "{signed}");
}
