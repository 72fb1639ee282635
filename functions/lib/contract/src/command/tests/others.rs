use super::*;

const CONFIG: &str = r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":1}}"#;

#[test]
fn declared_parameters_are_missed_by_their_own_code() {
    for (action, given, missed) in [
        ("ListSnapshots", &[][..], "MissingVideoId"),
        ("GetJobDetail", &[("JobType", "snapshot")], "MissingJobId"),
        ("GetJobDetail", &[("JobId", "x")], "MissingJobType"),
        ("ListJobInfo", &[("JobType", "snapshot")], "MissingMediaId"),
        ("RegisterMedia", &[], "MissingRegisterMetadatas"),
        ("GetVideoInfo", &[], "MissingParameter"),
        ("GetMezzanineInfo", &[], "MissingParameter"),
        ("GetPlayInfo", &[], "MissingParameter"),
        ("GetVideoInfos", &[], "MissingParameter"),
        ("UpdateVideoInfo", &[("Title", "t")], "MissingParameter"),
        ("DeleteVideo", &[("VideoId", "v")], "MissingParameter"),
        ("DeleteMezzanines", &[], "MissingParameter"),
        (
            "DeleteImage",
            &[("DeleteImageType", "VideoId"), ("VideoId", "v")],
            "MissingImageType",
        ),
        (
            "AddVodTemplate",
            &[("TemplateType", "Snapshot"), ("TemplateConfig", CONFIG)],
            "MissingName",
        ),
        (
            "AddVodTemplate",
            &[("Name", ""), ("TemplateConfig", CONFIG)],
            "MissingName",
        ),
        ("GetVodTemplate", &[], "MissingVodTemplateId"),
        ("ListVodTemplate", &[], "MissingTemplateType"),
        ("UpdateVodTemplate", &[], "MissingVodTemplateId"),
        ("DeleteVodTemplate", &[], "MissingVodTemplateId"),
    ] {
        assert_eq!(code(action, given), missed, "{action}");
    }
    let (status, _, message) = refused("ListSnapshots", &[]);
    assert_eq!(
        (status, message.as_str()),
        (400, "VideoId is mandatory for this action.")
    );
}

