//! Jobs of every kind, of real videos where they are.

use crate::client::Client;
use crate::events::{Kind, expected};
use crate::frames::Frames;
use crate::{Deployed, deployment};
use artifacts::key;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// A video that is registered, and what it shows.
struct Scene {
    deployed: &'static Deployed,
    client: Client,
    video: String,
    frames: Frames,
    folder: tempfile::TempDir,
}

impl Scene {
    fn open(deployed: &'static Deployed, mode: &str, real: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = video(folder.path(), real);
        let mut client = Client::of(deployed, mode);
        let bytes = std::fs::read(&file).unwrap();
        Self {
            video: client.register(&format!("{mode}/a video.mp4"), bytes),
            deployed,
            client,
            frames: Frames::of(&file),
            folder,
        }
    }

    /// Submits, and waits for the event; the JobId.
    fn job(&mut self, parameters: &Value) -> (String, String) {
        let job = self.client.submit(&self.video, parameters);
        let event = self.deployed.subscribers.event_with(&job, PATIENCE);
        let detail = json!({"JobId": job, "JobType": "snapshot"});
        let detail = self.client.call("GetJobDetail", &detail);
        assert_eq!(detail["SnapshotJobDetail"]["Status"], "Success", "{event}");
        (job, event)
    }

    /// The pictures of the newest job, as a client gets them by the URLs that are listed.
    fn listed(&mut self, job: &str, kind: &str) -> Vec<PathBuf> {
        let asked = json!({"VideoId": self.video, "SnapshotType": kind, "PageSize": "100"});
        let answer = self.client.call("ListSnapshots", &asked);
        let found = &answer["MediaSnapshot"];
        assert_eq!(found["JobId"], job, "{kind}: {found}");
        let all = found["Snapshots"]["Snapshot"].as_array().unwrap();
        assert_eq!(found["Total"], all.len());
        let save = |(place, entry): (usize, &Value)| {
            assert_eq!(entry["Index"], place + 1);
            let url = entry["Url"].as_str().unwrap();
            let jpeg = get(&self.deployed.reachable(url)).unwrap();
            let file = self.folder.path().join(format!("{kind}-{place}.jpg"));
            std::fs::write(&file, jpeg).unwrap();
            file
        };
        all.iter().enumerate().map(save).collect()
    }

    fn check_normal(&mut self, parameters: &Value, extend: Option<&str>, times_ms: &[u64]) {
        let (job, event) = self.job(parameters);
        let kind = Kind {
            name: "NormalSnapshot",
            count: times_ms.len(),
            keys: key::picture_pattern(&self.video, &job),
        };
        let cover = key::picture(&self.video, &job, 1);
        let told = (Some(cover.as_str()), extend);
        let exact = expected(self.deployed, (&self.video, &job), told, &[kind], &event);
        assert_eq!(event, exact);
        let pictures = self.listed(&job, "NormalSnapshot");
        assert_eq!(pictures.len(), times_ms.len());
        for ((number, picture), &at_ms) in (1..).zip(&pictures).zip(times_ms) {
            self.frames.check(picture, "", at_ms);
            let object = self
                .deployed
                .object(&key::picture(&self.video, &job, number));
            assert!(object == std::fs::read(picture).unwrap(), "not what S3 has");
        }
    }

    fn check_sprite(&mut self) {
        let config = json!({
            "CellWidth": "160", "CellHeight": "90", "Columns": "2", "Lines": "2",
            "Padding": "4", "Margin": "6", "KeepCellPic": "keep", "Color": "#000000",
        });
        let parameters = json!({
            "Count": 4, "Interval": 1, "SpriteSnapshotConfig": config.to_string(),
        });
        let (job, event) = self.job(&parameters);
        let kind = Kind {
            name: "SpriteSnapshot",
            count: 1,
            keys: key::sheet_pattern(&self.video, &job),
        };
        let cover = key::sheet(&self.video, &job, 1);
        let told = (Some(cover.as_str()), None);
        let exact = expected(self.deployed, (&self.video, &job), told, &[kind], &event);
        assert_eq!(event, exact);
        let sheets = self.listed(&job, "SpriteSnapshot");
        let origins = self.listed(&job, "SpriteOriginSnapshot");
        assert_eq!((sheets.len(), origins.len()), (1, 4));
        for (cell, at_ms) in [0, 1000, 2000, 3000].into_iter().enumerate() {
            let (x, y) = (6 + (cell % 2) * 164, 6 + (cell / 2) * 94);
            self.frames
                .check(&sheets[0], &format!("160:90:{x}:{y}"), at_ms);
            self.frames.check(&origins[cell], "", at_ms);
        }
    }

    fn template(&mut self) -> String {
        let points =
            json!({"Count": 3, "Interval": 1, "SpecifiedOffsetTime": 500, "FrameType": "normal"});
        let config = json!({"SnapshotType": "NormalSnapshot", "SnapshotConfig": points});
        let template = json!({
            "Name": "three", "TemplateType": "Snapshot", "TemplateConfig": config.to_string(),
        });
        let made = self.client.call("AddVodTemplate", &template);
        made["VodTemplateId"].as_str().unwrap().to_owned()
    }

    fn check_all(&mut self) {
        let extend = r#"{"localId":"1"}"#;
        let user_data = format!(r#"{{"Extend":{extend}}}"#);
        let normal = json!({"Count": 4, "Interval": 1, "UserData": user_data});
        self.check_normal(&normal, Some(extend), &[0, 1000, 2000, 3000]);
        self.check_sprite();
        let times = json!({"SpecifiedOffsetTimes": [3200, 40, 1500, 1500]});
        self.check_normal(&times, None, &[3200, 40, 1500, 1500]);
        let template = json!({"SnapshotTemplateId": self.template()});
        self.check_normal(&template, None, &[500, 1500, 2500]);
    }
}

/// A real one where the corpus is, or one that is made.
fn video(folder: &Path, real: &str) -> PathBuf {
    if cfg!(corpus) {
        return support::corpus().join("real").join(real);
    }
    let made = folder.join("made.mp4");
    std::fs::write(&made, cloud::clips::encode(5, "640x360", 25)).unwrap();
    made
}

/// What is behind a URL, or the status that is.
pub(crate) fn get(url: &str) -> Result<Vec<u8>, u16> {
    let answer = ureq::get(url).call();
    match answer {
        Ok(mut answer) => Ok(answer.body_mut().read_to_vec().unwrap()),
        Err(ureq::Error::StatusCode(status)) => Err(status),
        Err(other) => panic!("{url}: {other}"),
    }
}

#[test]
fn jobs_of_the_newer_client_show_the_frames_they_were_asked_for() {
    let deployed = deployment!();
    let mut scene = Scene::open(deployed, "tea-v3", "bigbuckbunny.mp4");
    scene.check_all();
}

#[test]
fn jobs_of_the_older_client_show_the_frames_they_were_asked_for() {
    let deployed = deployment!();
    let real = "imageio_imageio-binaries__cockatoo.mp4";
    let mut scene = Scene::open(deployed, "legacy-get", real);
    scene.check_all();
}
