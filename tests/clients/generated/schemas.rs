//! What is sent is what the schemas say, and nothing more.

use super::python::command;
use crate::clip;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use support::server::{Server, Setup};
use support::subscriber::Subscriber;
use tempfile::TempDir;

type Parameters<'a> = &'a [(&'a str, &'a str)];

const SPRITE: &str =
    r#"{"CellWidth":160,"CellHeight":90,"Columns":2,"Lines":2,"KeepCellPic":"keep"}"#;
const WEB_VTT: &str = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":4,"Interval":0,"Width":160,"Format":"vtt","SubOut":{"IsSptFrag":"true"},"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Columns":2,"Lines":2}}}"#;

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas");
    let text = std::fs::read(path.join(format!("{name}.schema.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn validate(cases: &[(String, Value, Value)]) {
    let folder = super::folder();
    let mut python = command("python3", &folder)
        .arg("validate.py")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin
        .write_all(json!(cases).to_string().as_bytes())
        .unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
}

/// A server, its receiver of events, and a video; and one that is damaged.
struct Scene {
    server: Server,
    subscriber: Subscriber,
    video: String,
    damaged: String,
    _data: TempDir,
}

impl Scene {
    fn new() -> Self {
        let data = TempDir::new().unwrap();
        let media = data.path().join("media");
        std::fs::create_dir(&media).unwrap();
        let whole = media.join("whole.mp4");
        std::fs::copy(clip(), &whole).unwrap();
        let damaged = media.join("damaged.mp4");
        std::fs::write(&damaged, "no video at all").unwrap();
        let subscriber = Subscriber::start(&[]);
        let server = Server::start(&Setup {
            program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
            data: data.path().join("data"),
            media_root: media,
            arguments: vec!["--notify".to_owned(), subscriber.url.clone()],
        });
        let (video, damaged) = (server.register(&whole), server.register(&damaged));
        Self {
            server,
            subscriber,
            video,
            damaged,
            _data: data,
        }
    }

    /// The event of a job, and its manifest where it has one.
    fn run(&self, video: &str, parameters: &[(&str, &str)]) -> (Value, Option<Value>) {
        let job = self.server.submit(video, parameters);
        let _ = self.server.wait(&job);
        let event = self.subscriber.next().json();
        let manifest = format!("{}/{video}/snapshots/{job}-manifest.json", self.server.url);
        let reply = self.server.get(&manifest);
        (event, (reply.status == 200).then(|| reply.json()))
    }
}

#[test]
fn events_and_manifests_are_what_their_schemas_say() {
    let scene = Scene::new();
    let template = [
        ("Name", "t"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", WEB_VTT),
    ];
    let template = scene.server.ok("AddVodTemplate", &template);
    let template = template["VodTemplateId"].as_str().unwrap();
    let past_the_end = [
        ("SpecifiedOffsetTimes", "[0,1500,99999999]"),
        ("UserData", "mine"),
    ];
    let jobs: [(&str, &str, Parameters<'_>); 5] = [
        (
            "pictures",
            &scene.video,
            &[("Count", "3"), ("Interval", "0")],
        ),
        ("past the end", &scene.video, &past_the_end),
        (
            "sprite",
            &scene.video,
            &[("Count", "5"), ("SpriteSnapshotConfig", SPRITE)],
        ),
        ("WebVTT", &scene.video, &[("SnapshotTemplateId", template)]),
        ("damaged", &scene.damaged, &[("Count", "1")]),
    ];
    let mut cases = Vec::new();
    let mut kinds = Vec::new();
    for (name, video, parameters) in jobs {
        let (event, manifest) = scene.run(video, parameters);
        kinds.push((event["Status"].clone(), manifest.is_some()));
        cases.push((
            format!("event of {name}"),
            schema("snapshot-complete"),
            event,
        ));
        cases.extend(manifest.map(|it| (format!("manifest of {name}"), schema("manifest"), it)));
    }
    assert_eq!(kinds[..4], vec![(json!("success"), true); 4]);
    assert_eq!(kinds[4], (json!("fail"), false));
    validate(&cases);
}

/// What the document says that calls are answered with.
#[test]
fn answers_are_what_their_schemas_say() {
    let scene = Scene::new();
    let server = &scene.server;
    let document = server.get(&format!("{}/openapi.json", server.url)).json();
    let (_, _) = scene.run(&scene.video, &[("Count", "3"), ("Interval", "0")]);
    let failed = server.submit(&scene.damaged, &[("Count", "1")]);
    let _ = server.wait(&failed);
    let video = scene.video.as_str();
    let calls: [(&str, &[(&str, &str)]); 10] = [
        (
            "GetJobDetail",
            &[("JobId", &failed), ("JobType", "snapshot")],
        ),
        (
            "ListJobInfo",
            &[("MediaId", &scene.damaged), ("JobType", "snapshot")],
        ),
        (
            "ListSnapshots",
            &[("VideoId", video), ("SnapshotType", "NormalSnapshot")],
        ),
        ("GetVideoInfo", &[("VideoId", video)]),
        ("GetMezzanineInfo", &[("VideoId", video)]),
        ("GetPlayInfo", &[("VideoId", video)]),
        ("GetVideoInfos", &[("VideoIds", video)]),
        ("GetVideoList", &[]),
        ("SearchMedia", &[("SearchType", "video")]),
        ("ListVodTemplate", &[("TemplateType", "Snapshot")]),
    ];
    let case = |(action, parameters): (&str, &[(&str, &str)])| {
        let schema = &document["components"]["schemas"][format!("{action}Response")];
        (
            action.to_owned(),
            schema.clone(),
            server.ok(action, parameters),
        )
    };
    let mut cases: Vec<_> = calls.into_iter().map(case).collect();
    let refused = server.call("GetVideoInfo", &[("VideoId", "nobody")]).json();
    cases.push((
        "Error".to_owned(),
        document["components"]["schemas"]["Error"].clone(),
        refused,
    ));
    validate(&cases);
}
