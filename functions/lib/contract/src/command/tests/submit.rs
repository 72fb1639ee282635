use super::*;

const VIDEO_ID: &str = "d3e680e618708fef7cefbf2cae7cc931";

fn with<'a>(parameters: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("VideoId", VIDEO_ID)], parameters].concat()
}

fn submit(parameters: &[(&str, &str)]) -> SubmitSnapshotJob {
    match read("SubmitSnapshotJob", &with(parameters)) {
        Ok(Command::SubmitSnapshotJob(job)) => job,
        other => panic!("{other:?}"),
    }
}

fn spec(parameters: &[(&str, &str)]) -> SnapshotSpec {
    match submit(parameters).what {
        SnapshotSource::Spec(spec) => spec,
        template => panic!("{template:?}"),
    }
}

fn message(parameters: &[(&str, &str)]) -> String {
    let (status, code, message) = refused("SubmitSnapshotJob", &with(parameters));
    assert_eq!(
        (status, code.as_str()),
        (400, "InvalidParameter"),
        "{message}"
    );
    message
}

#[test]
fn count_and_interval_mean_what_the_decisions_say() {
    let points = |parameters: &[(&str, &str)]| spec(parameters).points;
    let every = |interval_s, count, offset_ms| PointSpec::Every {
        interval_s,
        count,
        offset_ms,
    };
    assert_eq!(points(&[("Count", "3")]), every(1, Some(3), 0));
    assert_eq!(points(&[("Interval", "5")]), every(5, None, 0));
    assert_eq!(
        points(&[("Count", "3"), ("Interval", "5")]),
        every(5, Some(3), 0)
    );
    assert_eq!(
        points(&[("Interval", "0"), ("SpecifiedOffsetTime", "700")]),
        PointSpec::Evenly {
            count: 1,
            offset_ms: 700
        }
    );
    assert_eq!(
        points(&[("Interval", "0"), ("Count", "9")]),
        PointSpec::Evenly {
            count: 9,
            offset_ms: 0
        }
    );
    assert_eq!(
        points(&[
            ("Count", "1"),
            ("Interval", "5"),
            ("SpecifiedOffsetTime", "20")
        ]),
        every(5, Some(1), 20)
    );
}

#[test]
fn neither_count_nor_interval_is_refused_by_both_names() {
    let (status, code, message) = refused("SubmitSnapshotJob", &[("VideoId", VIDEO_ID)]);
    assert_eq!((status, code.as_str()), (400, "MissingParameter"));
    assert_eq!(
        message,
        "The input parameter \"Count\" or \"Interval\" that is mandatory for processing this \
         request is not supplied."
    );
    for empty in ["", "[]", " [ ] "] {
        let empty = with(&[
            ("SpecifiedOffsetTimes", empty),
            ("SpecifiedOffsetTime", "1"),
        ]);
        assert_eq!(refused("SubmitSnapshotJob", &empty).1, "MissingParameter");
    }
}

#[test]
fn no_video_is_refused_before_anything_else() {
    let (status, code, message) = refused("SubmitSnapshotJob", &[("Count", "x")]);
    assert_eq!((status, code.as_str()), (400, "MissingParameter"));
    assert_eq!(
        message,
        "The input parameter \"VideoId\" that is mandatory for processing this request is not \
         supplied."
    );
}

#[test]
fn a_list_of_times_has_three_spellings_and_one_meaning() {
    let listed = PointSpec::At {
        times_ms: vec![3000, 0, 0, 1500],
    };
    assert_eq!(
        spec(&[("SpecifiedOffsetTimes", "[3000,0,0,1500]")]).points,
        listed
    );
    assert_eq!(
        spec(&[
            ("SpecifiedOffsetTimes", "[3000, 0, 0, 1500]"),
            ("Count", "1")
        ])
        .points,
        listed
    );
    let flattened = [
        ("SpecifiedOffsetTimes.1", "3000"),
        ("SpecifiedOffsetTimes.2", "0"),
        ("SpecifiedOffsetTimes.3", "0"),
        ("SpecifiedOffsetTimes.4", "1500"),
    ];
    assert_eq!(spec(&flattened).points, listed);
    assert_eq!(
        spec(&[("SpecifiedOffsetTimes", "[]"), ("Count", "2")]).points,
        PointSpec::Every {
            interval_s: 1,
            count: Some(2),
            offset_ms: 0
        }
    );
}

