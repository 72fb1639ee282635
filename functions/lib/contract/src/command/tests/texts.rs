//! Texts of parameters and of JSON fields: what they may hold, and how else they may be written.

use super::*;
use serde_json::{Value, json};

fn same(action: &str, one: &[(&str, &str)], other: &[(&str, &str)]) {
    let (one, other) = (read(action, one), read(action, other));
    assert!(other.is_ok(), "{other:?}");
    assert_eq!(one, other);
}

/// A description of several lines could be registered and read, but not written back.
#[test]
fn line_breaks_and_tabs_that_were_read_can_be_written_back() {
    let text = "line1\nline2\r\n\tline3";
    for name in ["Title", "Description", "Tags"] {
        let update = read("UpdateVideoInfo", &[("VideoId", "v"), (name, text)]);
        let found = format!("{update:?}");
        assert!(found.contains(&format!("{text:?}")), "{found}");
        for (action, list) in [
            ("RegisterMedia", "RegisterMetadatas"),
            ("UploadMediaByURL", "UploadMetadatas"),
        ] {
            let mut entry =
                json!({"FileURL": "s3://b/a.mp4", "SourceURL": "http://a/b.mp4", "Title": "t"});
            entry[name] = json!(text);
            let entry = entry.to_string();
            let call = [("UploadURLs", "http://a/b.mp4"), (list, &entry)];
            let found = format!("{:?}", read(action, &call));
            assert!(found.contains(&format!("{text:?}")), "{found}");
        }
    }
    let template = [
        ("Name", "a\nb"),
        ("TemplateType", "Snapshot"),
        (
            "TemplateConfig",
            r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":1}}"#,
        ),
    ];
    assert!(read("AddVodTemplate", &template).is_ok());
}

/// Of fields within JSON all were taken, of parameters none.
#[test]
fn other_control_characters_are_refused_in_parameters_and_in_json_alike() {
    for odd in ["a\u{0}", "a\u{1b}[1m", "a\u{7f}", "a\u{85}"] {
        for name in ["Title", "Description", "Tags"] {
            let update = [("VideoId", "v"), (name, odd)];
            assert_eq!(code("UpdateVideoInfo", &update), "IllegalCharacters");
            let mut entry =
                json!({"FileURL": "s3://b/a.mp4", "SourceURL": "http://a/b.mp4", "Title": "t"});
            entry[name] = json!(odd);
            let entry = entry.to_string();
            let rule = format!("{name} must have no control characters.");
            let found = format!(
                "{:?}",
                read("RegisterMedia", &[("RegisterMetadatas", &entry)])
            );
            assert!(found.contains(&rule), "{found}");
            let upload = [
                ("UploadURLs", "http://a/b.mp4"),
                ("UploadMetadatas", &entry),
            ];
            let found = format!("{:?}", read("UploadMediaByURL", &upload));
            assert!(found.contains(&rule), "{found}");
        }
    }
}

/// `u1,` and a new line before `u2` were refused.
#[test]
fn white_space_around_the_items_of_a_list_is_no_part_of_them() {
    let (a, b) = ("http://a/1.mp4", "http://a/x,2.mp4");
    let encoded = "http%3A%2F%2Fa%2F1.mp4";
    let plain = format!("{a},{b}");
    for list in [
        format!("{a},\n{b}"),
        format!("{a},{b}\n"),
        format!("\r\n{a} ,\t{b}\r\n"),
        format!("{encoded}\n,{b}"),
        format!("{encoded}%0A,{b},\n"),
    ] {
        same(
            "UploadMediaByURL",
            &[("UploadURLs", &list)],
            &[("UploadURLs", &plain)],
        );
        same(
            "GetURLUploadInfos",
            &[("UploadURLs", &list)],
            &[("UploadURLs", &plain)],
        );
    }
    for (action, name) in [
        ("GetURLUploadInfos", "JobIds"),
        ("GetVideoInfos", "VideoIds"),
        ("GetVideoInfos", "ReferenceIds"),
        ("DeleteVideo", "VideoIds"),
        ("DeleteMezzanines", "VideoIds"),
        ("GetVideoList", "ReferenceIds"),
    ] {
        same(
            action,
            &[(name, "abcdef,\n\tghijkl\r\n")],
            &[(name, "abcdef,ghijkl")],
        );
    }
    let url = ("CallbackURL", "http://a");
    same(
        "SetMessageCallback",
        &[
            url,
            ("EventTypeList", "SnapshotComplete,\nFileUploadComplete\n"),
        ],
        &[
            url,
            ("EventTypeList", "SnapshotComplete,FileUploadComplete"),
        ],
    );
    same(
        "GetVideoList",
        &[("Status", "Normal,\nUploading")],
        &[("Status", "Normal,Uploading")],
    );
}

