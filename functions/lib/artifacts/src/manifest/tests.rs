use super::*;
use serde_json::{Value, json};

fn sprite() -> Manifest {
    Manifest {
        job_id: "j".into(),
        video_id: "v".into(),
        snapshot_type: "SpriteSnapshot".into(),
        status: "Success".into(),
        creation_time: "2026-01-02T03:04:05Z".into(),
        path: PathTaken::Cut,
        path_reason: None,
        ffmpeg: "8.0".into(),
        duration_ms: 10_000,
        width: 1920,
        height: 1080,
        codec: "h264".into(),
        colour_reason: None,
        one_run_reason: None,
        pictures: vec![PictureEntry {
            index: 1,
            requested_ms: 40,
            presentation_us: 33_333,
            key: None,
            width: 160,
            height: 90,
            bytes: 0,
            damaged: false,
            sheet: Some(1),
            cell: Some(0),
            repeats: None,
        }],
        sheets: vec![SheetEntry {
            index: 1,
            key: "v/snapshots/sprite/j-00001.jpg".into(),
            width: 1600,
            height: 900,
            bytes: 12_345,
            cells: 1,
        }],
        grid: None,
        web_vtt: None,
        storyboards: Vec::new(),
        candidates: Vec::new(),
        animation: None,
        usage: None,
        repaired: Vec::new(),
        missing: vec![Missing {
            requested_ms: 10_000,
            reason: Reason::BeyondEnd,
        }],
    }
}

#[test]
fn a_repaired_clock_is_said_and_a_clean_one_is_not() {
    let clean: Value = serde_json::from_slice(&sprite().to_bytes()).unwrap();
    assert_eq!(clean.get("Repaired"), None);
    let repaired = Manifest {
        repaired: vec![Repaired {
            reason: ClockFault::Outlier,
            count: 2,
            presentation_us: 1_640_500,
        }],
        ..sprite()
    };
    let written: Value = serde_json::from_slice(&repaired.to_bytes()).unwrap();
    let expected = json!([{ "Reason": "Outlier", "Count": 2, "PresentationMs": 1640.5 }]);
    assert_eq!(written["Repaired"], expected);
    assert_eq!(
        Manifest::from_slice(&repaired.to_bytes()).unwrap(),
        repaired
    );
}

#[test]
fn what_was_looked_at_for_a_cover_is_said_with_its_score() {
    let candidate = |index, flaw| CoverCandidate {
        index,
        presentation_us: 40_500,
        score: 71,
        flaw,
    };
    let covers = Manifest {
        candidates: vec![
            candidate(Some(1), None),
            candidate(None, Some(CoverFlaw::Black)),
        ],
        ..sprite()
    };
    let written: Value = serde_json::from_slice(&covers.to_bytes()).unwrap();
    let expected = json!([
        { "Index": 1, "PresentationMs": 40.5, "Score": 71 },
        { "PresentationMs": 40.5, "Score": 71, "Flaw": "Black" }
    ]);
    assert_eq!(written["Candidates"], expected);
    assert_eq!(Manifest::from_slice(&covers.to_bytes()).unwrap(), covers);
}

fn kept(presentation_us: u64) -> PictureEntry {
    PictureEntry {
        index: 2,
        requested_ms: 0,
        presentation_us,
        key: Some("v/snapshots/j-00002.jpg".into()),
        width: 1920,
        height: 1080,
        bytes: 99,
        damaged: false,
        sheet: None,
        cell: None,
        repeats: None,
    }
}

#[test]
fn a_sprite_manifest_has_these_fields_and_no_others() {
    let value: Value = serde_json::from_slice(&sprite().to_bytes()).unwrap();
    let expected = json!({
        "JobId": "j",
        "VideoId": "v",
        "SnapshotType": "SpriteSnapshot",
        "Status": "Success",
        "CreationTime": "2026-01-02T03:04:05Z",
        "Path": "cut",
        "Ffmpeg": "8.0",
        "DurationMs": 10_000,
        "Width": 1920,
        "Height": 1080,
        "Codec": "h264",
        "Pictures": [{
            "Index": 1, "RequestedMs": 40, "PresentationMs": 33.333,
            "Width": 160, "Height": 90, "Sheet": 1, "Cell": 0,
        }],
        "Sheets": [{
            "Index": 1, "Key": "v/snapshots/sprite/j-00001.jpg",
            "Width": 1600, "Height": 900, "Bytes": 12_345, "Cells": 1,
        }],
        "Missing": [{"RequestedMs": 10_000, "Reason": "BeyondEnd"}],
    });
    assert_eq!(value, expected);
}

#[test]
fn a_kept_picture_has_its_key_and_bytes_and_no_cell() {
    let value = serde_json::to_value(kept(0)).unwrap();
    assert_eq!(value["Key"], "v/snapshots/j-00002.jpg");
    assert_eq!(value["Bytes"], 99);
    assert!(value.get("Sheet").is_none() && value.get("Cell").is_none());
}

#[test]
fn presentation_times_are_written_to_the_microsecond() {
    let day_us = 86_400_000_000;
    for (us, text) in [
        (0, "0.0"),
        (1, "0.001"),
        (33_333, "33.333"),
        (40_000, "40.0"),
        (day_us + 66_667, "86400066.667"),
    ] {
        let json = serde_json::to_string(&kept(us)).unwrap();
        assert!(
            json.contains(&format!("\"PresentationMs\":{text},")),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<PictureEntry>(&json).unwrap(),
            kept(us)
        );
    }
}

#[test]
fn what_is_written_reads_back_the_same() {
    let bytes = sprite().to_bytes();
    assert!(bytes.ends_with(b"}\n"));
    assert_eq!(Manifest::from_slice(&bytes).unwrap(), sprite());
    assert_eq!(sprite().to_bytes(), bytes);
}

#[test]
fn unknown_fields_are_skipped_and_missing_ones_named() {
    let mut value = serde_json::to_value(sprite()).unwrap();
    value["Later"] = json!(1);
    assert_eq!(
        Manifest::from_slice(value.to_string().as_bytes()).unwrap(),
        sprite()
    );
    value.as_object_mut().unwrap().remove("VideoId");
    let error = Manifest::from_slice(value.to_string().as_bytes()).unwrap_err();
    assert!(error.to_string().contains("VideoId"), "{error}");
}

#[test]
fn a_negative_presentation_time_is_refused() {
    let json = serde_json::to_string(&kept(5))
        .unwrap()
        .replace("0.005", "-0.005");
    assert!(serde_json::from_str::<PictureEntry>(&json).is_err());
}