#[test]
fn flattened_times_come_in_the_order_of_their_numbers() {
    let names: Vec<_> = (1..=30)
        .map(|i| format!("SpecifiedOffsetTimes.{i}"))
        .collect();
    let values: Vec<_> = (1..=30).map(|i: u64| i.to_string()).collect();
    let pairs: Vec<_> = names
        .iter()
        .zip(&values)
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        spec(&pairs).points,
        PointSpec::At {
            times_ms: (1..=30).collect()
        }
    );
    let more = [&pairs[..], &[("SpecifiedOffsetTimes.31", "0")]].concat();
    assert!(message(&more).contains("at most 30"));
}

#[test]
fn bad_times_are_refused() {
    let rule = "The specified parameter \"SpecifiedOffsetTimes\" is not valid. \
                It must be a JSON array of at most 30 integers of 0 ms or more.";
    let many = format!("[{}0]", "0,".repeat(30));
    let nested = "[".repeat(60_000);
    for bad in [
        "[-1]",
        "[1.5]",
        "[\"x\"]",
        "0,1",
        "1000",
        "{}",
        "[1",
        "[null,-1]",
        "[{}]",
        &many,
        &nested,
    ] {
        let shown = bad.get(..20).unwrap_or(bad);
        assert_eq!(message(&[("SpecifiedOffsetTimes", bad)]), rule, "{shown}");
    }
    for index in ["x", "", "1.1", "-1"] {
        let name = format!("SpecifiedOffsetTimes.{index}");
        assert_eq!(message(&[(name.as_str(), "1")]), rule, "{index}");
    }
    assert_eq!(message(&[("SpecifiedOffsetTimes.1", "-5")]), rule);
}

#[test]
fn numbers_out_of_range_are_refused_with_the_range() {
    let count = [("Count", "1")];
    let bad = |name: &'static str, values: &[&'static str], rule: &str| {
        for value in values {
            let mut all = vec![(name, *value)];
            all.extend(count.iter().filter(|(other, _)| *other != name));
            let text = format!("The specified parameter \"{name}\" is not valid. {rule}");
            assert_eq!(message(&all), text, "{value:?}");
        }
    };
    let odd = [
        "abc",
        "-1",
        "+1",
        "1.5",
        " 1",
        "1e400",
        "0x10",
        "٣",
        "9223372036854775808",
    ];
    bad("Count", &odd, "It must be an integer from 1 to 20000.");
    bad(
        "Count",
        &["0", "20001"],
        "It must be an integer from 1 to 20000.",
    );
    bad("Interval", &odd, "It must be an integer of 0 s or more.");
    bad(
        "SpecifiedOffsetTime",
        &odd,
        "It must be an integer of 0 ms or more.",
    );
    for name in ["Width", "Height"] {
        bad(name, &odd, "It must be an integer from 8 to 4096 px.");
        bad(
            name,
            &["7", "4097"],
            "It must be an integer from 8 to 4096 px.",
        );
    }
    let largest = spec(&[
        ("Count", "20000"),
        ("Interval", "9223372036854775807"),
        ("Width", "4096"),
        ("Height", "8"),
    ]);
    assert_eq!((largest.width, largest.height), (Some(4096), Some(8)));
    assert_eq!(spec(&[("Count", "1"), ("Width", "")]).width, None);
}

#[test]
fn direct_calls_take_exact_frames() {
    assert_eq!(
        spec(&[("Count", "1"), ("FrameType", "intra")]).frame_type,
        FrameType::Normal
    );
}

