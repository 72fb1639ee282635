//! What SDKs send for what was not set is as good as absent: over the table of all parameters, and
//! over the fields of the JSON ones.

use super::*;
use crate::fields::Fields;
use crate::parameters::{self, Kind, Required};
use serde_json::{Value, json};

/// As the Go SDK, old Python and PHP write it.
const NOTHING: [&str; 5] = ["null", "", "[]", " [ ] ", "\"null\""];

const CONFIG: &str = r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":1}}"#;

/// A call of `action` in which each parameter that is there makes a difference.
fn call(action: Action) -> Vec<(&'static str, &'static str)> {
    let value = |name: &str, kind| match (name, kind) {
        ("RegisterMetadatas", _) => r#"{"FileURL":"s3://b/a.mp4","Title":"t"}"#,
        ("TemplateConfig", _) => CONFIG,
        ("SpriteSnapshotConfig", _) => "{}",
        (_, Kind::HttpUrl { .. }) => "http://a",
        ("AuthKey", _) => "aB3",
        (_, Kind::Word(words)) => words[0],
        (_, Kind::Longs { .. }) => "[7]",
        (_, Kind::Count | Kind::SignedLong | Kind::Long { .. } | Kind::LongText { .. }) => "9",
        _ => "abcdef",
    };
    let all = parameters::of(action).iter();
    all.map(|parameter| (parameter.name, value(parameter.name, parameter.kind)))
        .collect()
}

