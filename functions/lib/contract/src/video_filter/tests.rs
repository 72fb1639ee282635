use super::*;

fn text(filter: fn(String) -> VideoFilter, value: &str) -> VideoFilter {
    filter(value.to_owned())
}

#[test]
fn a_search_is_read_as_the_vendor_writes_it() {
    let title = text(VideoFilter::Title, "it's");
    let normal = text(VideoFilter::Status, "Normal");
    let checking = text(VideoFilter::Status, "Checking");
    let both = VideoFilter::Any(vec![normal.clone(), checking]);
    for (search, expected) in [
        ("", VideoFilter::All(vec![])),
        (r"Title = 'it\'s'", title.clone()),
        (r#"title == "it's""#, title.clone()),
        ("CateId=-1", VideoFilter::CateId(-1)),
        (
            r"Title='it\'s' AND Status in ('Normal','Checking')",
            VideoFilter::All(vec![title.clone(), both.clone()]),
        ),
        (
            r#"(Status = 'Normal' or Status = Checking) and (Title = "it's")"#,
            VideoFilter::All(vec![both, title.clone()]),
        ),
        (
            r#"Title = "it's" or Status = 'Normal' and CateId in (1)"#,
            VideoFilter::Any(vec![
                title,
                VideoFilter::All(vec![normal, VideoFilter::CateId(1)]),
            ]),
        ),
    ] {
        assert_eq!(parse(search), Ok(expected), "{search}");
    }
}

#[test]
fn a_range_of_times_has_its_ends_in_square_brackets_only() {
    let times = "'2017-10-10T12:02:54Z','2017-10-10T12:02:56Z'";
    let range = |from_ms, until_ms| Ok(VideoFilter::Created(CreatedRange { from_ms, until_ms }));
    let at = 1_507_636_974_000;
    let read = |open: &str, close: &str| parse(&format!("CreationTime={open}{times}{close}"));
    assert_eq!(read("[", "]"), range(at, at + 3000));
    assert_eq!(read("(", ")"), range(at + 1000, at + 2000));
    assert_eq!(read("[", ")"), range(at, at + 2000));
}

#[test]
fn what_cannot_be_searched_is_said() {
    let deep = format!("{}Title='x'{}", "(".repeat(40), ")".repeat(40));
    for (search, rule) in [
        ("Duration > 5", "character >"),
        ("Duration = 5", "It can search VideoId"),
        ("Title like 'x'", "Expected = or in, found like"),
        ("Title = ", "found the end"),
        ("Title = 'x", "not closed"),
        ("Title = 'x' Status = 'Normal'", "Expected and or or"),
        ("(Title = 'x'", "Expected )"),
        ("Status = 'normal'", "Status is one of Uploading"),
        ("CateId = 'x'", "integer"),
        ("CreationTime = ('x','y')", "yyyy-MM-ddTHH:mm:ssZ"),
        ("Title = ('x','y')", "Only CreationTime has ranges"),
        (&deep, "nested too deeply"),
    ] {
        let refused = parse(search).unwrap_err();
        assert!(refused.contains(rule), "{search}: {refused}");
    }
}

/// A database has an end of the terms that it takes.
#[test]
fn a_search_has_more_conditions_than_a_store_can_answer() {
    let listed = |count: usize| format!("CateId in ({})", vec!["1"; count].join(","));
    let chained = |count: usize| vec!["CateId=1"; count].join(" or ");
    for search in [
        listed(500),
        chained(500),
        format!("{} and Title=x", listed(499)),
    ] {
        assert!(parse(&search).is_ok());
    }
    for search in [
        listed(501),
        chained(501),
        format!("{} and Title=x", listed(500)),
    ] {
        let refused = parse(&search).unwrap_err();
        assert!(refused.contains("at most 500 conditions"), "{refused}");
    }
}

#[test]
fn a_store_looks_at_no_other_times_than_the_search_names() {
    let times = "CreationTime=['2017-10-10T12:02:54Z','2017-10-10T12:02:56Z']";
    let at = 1_507_636_974_000;
    let narrow = parse(&format!("Title='x' and {times}")).unwrap();
    assert_eq!(narrow.created_range().from_ms, at);
    assert_eq!(narrow.created_range().until_ms, at + 3000);
    let wide = parse(&format!("Title='x' or {times}")).unwrap();
    assert_eq!(wide.created_range(), CreatedRange::ALWAYS);
}