#[test]
fn a_sprite_config_makes_a_sprite_job() {
    assert_eq!(spec(&[("Count", "1")]).sprite, None);
    assert_eq!(
        spec(&[("Count", "1"), ("SpriteSnapshotConfig", "")]).sprite,
        None
    );
    let sprite = spec(&[("Count", "1"), ("SpriteSnapshotConfig", "{'Columns': '3'}")]).sprite;
    assert_eq!(
        sprite.map(|sprite| (sprite.columns, sprite.lines)),
        Some((3, 10))
    );
    assert_eq!(
        message(&[("Count", "1"), ("SpriteSnapshotConfig", "{\"Columns\":0}")]),
        "The specified parameter \"SpriteSnapshotConfig\" is not valid. \
         Columns must be an integer from 1 to 10000."
    );
    let outputs = [
        ("Interval", "2"),
        ("SpriteSnapshotConfig", "{'Outputs':['hls']}"),
    ];
    assert_eq!(
        spec(&outputs).sprite.map(|sprite| sprite.outputs.len()),
        Some(1)
    );
    let late = message(&[&outputs[..], &[("SpecifiedOffsetTime", "40")]].concat());
    assert!(
        late.contains("\"SpriteSnapshotConfig\"") && late.contains("Outputs: hls needs"),
        "{late}"
    );
    let deep = "{\"a\":".repeat(100_000);
    assert!(message(&[("Count", "1"), ("SpriteSnapshotConfig", &deep)]).len() < 300);
}

