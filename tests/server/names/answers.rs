use crate::names::foreign::{MARKUP, cases, text};
use crate::names::wire::{Raw, get, post};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::bench::{Bench, clip};

/// All that an answer ever has in its head.
const HEADERS: [&str; 12] = [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "x-acs-request-id",
    "x-acs-retry-after",
    "x-content-type-options",
    "x-robots-tag",
];

/// An action, one of its parameters, and what else a call has.
type Name = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Each action with each of its parameters that is a name.
const NAMES: [Name; 21] = [
    ("SubmitSnapshotJob", "VideoId", &[("Count", "1")]),
    ("SubmitSnapshotJob", "ReferenceId", &[("Count", "1")]),
    (
        "SubmitSnapshotJob",
        "SnapshotTemplateId",
        &[("VideoId", "0")],
    ),
    (
        "SubmitSnapshotJob",
        "UserData",
        &[("VideoId", "0"), ("Count", "1")],
    ),
    ("GetVideoInfo", "VideoId", &[]),
    ("GetVideoInfo", "ReferenceId", &[]),
    (
        "ListSnapshots",
        "VideoId",
        &[("SnapshotType", "NormalSnapshot")],
    ),
    ("GetPlayInfo", "VideoId", &[]),
    ("GetVideoInfos", "VideoIds", &[]),
    ("GetVideoList", "ReferenceIds", &[]),
    ("SearchMedia", "Match", &[]),
    ("UpdateVideoInfo", "ReferenceId", &[]),
    ("DeleteVideo", "VideoIds", &[]),
    ("DeleteMezzanines", "VideoIds", &[]),
    ("GetJobDetail", "JobId", &[("JobType", "snapshot")]),
    ("ListJobInfo", "MediaId", &[("JobType", "snapshot")]),
    ("GetVodTemplate", "VodTemplateId", &[]),
    ("DeleteVodTemplate", "VodTemplateId", &[]),
    (
        "AddVodTemplate",
        "Name",
        &[
            ("TemplateType", "Snapshot"),
            (
                "TemplateConfig",
                r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":1}}"#,
            ),
        ],
    ),
    (
        "DeleteImage",
        "VideoId",
        &[("DeleteImageType", "VideoId"), ("ImageType", "All")],
    ),
    (
        "SetMessageCallback",
        "CallbackURL",
        &[("CallbackType", "HTTP")],
    ),
];

fn is_data_alone(raw: &Raw) {
    for (name, value) in &raw.headers {
        assert!(HEADERS.contains(&name.as_str()), "{name}: {value}");
    }
    let declared: usize = raw.header("content-length").parse().unwrap();
    assert_eq!(declared, raw.body.len());
    let text = std::str::from_utf8(&raw.body).unwrap();
    match raw.header("content-type") {
        "application/json;charset=utf-8" => {
            let answer: Value = serde_json::from_str(text).unwrap();
            assert!(answer["RequestId"].is_string(), "{text}");
        }
        "text/xml;charset=utf-8" => {
            let answer = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
            let elements = answer.descendants().filter(roxmltree::Node::is_element);
            let names: BTreeSet<_> = elements.map(|node| node.tag_name().name()).collect();
            assert!(names.contains("RequestId"), "{text}");
            assert!(
                !names.contains("img") && !names.contains("script"),
                "{text}"
            );
        }
        other => panic!("{other}: {text}"),
    }
}

#[test]
fn no_name_breaks_out_of_an_answer() {
    let bench = bench_of_one_video();
    proptest!(cases(300), |(name in text(), at in 0..NAMES.len(), xml in any::<bool>())| {
        let (action, parameter, others) = NAMES[at];
        let format = if xml { "XML" } else { "JSON" };
        let mut all = vec![("Action", action), ("Version", "2017-03-21"), ("Format", format)];
        all.extend(others.iter().filter(|(other, _)| *other != parameter));
        all.push((parameter, &name));
        let raw = post(&bench.server, &all);
        is_data_alone(&raw);
        prop_assert!(raw.status < 500, "{raw:?}");
    });
}

fn bench_of_one_video() -> Bench {
    let bench = crate::names::bench();
    let _ = bench.server.register(clip());
    bench
}

#[test]
fn a_title_comes_back_as_it_was_said() {
    let bench = crate::names::bench();
    let url = url::Url::from_file_path(clip()).unwrap().to_string();
    let metadata = json!([{"FileURL": url, "Title": MARKUP, "Description": "a\r\nb"}]);
    let answer = bench.server.ok(
        "RegisterMedia",
        &[("RegisterMetadatas", &metadata.to_string())],
    );
    let video = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap();
    let info = bench.server.ok("GetVideoInfo", &[("VideoId", video)]);
    assert_eq!(info["Video"]["Title"], MARKUP);
    let xml = post(
        &bench.server,
        &[
            ("Action", "GetVideoInfo"),
            ("Version", "2017-03-21"),
            ("Format", "XML"),
            ("VideoId", video),
        ],
    );
    is_data_alone(&xml);
    let text = std::str::from_utf8(&xml.body).unwrap();
    let document = roxmltree::Document::parse(text).unwrap();
    let title = document
        .descendants()
        .find(|node| node.has_tag_name("Title"))
        .unwrap();
    assert_eq!(title.text(), Some(MARKUP));
}

#[test]
fn an_entry_of_any_name_is_kept_harmlessly_or_refused_by_name() {
    let bench = crate::names::bench();
    let url = url::Url::from_file_path(clip()).unwrap().to_string();
    proptest!(cases(200), |(said in text(), which in 0..4usize)| {
        let name = ["Title", "ReferenceId", "FileURL", "Tags"][which];
        let mut entry = json!({"FileURL": url, "Title": "a"});
        entry[name] = json!(said);
        let raw = post(&bench.server, &[
            ("Action", "RegisterMedia"), ("Version", "2017-03-21"), ("Format", "JSON"),
            ("RegisterMetadatas", &json!([entry]).to_string()),
        ]);
        is_data_alone(&raw);
        let answer: Value = serde_json::from_slice(&raw.body).unwrap();
        if raw.status != 200 {
            let message = answer["Message"].as_str().unwrap();
            prop_assert!(raw.status == 400 && message.contains(name), "{name}: {answer}");
        }
    });
}

#[test]
fn no_path_gives_more_than_pictures() {
    let bench = bench_of_one_video();
    let job = bench.server.submit(
        &bench.server.register(clip()),
        &[("Count", "1"), ("Width", "64")],
    );
    assert_eq!(bench.server.wait(&job), "Success");
    proptest!(cases(300), |(name in text(), prefix in prop::sample::select(&["/", "//", "/objects/", "/a/../", "/%2e%2e/", "/.%2e/.."][..]))| {
        let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        for target in [format!("{prefix}{encoded}"), format!("{prefix}{}", visible(&name))] {
            let raw = get(&bench.server, &target);
            // A client's own mistake is refused before it is read, without an envelope.
            if raw.body.is_empty() {
                prop_assert!((400..500).contains(&raw.status), "{target}: {raw:?}");
            } else if target.split('?').next().is_some_and(|path| path != "/") {
                is_data_alone(&raw);
                prop_assert!((400..500).contains(&raw.status), "{target}: {raw:?}");
            }
        }
    });
}

/// As much of it as can stand in a request line.
fn visible(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).collect()
}