/// A search of two lines was refused.
#[test]
fn a_search_may_have_several_lines() {
    let lines = [("Match", "Title = 'x'\r\n\tand CateId = 2\n")];
    same(
        "SearchMedia",
        &lines,
        &[("Match", "Title = 'x' and CateId = 2")],
    );
}

/// A ReferenceId that is a number in a program's data was refused.
#[test]
fn a_number_where_a_text_is_meant_is_taken_by_its_digits() {
    let entry = |field: &str, value: &Value| {
        let mut entry = json!({"FileURL": "s3://b/a.mp4", "Title": "t"});
        entry[field] = value.clone();
        format!(
            "{:?}",
            read(
                "RegisterMedia",
                &[("RegisterMetadatas", &entry.to_string())]
            )
        )
    };
    for (field, number, text) in [
        ("ReferenceId", json!(123_456_789), "123456789"),
        ("ReferenceId", json!(123_456_789.0), "123456789"),
        ("ReferenceId", json!(u64::MAX), "18446744073709551615"),
        ("Title", json!(5), "5"),
        ("Title", json!(-2.5), "-2.5"),
        ("Tags", json!(7), "7"),
        ("Description", json!(0), "0"),
    ] {
        assert_eq!(
            entry(field, &number),
            entry(field, &json!(text)),
            "{number}"
        );
    }
    let lost = entry("ReferenceId", &json!(1e22));
    assert!(lost.contains("ReferenceId must be a string."), "{lost}");
    let upload = |id: &str| {
        let fields =
            format!(r#"{{"SourceURL":"http://a/b","FileExtension":"mp4","ReferenceId":{id}}}"#);
        read(
            "UploadMediaByURL",
            &[("UploadURLs", "http://a/b"), ("UploadMetadatas", &fields)],
        )
    };
    assert!(upload("123456").is_ok());
    assert_eq!(upload("123456"), upload(r#""123456""#));
}

/// What was said of a URL was lost where its SourceURL was encoded in another way.
#[test]
fn metadata_of_a_url_is_found_in_any_spelling() {
    let plain = "http://h/\u{4e2d} r.mp4";
    let encoded = "http://h/%E4%B8%AD%20r.mp4";
    let twice = "http%3A%2F%2Fh%2F%25E4%25B8%25AD%2520r.mp4";
    let spellings = [
        plain,
        encoded,
        "HTTP://H:80/%e4%b8%ad r.mp4",
        "http://h/\u{4e2d}%20r.mp4",
        twice,
    ];
    for url in spellings {
        for source in spellings {
            let entry = json!([{"SourceURL": source, "Title": "told"}]).to_string();
            let call = [("UploadURLs", url), ("UploadMetadatas", &entry)];
            match read("UploadMediaByURL", &call).unwrap() {
                Command::UploadMediaByURL(command) => {
                    assert_eq!(command.entries[0].title, "told", "{url} {source}");
                    let own = if url == twice { encoded } else { url };
                    assert_eq!(command.entries[0].source_url, own);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Two files whose names differ in their encoding alone on a server that knows both.
#[test]
fn metadata_in_the_spelling_of_the_url_comes_first() {
    let urls = "http://h/a%20b.mp4,http://h/a b.mp4";
    let entries = json!([
        {"SourceURL": "http://h/a b.mp4", "Title": "second"},
        {"SourceURL": "http://h/a%20b.mp4", "Title": "first"},
    ]);
    let call = [
        ("UploadURLs", urls),
        ("UploadMetadatas", &entries.to_string()),
    ];
    let found = format!("{:?}", read("UploadMediaByURL", &call));
    assert!(found.find("first") < found.find("second"), "{found}");
}

/// It was dropped without a word.
#[test]
fn metadata_of_no_url_of_the_call_is_refused() {
    for source in ["http://h/b.mp4?Signature=secret", "http://h/a.mp4/", "x"] {
        let entries = json!([{"SourceURL": "http://h/a.mp4"}, {"SourceURL": source}]).to_string();
        let call = [
            ("UploadURLs", "http://h/a.mp4"),
            ("UploadMetadatas", &entries),
        ];
        let (status, code, message) = refused("UploadMediaByURL", &call);
        assert_eq!((status, code.as_str()), (400, "InvalidParameter"));
        let rule = "SourceURL of each entry must be one of UploadURLs";
        assert!(
            message.contains("UploadMetadatas") && message.contains(rule),
            "{message}"
        );
        assert!(!message.contains("secret"), "{message}");
    }
}

/// `Count=""` was absent, and `Count="2"` no number.
#[test]
fn numbers_and_words_in_json_quotes_are_read() {
    for (action, name, value, rest) in [
        ("SubmitSnapshotJob", "Count", "2", &[("VideoId", "v")][..]),
        (
            "SubmitSnapshotJob",
            "Width",
            "120.0",
            &[("VideoId", "v"), ("Count", "1")],
        ),
        (
            "SubmitSnapshotJob",
            "SpecifiedOffsetTimes.1",
            "5",
            &[("VideoId", "v")],
        ),
        ("GetVideoList", "CateId", "-1", &[]),
        ("GetVideoList", "SortBy", "CreationTime:Asc", &[]),
        (
            "ListSnapshots",
            "SnapshotType",
            "NormalSnapshot",
            &[("VideoId", "v")],
        ),
    ] {
        for quote in ["\"", "'", "\\\""] {
            let quoted = format!("{quote}{value}{quote}");
            same(
                action,
                &[rest, &[(name, &quoted)]].concat(),
                &[rest, &[(name, value)]].concat(),
            );
        }
    }
    for wrong in ["\"2", "2\"", "\"\"2\"\"", "\" 2\"", "\"2'"] {
        let call = [("VideoId", "v"), ("Count", wrong)];
        assert_eq!(
            code("SubmitSnapshotJob", &call),
            "InvalidParameter",
            "{wrong}"
        );
    }
}

/// `JobIds=a,null` asked for an upload null, which did not exist.
#[test]
fn an_item_of_nothing_in_a_list_of_ids_is_no_item() {
    for (action, name) in [
        ("GetURLUploadInfos", "JobIds"),
        ("GetVideoInfos", "VideoIds"),
        ("DeleteVideo", "ReferenceIds"),
        ("GetVideoList", "ReferenceIds"),
    ] {
        for list in ["abcdef,null", "null,abcdef", ",abcdef,, ,", "abcdef,\"\""] {
            same(action, &[(name, list)], &[(name, "abcdef")]);
        }
    }
    let url = ("CallbackURL", "http://a");
    let events = [url, ("EventTypeList", "SnapshotComplete,null")];
    same(
        "SetMessageCallback",
        &events,
        &[url, ("EventTypeList", "SnapshotComplete")],
    );
}

/// It was no integer in a search alone.
#[test]
fn a_search_takes_whole_doubles() {
    for search in [
        "CateId = 2.0",
        "CateId = '2.0'",
        "CateId in (2.0)",
        "CateId = 2E0",
    ] {
        same(
            "SearchMedia",
            &[("Match", search)],
            &[("Match", "CateId = 2")],
        );
    }
    same(
        "SearchMedia",
        &[("Match", "CateId=-1.0")],
        &[("Match", "CateId=-1")],
    );
    assert_eq!(
        code("SearchMedia", &[("Match", "CateId = 2.5")]),
        "InvalidParameter"
    );
}

/// A Chinese name was taken, one with a space refused.
#[test]
fn a_cover_url_may_have_a_space_in_its_path() {
    let url = "http://h/my \u{3000}cover.jpg?x=a b";
    let update = read("UpdateVideoInfo", &[("VideoId", "v"), ("CoverURL", url)]);
    assert!(update.is_ok(), "{update:?}");
    for url in [
        "http://h a/b.jpg",
        "http:// h/b.jpg",
        "http://h/a\tb.jpg",
        " http://h/b.jpg",
    ] {
        let update = [("VideoId", "v"), ("CoverURL", url)];
        assert_eq!(
            code("UpdateVideoInfo", &update),
            "InvalidParameter",
            "{url:?}"
        );
    }
}
