use super::*;
use proptest::prelude::*;
use serde_json::json;

fn one(text: &str) -> UserData {
    UserData::read(text).unwrap().unwrap()
}

fn refused(text: &str) -> String {
    let error = UserData::read(text).unwrap_err();
    assert_eq!(error.code(), "InvalidParameter");
    let message = error
        .message()
        .strip_prefix("The specified parameter \"UserData\" is not valid. ");
    message.unwrap().to_owned()
}

#[test]
fn members_may_be_objects_or_strings() {
    let objects = r#"{"MessageCallback":{"CallbackType":"http","CallbackURL":"http://a.b/c?d=1"},"Extend":{"localId":"xxx", "test":"www"}}"#;
    let strings = json!({
        "MessageCallback": r#"{"CallbackURL":"http://a.b/c?d=1"}"#,
        "Extend": r#"{"localId":"xxx","test":"www"}"#,
    });
    assert_eq!(one(objects), one(&strings.to_string()));
    assert_eq!(
        one(objects).extend.unwrap(),
        r#"{"localId":"xxx","test":"www"}"#
    );
    let callback = Callback {
        kind: CallbackKind::Http,
        url: "http://a.b/c?d=1".to_owned(),
    };
    assert_eq!(one(objects).callback, Some(callback));
}

#[test]
fn extend_comes_back_digit_by_digit() {
    let text = r#"{"Extend": { "id" : 12345678901234567890123, "f": 1.0, "s": "a \" b  c\\" } }"#;
    assert_eq!(
        one(text).extend.unwrap(),
        r#"{"id":12345678901234567890123,"f":1.0,"s":"a \" b  c\\"}"#
    );
    assert_eq!(one(r#"{"Extend":"any text"}"#).extend.unwrap(), "any text");
}

#[test]
fn nothing_said_is_nothing() {
    for text in ["", "null", "[]", r#""""#] {
        assert_eq!(UserData::read(text), Ok(None), "{text}");
    }
    for text in [
        "{}",
        r#"{"MessageCallback":null,"Extend":null}"#,
        r#"{"MessageCallback":{},"X":1}"#,
        r#"{"MessageCallback":"","Extend":[]}"#,
        r#"{"MessageCallback":"null"}"#,
    ] {
        assert_eq!(one(text), UserData::default(), "{text}");
    }
}

/// The documents of the time advised JSON, and asked for none.
#[test]
fn what_is_the_callers_own_is_echoed_as_it_stands() {
    for text in [
        "order 42",
        "{",
        "1",
        "[1, 2]",
        r#""a string""#,
        r#"{"Vod":{"UserData":"x", "n":1.0}}"#,
        r"{'localId':'x'}",
        " \u{4e2d}\u{1f600}\n",
    ] {
        let expected = UserData {
            callback: None,
            extend: Some(text.to_owned()),
        };
        assert_eq!(one(text), expected, "{text}");
    }
    let long = "x".repeat(1024);
    assert_eq!(one(&long).extend, Some(long.clone()));
    assert_eq!(
        refused(&format!("{long}x")),
        "It must have at most 1024 bytes."
    );
}

#[test]
fn single_quotes_are_read() {
    let read = one("{'MessageCallback':{'CallbackURL':'https://a'},'Extend':'x'}");
    assert_eq!(read.callback.unwrap().url, "https://a");
}

#[test]
fn limits_are_in_bytes_to_the_byte() {
    let extend = |bytes: usize| json!({"Extend": "中".repeat(bytes / 3) + &"x".repeat(bytes % 3)});
    assert_eq!(one(&extend(512).to_string()).extend.unwrap().len(), 512);
    assert_eq!(
        refused(&extend(513).to_string()),
        "Extend must have at most 512 bytes."
    );
    let padded = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));
    assert_eq!(one(&padded(1024)), UserData::default());
    assert_eq!(refused(&padded(1025)), "It must have at most 1024 bytes.");
}

/// An id that is a number, or a list of them, made the whole call a bad one.
#[test]
fn extend_may_be_any_json() {
    for (given, echoed) in [
        ("42", "42"),
        ("-1.50", "-1.50"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("true", "true"),
        ("false", "false"),
        ("[1, \"a b\",\n {\"c\": null}]", r#"[1,"a b",{"c":null}]"#),
    ] {
        let text = format!("{{\"Extend\": {given} }}");
        assert_eq!(one(&text).extend.as_deref(), Some(echoed), "{text}");
        let whole = Value::String(text).to_string();
        assert_eq!(one(&whole).extend.as_deref(), Some(echoed), "{whole}");
    }
    let long = format!("{{\"Extend\":[{}1]}}", "1,".repeat(300));
    assert_eq!(refused(&long), "Extend must have at most 512 bytes.");
}

/// A form whose CallbackURL was left empty made the whole call a bad one.
#[test]
fn a_callback_without_a_url_is_none() {
    for callback in [
        json!({"CallbackURL": "", "CallbackType": "http"}),
        json!({"CallbackURL": " ", "CallbackType": "http"}),
        json!({"CallbackURL": null, "CallbackType": "HTTP"}),
        json!({"CallbackType": "http"}),
        json!(r#"{"CallbackURL":"","CallbackType":"http"}"#),
        json!({"CallbackURL": "", "Other": 1}),
    ] {
        let text = json!({"MessageCallback": callback, "Extend": "x"}).to_string();
        let expected = UserData {
            callback: None,
            extend: Some("x".to_owned()),
        };
        assert_eq!(one(&text), expected, "{text}");
    }
    let other = r#"{"MessageCallback":{"CallbackType":"mns"}}"#;
    assert_eq!(refused(other), "CallbackType must be http.");
}

#[test]
fn a_refusal_names_the_member() {
    let url_rule = "CallbackURL must be an http or https URL of at most 256 bytes.";
    for url in [
        "ftp://a",
        "http://",
        "http:///x",
        "http://a b",
        "a.b/c",
        &format!("http://{}", "a".repeat(250)),
    ] {
        let text = json!({"MessageCallback": {"CallbackType": "http", "CallbackURL": url}});
        assert_eq!(refused(&text.to_string()), url_rule, "{url}");
    }
    let text = r#"{"MessageCallback":{"CallbackType":"mns","CallbackURL":"http://a"}}"#;
    assert_eq!(refused(text), "CallbackType must be http.");
    assert!(refused(r#"{"MessageCallback":[1]}"#).starts_with("MessageCallback must be"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_read_or_refused(text in r#"[{}\[\]"':,a1 \\]{0,40}"#) {
        let _ = UserData::read(&text);
        let _ = UserData::read(&format!("{{\"Extend\":{text}}}"));
        let _ = UserData::read(&format!("{{\"MessageCallback\":{text}}}"));
    }

    #[test]
    fn extend_means_what_it_meant(key in ".{0,20}", word in ".{0,20}", number in any::<i64>()) {
        let extend = json!({ key: [word, number] });
        let echoed = one(&json!({ "Extend": extend }).to_string()).extend.unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&echoed).unwrap(), extend);
    }
}
