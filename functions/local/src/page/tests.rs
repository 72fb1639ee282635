use super::*;

fn page(video_name: &str) -> ResultPage {
    ResultPage {
        video_name: video_name.to_owned(),
        duration_ms: 3_725_040,
        pictures: vec![PagePicture {
            src: "objects/v/snapshots/j-00001.jpg".into(),
            requested_ms: 61_000,
            presentation_us: 60_966_667,
            width: 960,
            height: 540,
        }],
        sprite: Some(PageSprite {
            sheets: vec!["objects/v/snapshots/sprite/k-00001.jpg".into()],
            sheet_width: 320,
            sheet_height: 180,
            cell_width: 160,
            cell_height: 90,
            columns: 2,
            lines: 2,
            padding: 0,
            margin: 0,
            cells: vec![PageCell {
                sheet: 1,
                cell: 0,
                requested_ms: 40,
                presentation_us: 33_333,
            }],
        }),
    }
}

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
fn pictures_are_shown_with_both_times() {
    let html = render(&page("clip.mp4"));
    assert!(
        html.contains("<img src=\"objects/v/snapshots/j-00001.jpg\" width=\"960\" height=\"540\"")
    );
    assert!(html.contains("<b>1:01.000</b><span>shown since 1:00.966</span>"));
    assert!(html.contains("1:02:05.040 · 1 picture · 1 cell on 1 sprite sheet"));
}

#[test]
fn the_script_gets_the_sprite_as_it_is() {
    let data = data(&render(&page("clip.mp4")));
    assert_eq!(data["duration_ms"], 3_725_040);
    assert_eq!(
        data["sprite"]["sheets"][0],
        "objects/v/snapshots/sprite/k-00001.jpg"
    );
    assert_eq!(data["sprite"]["cells"][0]["presentation_us"], 33_333);
}

#[test]
fn without_a_sprite_there_is_nothing_to_scrub() {
    let mut page = page("clip.mp4");
    page.sprite = None;
    assert!(data(&render(&page))["sprite"].is_null());
}

#[test]
fn a_hostile_name_stays_text() {
    let plain = render(&page("clip.mp4"));
    for name in [
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</script><script>alert(1)//",
        "<!--<script>",
        "{{script}}{{data}}{{pictures}}",
        "' onmouseover='alert(1)",
    ] {
        let html = render(&page(name));
        assert_eq!(tags(&html), tags(&plain), "{name}");
        let shown = html
            .split_once("<h1>")
            .unwrap()
            .1
            .split_once("</h1>")
            .unwrap()
            .0;
        assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
    }
    assert!(render(&page("a & <b>")).contains("<h1>a &amp; &lt;b&gt;</h1>"));
}

#[test]
fn a_hostile_url_stays_within_its_attribute_and_within_the_script() {
    let plain = render(&page("clip.mp4"));
    let mut page = page("clip.mp4");
    let url = "x\" onerror=\"alert(1)</script><!--<script>alert(1)</script>";
    page.pictures[0].src = url.into();
    page.sprite.as_mut().unwrap().sheets[0] = url.into();
    let html = render(&page);
    assert_eq!(tags(&html), tags(&plain));
    assert_eq!(data(&html)["sprite"]["sheets"][0], url);
    assert!(!html.contains("x\" onerror"));
}

#[test]
fn the_page_asks_nothing_of_the_network() {
    let html = render(&page("clip.mp4"));
    assert!(!html.contains("://") && !html.contains("@import") && !html.contains("url("));
    assert!(!html.contains("{{"), "an unfilled placeholder");
}

#[test]
fn clocks_have_hours_only_where_there_are_any() {
    assert_eq!(clock(0), "0:00.000");
    assert_eq!(clock(59_999_999), "0:59.999");
    assert_eq!(clock(3_600_000_000), "1:00:00.000");
}