fn list(parameters: &[(&str, &str)]) -> ListSnapshots {
    match read("ListSnapshots", &[&[("VideoId", "v")], parameters].concat()) {
        Ok(Command::ListSnapshots(list)) => list,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_list_has_covers_and_twenty_of_them_by_default() {
    let defaults = list(&[]);
    assert_eq!(defaults.snapshot_type, SnapshotType::CoverSnapshot);
    assert_eq!(
        (
            defaults.page_no,
            defaults.page_size,
            defaults.auth_timeout_s
        ),
        (1, 20, 3600)
    );
    let asked = list(&[
        ("SnapshotType", "NormalSnapshot"),
        ("PageNo", "2"),
        ("PageSize", "100"),
        ("AuthTimeout", "60"),
    ]);
    assert_eq!(asked.snapshot_type, SnapshotType::NormalSnapshot);
    assert_eq!(
        (asked.page_no, asked.page_size, asked.auth_timeout_s),
        (2, 100, 3600)
    );
    for (name, value) in [
        ("PageNo", "0"),
        ("PageSize", "101"),
        ("SnapshotType", "Normal"),
        ("AuthTimeout", "2592001"),
    ] {
        let message = refused("ListSnapshots", &[("VideoId", "v"), (name, value)]).2;
        assert!(
            message.starts_with(&format!(
                "The specified parameter \"{name}\" is not valid. It must be "
            )),
            "{message}"
        );
    }
    assert_eq!(
        code("ListSnapshots", &[("VideoId", "a/b")]),
        "InvalidVideo.NotFound"
    );
}

fn register(metadatas: &str) -> Result<RegisterMedia, ApiError> {
    match read("RegisterMedia", &[("RegisterMetadatas", metadatas)])? {
        Command::RegisterMedia(media) => Ok(media),
        other => panic!("{other:?}"),
    }
}

#[test]
fn media_come_in_an_array_or_alone() {
    let entry = r#"{"FileURL":"https://b.s3.r.amazonaws.com/a%20b.mp4?x=/y","Title":"视频","Tags":"a,b","CateId":"12"}"#;
    let media = register(&format!("[{entry}]")).unwrap();
    assert_eq!(media, register(entry).unwrap());
    let entry = media.entries[0].as_ref().unwrap();
    assert_eq!(entry.title, "视频");
    assert_eq!(entry.cate_id, Some(12));
    assert_eq!(
        entry.file_url,
        "https://b.s3.r.amazonaws.com/a%20b.mp4?x=/y"
    );
}

#[test]
fn a_list_that_is_none_is_refused() {
    let entry = r#"{"FileURL":"s3://b/a.mp4","Title":"t"}"#;
    assert!(register(&format!("[{}{entry}]", format!("{entry},").repeat(9))).is_ok());
    for bad in [
        "{",
        "1",
        &format!("[{}{entry}]", format!("{entry},").repeat(10)),
    ] {
        let refused = register(bad).unwrap_err();
        assert!(
            refused.message().contains("array of 1 to 10 objects"),
            "{bad}"
        );
    }
    for none in ["[]", "null", ""] {
        assert_eq!(
            register(none).unwrap_err().code(),
            "MissingRegisterMetadatas"
        );
    }
}

/// One bad entry had the whole call refused.
#[test]
fn a_bad_entry_is_rejected_by_field_and_the_others_are_read() {
    let good = r#"{"FileURL":"s3://b/a.mp4","Title":"t"}"#;
    let url = "https://b.s3.amazonaws.com/a.mp4";
    let long = "t".repeat(129);
    for (bad, file_url, reason) in [
        (
            r#"{"Title":"t"}"#.to_owned(),
            "",
            "Each entry must have FileURL.",
        ),
        (
            format!(r#"{{"FileURL":"{url}"}}"#),
            url,
            "Each entry must have Title.",
        ),
        (
            r#"{"FileURL":"s3://b.c/a","Title":"t"}"#.to_owned(),
            "s3://b.c/a",
            "FileURL must end in a file name with an extension.",
        ),
        (
            format!(r#"{{"FileURL":"{url}","Title":"{long}"}}"#),
            url,
            "Title must have at most 128 bytes.",
        ),
        (
            format!(r#"{{"FileURL":"{url}","Title":"t","CateId":"x"}}"#),
            url,
            "CateId must be an integer.",
        ),
        (
            format!(r#"{{"FileURL":"{url}","Title":"t","ReferenceId":"x"}}"#),
            url,
            "ReferenceId must be 6 to 64 of A-Z, a-z, 0-9, _ and -.",
        ),
        ("1".to_owned(), "", "Each entry must be a JSON object."),
    ] {
        let media = register(&format!("[{good},{bad},{good}]")).unwrap();
        let rejected = media.entries[1].as_ref().unwrap_err();
        assert_eq!((&*rejected.file_url, &*rejected.reason), (file_url, reason));
        assert!(
            media.entries[0].is_ok() && media.entries[2].is_ok(),
            "{bad}"
        );
    }
}

#[test]
fn a_name_with_the_signs_of_a_url_has_an_extension() {
    for url in [
        "/m/a#b.mp4",
        "s3://b/a?b.mp4",
        "/m/50%.mp4",
        "/m/中 文#1?.mp4",
        "file:///m/%61%2Emp4",
    ] {
        let entry = format!(r#"{{"FileURL":"{url}","Title":"t"}}"#);
        assert!(register(&entry).unwrap().entries[0].is_ok(), "{url}");
    }
}

#[test]
fn templates_are_checked_as_they_are_added() {
    let add = |name: &str, kind: &str, config: &str| {
        read(
            "AddVodTemplate",
            &[
                ("Name", name),
                ("TemplateType", kind),
                ("TemplateConfig", config),
            ],
        )
    };
    match add("测试 template", "Snapshot", CONFIG) {
        Ok(Command::AddVodTemplate(template)) => {
            assert_eq!(template.name, "测试 template");
            assert_eq!(template.config.json(), CONFIG);
            assert_eq!(template.app_id, "app-1000000");
        }
        other => panic!("{other:?}"),
    }
    let code = |result: Result<Command, ApiError>| result.unwrap_err().code().to_owned();
    assert_eq!(
        code(add(&"中".repeat(43), "Snapshot", CONFIG)),
        "LengthExceededMax"
    );
    assert_eq!(code(add("a\u{1}", "Snapshot", CONFIG)), "IllegalCharacters");
    assert_eq!(code(add("a", "DynamicImage", CONFIG)), "InvalidParameter");
    assert_eq!(code(add("a", "Snapshot", "{")), "InvalidParameter");
}

/// It was stored, and nobody was told of anything.
#[test]
fn a_message_queue_is_refused_and_the_error_says_what_is_taken() {
    let queue = [
        ("CallbackType", "MNS"),
        ("MnsEndpoint", "http://1.mns.cn-hangzhou.aliyuncs.com/"),
        ("MnsQueueName", "q"),
    ];
    let with_url = [&queue[..], &[("CallbackURL", "https://a.b/c")]].concat();
    for parameters in [&queue[..], &with_url] {
        let error = callback(parameters).unwrap_err();
        assert_eq!(error.code(), "InvalidParameter");
        let message = error.message();
        assert!(message.contains("CallbackType"), "{message}");
        assert!(message.contains("HTTP"), "{message}");
    }
}

fn callback(parameters: &[(&str, &str)]) -> Result<SetMessageCallback, ApiError> {
    match read("SetMessageCallback", parameters)? {
        Command::SetMessageCallback(callback) => Ok(callback),
        other => panic!("{other:?}"),
    }
}

#[test]
fn callbacks_have_what_their_kind_needs() {
    let url = ("CallbackURL", "https://a.b/c");
    let set = callback(&[url, ("AuthSwitch", "on"), ("AuthKey", "aB3")]).unwrap();
    assert_eq!(set.event_types, ["ALL"]);
    assert_eq!(set.auth_key.as_ref().map(Secret::expose), Some("aB3"));
    assert!(!format!("{set:?}").contains("aB3"));
    assert!(
        callback(&[url, ("EventTypeList", "")])
            .unwrap()
            .event_types
            .is_empty()
    );
    let some = callback(&[
        url,
        ("EventTypeList", "SnapshotComplete, FileUploadComplete"),
    ])
    .unwrap();
    assert_eq!(some.event_types, ["SnapshotComplete", "FileUploadComplete"]);
    for (parameters, missed) in [
        (&[][..], "MissingParameter"),
        (&[url, ("AuthSwitch", "on")], "MissingParameter"),
        (&[url, ("AuthKey", "abc")], "InvalidParameter"),
        (&[("CallbackURL", "mailto:a")], "InvalidParameter"),
        (&[url, ("EventTypeList", "a;b")], "InvalidParameter"),
    ] {
        assert_eq!(
            callback(parameters).unwrap_err().code(),
            missed,
            "{parameters:?}"
        );
    }
}

#[test]
fn every_action_is_read() {
    for action in Action::ALL {
        let parameters = [
            ("VideoId", "v"),
            ("Count", "1"),
            ("JobId", "j"),
            ("JobType", "snapshot"),
            ("MediaId", "v"),
            ("VideoIds", "v,w"),
            (
                "RegisterMetadatas",
                r#"{"FileURL":"s3://b/a.mp4","Title":"t"}"#,
            ),
            ("DeleteImageType", "VideoId"),
            ("ImageType", "All"),
            ("Name", "n"),
            ("TemplateType", "Snapshot"),
            ("TemplateConfig", CONFIG),
            ("VodTemplateId", "t"),
            ("DynamicImageTemplateId", "t"),
            ("CallbackURL", "http://a"),
            ("UploadURLs", "http://a.example/a.mp4"),
        ];
        let command = read(action.name(), &parameters).unwrap();
        assert!(format!("{command:?}").starts_with(action.name()));
    }
}

fn upload(metadata: &str, more: &[(&str, &str)]) -> UploadMediaByURL {
    let own = [
        ("UploadURLs", "http://a.example/a.mp4"),
        ("UploadMetadatas", metadata),
    ];
    match read("UploadMediaByURL", &[&own, more].concat()) {
        Ok(Command::UploadMediaByURL(command)) => command,
        other => panic!("{metadata}: {other:?}"),
    }
}

/// What RegisterMetadatas takes was refused there.
#[test]
fn metadata_of_uploads_is_read_by_other_rules() {
    for (cate_id, number) in [("10.0", 10), (r#""10.0""#, 10), ("-1", -1), (r#"" 7 ""#, 7)] {
        let entry = format!(r#"{{"SourceURL":"http://a.example/a.mp4","CateId":{cate_id}}}"#);
        let as_text = serde_json::to_string(&entry).unwrap();
        for list in [
            format!("[{entry}]"),
            entry.clone(),
            format!("[{as_text}]"),
            as_text,
        ] {
            let command = upload(&list, &[]);
            assert_eq!(command.entries[0].cate_id, Some(number), "{list}");
        }
    }
    for nothing in ["null", r#""""#, "[]"] {
        let entry = format!(
            r#"[{{"SourceURL":"http://a.example/a.mp4","CateId":{nothing},"Title":{nothing},
            "ReferenceId":{nothing},"Tags":{nothing}}}]"#
        );
        let entry = &upload(&entry, &[]).entries[0];
        assert_eq!((entry.cate_id, &entry.reference_id), (None, &None));
        assert_eq!((entry.title.as_str(), &entry.tags), ("a.mp4", &None));
    }
    for (field, value) in [
        ("CateId", r#""x""#),
        ("CateId", "1.5"),
        ("Title", "[7]"),
        ("ReferenceId", r#""short""#),
    ] {
        let list = format!(r#"[{{"SourceURL":"http://a.example/a.mp4","{field}":{value}}}]"#);
        let own = [
            ("UploadURLs", "http://a.example/a.mp4"),
            ("UploadMetadatas", list.as_str()),
        ];
        let (status, _, message) = refused("UploadMediaByURL", &own);
        assert_eq!(status, 400);
        assert!(
            message.contains("UploadMetadatas") && message.contains(field),
            "{message}"
        );
    }
}

#[test]
fn a_session_tells_a_repeated_call_from_another() {
    let session = |more: &[(&str, &str)]| upload("", more).session;
    assert_eq!(session(&[]), None);
    assert_eq!(session(&[("SessionId", "")]), None);
    let first = session(&[("SessionId", "a")]);
    assert_eq!(first, session(&[("SessionId", "a")]));
    let others = [
        session(&[("SessionId", "b")]),
        session(&[("SessionId", "a"), ("TemplateGroupId", "VOD_NO_TRANSCODE")]),
    ];
    for other in others {
        assert!(other.is_some() && other != first);
    }
}