#[test]
fn for_every_optional_parameter_of_every_action_nothing_is_absence() {
    let mut tried = 0;
    for action in Action::ALL {
        let optional = parameters::of(action)
            .iter()
            .filter(|parameter| parameter.required != Required::Always);
        for parameter in optional {
            let mut without = call(action);
            // A template makes all others count for nothing.
            let template = "SnapshotTemplateId";
            without.retain(|(name, _)| *name != parameter.name && *name != template);
            let expected = format!("{:?}", read(action.name(), &without));
            // An empty list of events is a list, as documented.
            let is_list = parameter.name == "EventTypeList";
            let means_nothing = |text: &&&str| !is_list || text.contains("null");
            for nothing in NOTHING.iter().filter(means_nothing) {
                let with = [&without[..], &[(parameter.name, nothing)]].concat();
                let found = format!("{:?}", read(action.name(), &with));
                assert_eq!(found, expected, "{action:?} {} {nothing:?}", parameter.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

/// The command of `action` whose JSON parameter `name` has these `fields`.
fn with_fields(action: &str, name: &str, rest: &[(&str, &str)], fields: &Value) -> String {
    let text = fields.to_string();
    let all = [rest, &[(name, text.as_str())]].concat();
    let command = read(action, &all).map(|command| match command {
        // It keeps the text as it was given, too.
        Command::AddVodTemplate(template) => {
            format!("{:?} {:?}", template.config.kind(), template.config.spec())
        }
        other => format!("{other:?}"),
    });
    format!("{command:?}")
}

fn nothing_in_a_field_is_absence(action: &str, name: &str, rest: &[(&str, &str)], full: &Value) {
    let fields: &Fields = full.as_object().unwrap();
    for (field, _) in fields {
        let mut without = full.clone();
        without.as_object_mut().unwrap().shift_remove(field);
        let expected = with_fields(action, name, rest, &without);
        for nothing in [
            json!(null),
            json!(""),
            json!([]),
            json!("null"),
            json!("[]"),
        ] {
            let mut with = full.clone();
            with[field] = nothing;
            let found = with_fields(action, name, rest, &with);
            assert_eq!(found, expected, "{name} {field} {with}");
        }
    }
}

#[test]
fn in_every_field_of_a_json_parameter_nothing_is_absence() {
    let submit = [("VideoId", "v"), ("Count", "1")];
    let sprite = json!({
        "CellWidth": 120, "CellHeight": 68, "Columns": 3, "Lines": 4, "Padding": 5, "Margin": 6,
        "Color": "tomato", "KeepCellPic": "delete",
    });
    let user_data = json!({
        "MessageCallback": {"CallbackType": "http", "CallbackURL": "http://a"}, "Extend": "x",
    });
    let entry = json!({
        "FileURL": "s3://b/a.mp4", "Title": "t", "Description": "d", "Tags": "a,b",
        "CoverURL": "http://a/c.jpg", "CateId": 5, "ReferenceId": "abcdef",
    });
    let action = "SubmitSnapshotJob";
    nothing_in_a_field_is_absence(action, "SpriteSnapshotConfig", &submit, &sprite);
    nothing_in_a_field_is_absence(action, "UserData", &submit, &user_data);
    nothing_in_a_field_is_absence("RegisterMedia", "RegisterMetadatas", &[], &entry);
}

/// A typed object of an SDK whose members were all left alone was refused.
#[test]
fn an_object_of_nothing_within_a_json_parameter_is_absence() {
    let submit = [("VideoId", "v"), ("Count", "1")];
    let user_data = |text: &Value| with_fields("SubmitSnapshotJob", "UserData", &submit, text);
    let expected = user_data(&json!({"Extend": "x"}));
    for callback in [
        json!({"CallbackURL": null, "CallbackType": null}),
        json!({"CallbackURL": "", "CallbackType": []}),
        json!({"CallbackURL": [""]}),
        json!(r#"{"CallbackURL":null,"CallbackType":"null"}"#),
        json!([null]),
    ] {
        let text = json!({"MessageCallback": callback, "Extend": "x"});
        assert_eq!(user_data(&text), expected, "{text}");
    }
}

/// `SpecifiedOffsetTimes.1=` was a wrong number, and so was a null in an array.
#[test]
fn an_item_of_nothing_in_a_list_is_no_item() {
    let with = |more: &[(&str, &str)]| {
        let all = [&[("VideoId", "v"), ("Count", "1")], more].concat();
        format!("{:?}", read("SubmitSnapshotJob", &all))
    };
    let times = "SpecifiedOffsetTimes";
    for nothing in NOTHING {
        let absent = with(&[]);
        assert_eq!(with(&[("SpecifiedOffsetTimes.1", nothing)]), absent);
        let several = [
            ("SpecifiedOffsetTimes.1", nothing),
            ("SpecifiedOffsetTimes.2", ""),
        ];
        assert_eq!(with(&several), absent, "{nothing:?}");
        let one = [
            ("SpecifiedOffsetTimes.1", nothing),
            ("SpecifiedOffsetTimes.2", "7"),
        ];
        assert_eq!(with(&one), with(&[(times, "[7]")]), "{nothing:?}");
    }
    assert_eq!(with(&[(times, "[null]")]), with(&[]));
    assert_eq!(with(&[(times, r#"[null,"",7]"#)]), with(&[(times, "[7]")]));
    assert!(with(&[("SpecifiedOffsetTimes.1", "x")]).contains("InvalidParameter"));
    let only = [("VideoId", "v"), ("SpecifiedOffsetTimes.1", "")];
    let missing = read("SubmitSnapshotJob", &only).unwrap_err();
    assert_eq!(missing.code(), "MissingParameter");

    let entry = r#"{"FileURL":"s3://b/a.mp4","Title":"t"}"#;
    let register = |text: &str| {
        format!(
            "{:?}",
            read("RegisterMedia", &[("RegisterMetadatas", text)])
        )
    };
    let list = format!("[null,{entry},\"\"]");
    assert_eq!(register(&list), register(&format!("[{entry}]")));
    let upload = |metadatas: &str| {
        let call = [
            ("UploadURLs", "http://a/b.mp4"),
            ("UploadMetadatas", metadatas),
        ];
        format!("{:?}", read("UploadMediaByURL", &call))
    };
    let entry = r#"{"SourceURL":"http://a/b.mp4","Title":"t"}"#;
    assert_eq!(
        upload(&format!("[null,{entry}]")),
        upload(&format!("[{entry}]"))
    );
    assert_eq!(upload("[null]"), upload(""));
}

/// `javascript:alert(1)` was kept, and shown to whoever lists videos.
#[test]
fn a_cover_is_an_http_url_of_bounded_length() {
    let long = format!("https://a/{}", "x".repeat(4096));
    for url in [
        "javascript:alert(1)",
        "JavaScript://a/%0aalert(1)",
        "data:text/html,x",
        "/a.jpg",
        "//a/b.jpg",
        "https://",
        "http://a b/c.jpg",
        &long,
    ] {
        let update = [("VideoId", "v"), ("CoverURL", url)];
        let refused = read("UpdateVideoInfo", &update).unwrap_err();
        assert_eq!(refused.code(), "InvalidParameter", "{url}");
        let message = refused.message();
        assert!(
            message.contains("CoverURL") && message.contains("4096"),
            "{message}"
        );
        let entry = json!([{"FileURL": "/a.mp4", "Title": "t", "CoverURL": url}]).to_string();
        match read("RegisterMedia", &[("RegisterMetadatas", &entry)]).unwrap() {
            Command::RegisterMedia(command) => {
                let reason = command.entries[0].as_ref().unwrap_err().reason.clone();
                assert!(
                    reason.contains("CoverURL") && reason.contains("4096"),
                    "{reason}"
                );
            }
            other => panic!("{other:?}"),
        }
        let metadatas = json!([{"SourceURL": "http://a/b.mp4", "CoverURL": url}]).to_string();
        let call = [
            ("UploadURLs", "http://a/b.mp4"),
            ("UploadMetadatas", &metadatas),
        ];
        let refused = read("UploadMediaByURL", &call).unwrap_err();
        assert!(refused.message().contains("4096"), "{}", refused.message());
    }
    for url in ["http://a", "HTTPS://a.example/\u{4e2d}.jpg?x=1#y"] {
        let update = [("VideoId", "v"), ("CoverURL", url)];
        assert!(read("UpdateVideoInfo", &update).is_ok(), "{url}");
    }
}

#[test]
fn in_every_field_of_a_template_nothing_is_absence() {
    let rest = [("Name", "n"), ("TemplateType", "Snapshot")];
    let config = json!({
        "Count": 3, "Interval": 2, "SpecifiedOffsetTime": 4, "Width": 80, "Height": 90,
        "FrameType": "intra", "Format": "vtt", "SubOut": {"IsSptFrag": "true"},
        "SpriteSnapshotConfig": {"Columns": 3},
    });
    let fields: &Fields = config.as_object().unwrap();
    let template = |config: &Value| {
        let whole = json!({"SnapshotType": "WebVttSnapshot", "SnapshotConfig": config});
        with_fields("AddVodTemplate", "TemplateConfig", &rest, &whole)
    };
    for (field, _) in fields {
        let mut without = config.clone();
        without.as_object_mut().unwrap().shift_remove(field);
        for nothing in [json!(null), json!(""), json!([]), json!("null")] {
            let mut with = config.clone();
            with[field] = nothing;
            assert_eq!(template(&with), template(&without), "{field} {with}");
        }
    }
}

/// Gson makes doubles of all numbers, and fastjson strings of nested objects.
#[test]
fn numbers_booleans_and_objects_may_be_doubles_and_strings_at_every_depth() {
    let rest = [("Name", "n"), ("TemplateType", "Snapshot")];
    let sprite = json!({"Columns": 3, "Lines": 2, "CellWidth": 120});
    let config = json!({
        "Count": 3, "Interval": 2, "SpecifiedOffsetTime": 20_000_000, "Width": 80,
        "SubOut": {"IsSptFrag": true}, "SpriteSnapshotConfig": sprite,
    });
    let plain = json!({"SnapshotType": "WebVttSnapshot", "SnapshotConfig": config});
    let doubles = json!({"Columns": 3.0, "Lines": "2.0", "CellWidth": "120"}).to_string();
    let config = json!({
        "Count": 3.0, "Interval": "2.0", "SpecifiedOffsetTime": 2.0E7, "Width": "80",
        "SubOut": r#"{"IsSptFrag":"True"}"#, "SpriteSnapshotConfig": doubles,
    });
    let config = config.to_string();
    let odd = json!({"SnapshotType": "WebVttSnapshot", "SnapshotConfig": config});
    let template = |config: &Value| with_fields("AddVodTemplate", "TemplateConfig", &rest, config);
    assert_eq!(template(&odd), template(&plain));
    assert_eq!(
        template(&json!(odd.to_string())),
        template(&plain),
        "once more in a string"
    );

    let submit = |parameters: &[(&str, &str)]| {
        let all = [&[("VideoId", "v")], parameters].concat();
        read("SubmitSnapshotJob", &all).unwrap()
    };
    let plain = [
        ("Count", "3"),
        ("Interval", "0"),
        ("Width", "120"),
        ("SpecifiedOffsetTime", "20000000"),
    ];
    let doubles = [
        ("Count", "3.0"),
        ("Interval", "0.0"),
        ("Width", "120.0"),
        ("SpecifiedOffsetTime", "2.0E7"),
    ];
    assert_eq!(submit(&doubles), submit(&plain));
    for times in [
        "[0.0,1500.0]",
        r#"["0","1500.0"]"#,
        r#""[0,1500]""#,
        "['0', '1500']",
        r#""[\"0\",1500]""#,
    ] {
        assert_eq!(
            submit(&[("SpecifiedOffsetTimes", times)]),
            submit(&[("SpecifiedOffsetTimes", "[0,1500]")]),
            "{times}"
        );
    }
    let entries = [
        r#"[{"FileURL":"s3://b/a.mp4","Title":"t","CateId":12}]"#,
        r#"[{"FileURL":"s3://b/a.mp4","Title":"t","CateId":12.0}]"#,
        r#"["{\"FileURL\":\"s3://b/a.mp4\",\"Title\":\"t\",\"CateId\":\"12.0\"}"]"#,
    ];
    let register = |text| read("RegisterMedia", &[("RegisterMetadatas", text)]).unwrap();
    for entry in entries {
        assert_eq!(register(entry), register(entries[0]), "{entry}");
    }
}