#[test]
fn a_template_outweighs_everything_but_video_and_user_data() {
    let job = submit(&[
        ("SnapshotTemplateId", "t1"),
        ("Count", "x"),
        ("Width", "1"),
        ("SpriteSnapshotConfig", "{"),
        ("SpecifiedOffsetTimes", "x"),
        ("UserData", r#"{"Extend":"e"}"#),
    ]);
    assert_eq!(job.what, SnapshotSource::Template("t1".into()));
    assert_eq!(job.user_data.unwrap().extend.unwrap(), "e");
    let bad = r#"{"MessageCallback":1}"#;
    assert!(message(&[("SnapshotTemplateId", "t1"), ("UserData", bad)]).contains("\"UserData\""));
    let long = "t".repeat(5000);
    assert_eq!(
        submit(&[("SnapshotTemplateId", &long)]).what,
        SnapshotSource::Template("t".repeat(64).into())
    );
}

#[test]
fn a_video_id_that_cannot_be_one_is_of_no_video_once_all_else_is_right() {
    let long = "a".repeat(65);
    for id in ["../../etc", "a b", "a\0", long.as_str()] {
        let (status, code, _) = refused("SubmitSnapshotJob", &[("VideoId", id), ("Count", "1")]);
        assert_eq!(
            (status, code.as_str()),
            (404, "InvalidVideo.NotFound"),
            "{id:?}"
        );
        assert_eq!(
            self::code("SubmitSnapshotJob", &[("VideoId", id), ("Count", "0")]),
            "InvalidParameter"
        );
    }
}

#[test]
fn a_reference_id_names_a_video_too() {
    let job = |parameters: &[(&str, &str)]| match read("SubmitSnapshotJob", parameters) {
        Ok(Command::SubmitSnapshotJob(job)) => job.video,
        other => panic!("{other:?}"),
    };
    let reference = VideoRef::Reference("my-video_1".to_owned());
    assert_eq!(
        job(&[("ReferenceId", "my-video_1"), ("Count", "1")]),
        reference
    );
    assert_eq!(
        job(&[("ReferenceId", "x"), ("VideoId", VIDEO_ID), ("Count", "1")]),
        VideoRef::Id(VIDEO_ID.into()),
        "VideoId goes first"
    );
    let long = "a".repeat(65);
    for bad in ["short", "with space", long.as_str()] {
        assert_eq!(
            refused("SubmitSnapshotJob", &[("ReferenceId", bad), ("Count", "1")]).2,
            "The specified parameter \"ReferenceId\" is not valid. \
             It must be 6 to 64 of A-Z, a-z, 0-9, _ and -."
        );
    }
}

#[test]
fn unknown_parameters_are_ignored() {
    let legacy = [
        ("Count", "1"),
        ("OwnerId", ""),
        ("FileUrl", "x"),
        ("RegionId", "cn-shanghai"),
    ];
    assert_eq!(spec(&legacy), spec(&[("Count", "1")]));
}

#[test]
fn a_client_token_tells_a_retry_from_another_call() {
    let token = |parameters: &[(&str, &str)]| {
        let all = [parameters, &[("ClientToken", "a_B-9")]].concat();
        submit(&all).client_token.unwrap()
    };
    assert_eq!(submit(&[("Count", "1")]).client_token, None);
    assert_eq!(
        submit(&[("Count", "1"), ("ClientToken", "")]).client_token,
        None
    );
    let first = token(&[("Count", "1")]);
    assert_eq!(first.text, "a_B-9");
    assert_eq!(
        first,
        token(&[("Width", ""), ("Count", "1"), ("Unknown", "x")])
    );
    let others: [&[_]; 5] = [
        &[("Count", "2")],
        &[("Count", "1"), ("Width", "80")],
        &[("Count", "1"), ("UserData", "{}")],
        &[("SpecifiedOffsetTimes.1", "1")],
        &[("SpecifiedOffsetTimes.1", "2")],
    ];
    let mut seen = std::collections::HashSet::from([first.fingerprint]);
    for other in others {
        assert!(seen.insert(token(other).fingerprint), "{other:?}");
    }
}

/// `Count=2.0` after `Count=2` was a call with other parameters.
#[test]
fn a_retry_in_another_spelling_of_its_parameters_is_the_same_call() {
    let token = |parameters: &[(&str, &str)]| {
        let all = [parameters, &[("ClientToken", "t")]].concat();
        submit(&all).client_token.unwrap()
    };
    let plain = token(&[("Count", "2"), ("UserData", r#"{"Extend":"a b"}"#)]);
    assert_eq!(
        plain.fingerprint, plain.literal_fingerprint,
        "as stored before"
    );
    for (count, user_data) in [
        ("2.0", r#"{"Extend":"a b"}"#),
        ("\"2\"", r#"{"Extend":"a b"}"#),
        ("02", r#"{ "Extend" : "a b" }"#),
        ("2", r"{'Extend':'a b'}"),
        ("2", r#""{\"Extend\":\"a b\"}""#),
    ] {
        let other = token(&[("Count", count), ("UserData", user_data), ("Width", "null")]);
        assert_eq!(other.fingerprint, plain.fingerprint, "{count} {user_data}");
        assert_ne!(other.literal_fingerprint, plain.literal_fingerprint);
    }
    let times = |list| token(&[("SpecifiedOffsetTimes", list)]).fingerprint;
    let flat = [
        ("SpecifiedOffsetTimes.1", "0"),
        ("SpecifiedOffsetTimes.2", "1500.0"),
    ];
    for list in ["[0, 1500]", "[0.0,1500]", r#"["0",null,1500]"#] {
        assert_eq!(times(list), times("[0,1500]"), "{list}");
    }
    assert_eq!(token(&flat).fingerprint, times("[0,1500]"));
    assert_ne!(times("[1500,0]"), times("[0,1500]"));
}

#[test]
fn a_client_token_is_short_and_plain_even_with_a_template() {
    let long = "t".repeat(65);
    for bad in ["a b", "a.b", "\u{e9}", &long] {
        for with in [("Count", "1"), ("SnapshotTemplateId", "x")] {
            let said = message(&[with, ("ClientToken", bad)]);
            assert_eq!(
                said,
                "The specified parameter \"ClientToken\" is not valid. \
                 It must be 1 to 64 of A-Z, a-z, 0-9, _ and -."
            );
        }
    }
}
