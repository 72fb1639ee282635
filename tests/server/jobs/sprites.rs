use crate::jobs::{bench, clip};
use image::Rgb;
use support::number;

/// Far enough from JPEG's losses, near enough to see a wrong colour.
fn is_near(pixel: Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(wanted)
        .all(|(&a, b)| a.abs_diff(b) <= 12)
}

const TOMATO: [u8; 3] = [0xff, 0x63, 0x47];

#[test]
fn cells_lie_in_row_order_with_padding_margin_and_colour() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    // The vendor's own form, single quotes and all.
    let config = "{'CellWidth': 160, 'CellHeight': '90', 'Columns': 3,'Lines': 2, 'Padding': 20, \
                  'Margin': 50, 'Color': 'tomato', 'KeepCellPic': 'delete'}";
    let parameters = [
        ("Count", "8"),
        ("Interval", "0"),
        ("SpriteSnapshotConfig", config),
    ];
    let job = server.submit(&video, &parameters);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    assert_eq!(
        manifest.sheets.iter().map(|s| s.cells).collect::<Vec<_>>(),
        [6, 2]
    );
    for (at, sheet) in manifest.sheets.iter().enumerate() {
        let key = format!("{video}/snapshots/sprite/{job}-{:05}.jpg", at + 1);
        assert_eq!(sheet.key, key);
        let pixels = server.picture(&key);
        assert_eq!(
            (pixels.width(), pixels.height()),
            (2 * 50 + 3 * 160 + 2 * 20, 100 + 180 + 20)
        );
        assert!(is_near(*pixels.get_pixel(25, 25), TOMATO), "margin");
        assert!(
            is_near(*pixels.get_pixel(50 + 160 + 10, 95), TOMATO),
            "padding"
        );
        for cell in 0..6 {
            let (x, y) = (50 + (cell % 3) * 180, 50 + (cell / 3) * 110);
            let cut = image::imageops::crop_imm(&pixels, x, y, 160, 90).to_image();
            let shot = u32::try_from(at).unwrap() * 6 + cell;
            if shot < 8 {
                assert_eq!(
                    number(&cut),
                    Some(u64::from(shot) * 1250 * 25 / 1000),
                    "cell {shot}"
                );
            } else {
                assert!(is_near(*cut.get_pixel(80, 45), TOMATO), "an unused cell");
            }
        }
    }
    let gone = format!(
        "{}/{video}/snapshots/sprite-origin/{job}-00001.jpg",
        server.url
    );
    assert_eq!(
        server.get(&gone).status,
        404,
        "KeepCellPic=delete keeps no picture"
    );
}

#[test]
fn an_empty_config_means_all_defaults_and_keeps_the_pictures() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let parameters = [
        ("Count", "3"),
        ("Interval", "0"),
        ("Width", "160"),
        ("SpriteSnapshotConfig", "{}"),
    ];
    let job = server.submit(&video, &parameters);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    let sheet = server.picture(&manifest.sheets[0].key);
    assert_eq!(
        (sheet.width(), sheet.height()),
        (1600, 900),
        "10 x 10 cells of the picture's size"
    );
    assert!(
        is_near(*sheet.get_pixel(1599, 899), [0, 0, 0]),
        "black by default"
    );
    for picture in &manifest.pictures {
        let origin = server.picture(picture.key.as_ref().unwrap());
        let frame = picture.requested_ms * 25 / 1000;
        assert_eq!(number(&origin), Some(frame));
    }
    let list = |kind| {
        let listed = server.ok(
            "ListSnapshots",
            &[("VideoId", &video), ("SnapshotType", kind)],
        );
        listed["MediaSnapshot"]["Total"].as_u64().unwrap()
    };
    assert_eq!(
        (list("SpriteSnapshot"), list("SpriteOriginSnapshot")),
        (1, 3)
    );
}

#[test]
fn a_sheet_beyond_jpeg_is_refused_at_submit_with_the_numbers() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    for (config, numbers) in [
        (
            r#"{"CellWidth":160,"CellHeight":90,"Columns":10000}"#,
            "1600000x900",
        ),
        (
            r#"{"CellWidth":4096,"CellHeight":4096,"Columns":15,"Lines":15}"#,
            "61440x61440",
        ),
    ] {
        let parameters = [
            ("VideoId", video.as_str()),
            ("Count", "3"),
            ("SpriteSnapshotConfig", config),
        ];
        let reply = server.call("SubmitSnapshotJob", &parameters);
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["Code"]),
            (400, &"InvalidParameter".into()),
            "{body}"
        );
        let message = body["Message"].as_str().unwrap();
        assert!(
            message.contains("SpriteSnapshotConfig") && message.contains(numbers),
            "{message}"
        );
    }
}
