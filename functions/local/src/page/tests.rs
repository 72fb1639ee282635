use super::*;
use artifacts::manifest::{GridEntry, PictureEntry, SheetEntry};
use plan::PathTaken;

fn picture() -> PictureEntry {
    PictureEntry {
        index: 1,
        requested_ms: 61_000,
        presentation_us: 60_966_667,
        key: Some("v/snapshots/j-00001.jpg".into()),
        width: 960,
        height: 540,
        bytes: 1000,
        damaged: false,
        repeats: None,
        sheet: None,
        cell: None,
    }
}

fn manifest(pictures: Vec<PictureEntry>, sheets: Vec<SheetEntry>) -> Manifest {
    Manifest {
        job_id: "j".into(),
        video_id: "v".into(),
        snapshot_type: "NormalSnapshot".into(),
        status: "Success".into(),
        creation_time: "2026-01-01T00:00:00Z".into(),
        path: PathTaken::Cut,
        path_reason: None,
        ffmpeg: "9.0.2".into(),
        duration_ms: 3_725_040,
        width: 960,
        height: 540,
        codec: "h264".into(),
        colour_reason: None,
        one_run_reason: None,
        pictures,
        sheets,
        grid: Some(GridEntry {
            cell_width: 160,
            cell_height: 90,
            columns: 2,
            lines: 2,
        }),
        web_vtt: None,
        storyboards: Vec::new(),
        candidates: Vec::new(),
        animation: None,
        missing: Vec::new(),
        repaired: Vec::new(),
        usage: None,
    }
}

/// The page of a video of this name, whose sheet has this key.
fn page(video_name: &str, sheet_key: &str) -> String {
    let cell = PictureEntry {
        key: None,
        sheet: Some(1),
        cell: Some(0),
        ..picture()
    };
    let sheet = SheetEntry {
        index: 1,
        key: sheet_key.to_owned(),
        width: 320,
        height: 180,
        bytes: 1000,
        cells: 1,
    };
    render(&ResultPage {
        video_name,
        pictures: &manifest(vec![picture()], Vec::new()),
        sprite: &manifest(vec![cell], vec![sheet]),
    })
}

const SHEET: &str = "v/snapshots/sprite/k-00001.jpg";

/// What the page's script reads.
fn data(html: &str) -> serde_json::Value {
    let (_, rest) = html.split_once("id=\"data\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// Every tag of the page, without its attributes.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|part| part.split([' ', '>', '\n']).next())
        .collect()
}

#[test]
fn the_script_gets_both_manifests_as_they_are() {
    let html = page("clip.mp4", SHEET);
    assert!(html.contains("1:02:05.040 · 1 picture · 1 cell on 1 sprite sheet"));
    let data = data(&html);
    assert_eq!(
        data["pictures"]["Pictures"][0]["PresentationMs"],
        60_966.667
    );
    assert_eq!(data["sprite"]["Sheets"][0]["Key"], SHEET);
    assert_eq!(data["sprite"]["Grid"]["Columns"], 2);
}

#[test]
fn a_hostile_name_stays_text() {
    let plain = page("clip.mp4", SHEET);
    for name in [
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</script><script>alert(1)//",
        "<!--<script>",
        "{{script}}{{data}}{{view}}",
        "' onmouseover='alert(1)",
    ] {
        let html = page(name, SHEET);
        assert_eq!(tags(&html), tags(&plain), "{name}");
        let (_, rest) = html.split_once("<h1>").unwrap();
        let (shown, _) = rest.split_once("</h1>").unwrap();
        assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
    }
    assert!(page("a & <b>", SHEET).contains("<h1>a &amp; &lt;b&gt;</h1>"));
}

#[test]
fn a_hostile_key_stays_within_the_script() {
    let plain = page("clip.mp4", SHEET);
    let key = "x\" onerror=\"alert(1)</script><!--<script>alert(1)</script>";
    let html = page("clip.mp4", key);
    assert_eq!(tags(&html), tags(&plain));
    assert_eq!(data(&html)["sprite"]["Sheets"][0]["Key"], key);
}

#[test]
fn the_page_asks_nothing_of_the_network() {
    let html = page("clip.mp4", SHEET);
    assert!(!html.contains("://") && !html.contains("@import") && !html.contains("url("));
    assert!(!html.contains("{{"), "an unfilled placeholder");
}

#[test]
fn clocks_have_hours_only_where_there_are_any() {
    assert_eq!(clock(0), "0:00.000");
    assert_eq!(clock(59_999), "0:59.999");
    assert_eq!(clock(3_600_000), "1:00:00.000");
}
