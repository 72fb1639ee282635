//! What the last release wrote into tables and queues is understood for ever. The texts are its
//! own and are never changed.

use super::{CallbackSettings, Completion, Job, JobResult, JobState, Message, SnapshotType, Video};
use crate::pictures::Checkpoint;
use crate::pictures::keys::PictureKeys;
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|cause| panic!("{cause}: {text}"))
}

#[test]
fn messages() {
    let snapshot = r#"{"Snapshot":{"job_id":"a49d","request_id":"572D0966"}}"#;
    assert!(matches!(read(snapshot), Message::Snapshot { job_id, .. } if job_id == "a49d"));
    let probe = r#"{"Probe":{"video_id":"2897"}}"#;
    assert!(matches!(read(probe), Message::Probe { video_id, .. } if video_id == "2897"));
    let arrival = r#"{"Arrival":{"file_url":"s3://b/a.mp4","title":"a.mp4","tag":"1"}}"#;
    assert!(matches!(read(arrival), Message::ObjectCreated { tag, .. } if tag == "1"));
    let pictures = r#"{"DeletePictures":{"video_id":"2897","image_type":{"Only":"NormalSnapshot"},"until_ms":1}}"#;
    assert!(matches!(
        read(pictures),
        Message::DeletePictures {
            until_ms: 1,
            after: None,
            ..
        }
    ));
    let video = r#"{"DeleteVideo":{"video_id":"2897"}}"#;
    assert!(matches!(read(video), Message::DeleteVideo { video_id, .. } if video_id == "2897"));
}

#[test]
fn a_job_in_each_of_its_states() {
    let job = |state: &str| -> Job {
        let spec = r#"{"points":{"Every":{"interval_s":1,"count":2,"offset_ms":0}},
            "width":160,"height":null,"frame_type":"Normal","sprite":null}"#;
        read(&format!(
            r#"{{"id":"fb4c","video_id":"f592","request_id":"F42E","spec":{spec},
            "kind":"NormalSnapshot","extend":null,"callback_url":null,
            "created_ms":1700000000225,"state":{state},"event_published":false}}"#
        ))
    };
    assert_eq!(job(r#""Queued""#).state, JobState::Queued);
    // It knew JPEG alone.
    let pattern = PictureKeys::from(&job(r#""Queued""#)).pattern(SnapshotType::NormalSnapshot);
    assert_eq!(pattern, "f592/snapshots/fb4c-{SnapshotCount}.jpg");
    assert_eq!(job(r#""Processing""#).state, JobState::Processing);
    let completion = r#"{"at_ms":1700000000728,"event_id":"SnapshotComplete-fb4c",
        "result":{"Success":{"pictures":2,"sheets":0,"keeps_pictures":true}}}"#;
    let ended = job(&format!(r#"{{"Completed":{completion}}}"#)).state;
    assert_eq!(ended, JobState::Completed(read(completion)));
    let JobState::Completed(Completion {
        result: JobResult::Success { grid, .. },
        ..
    }) = job(&format!(r#"{{"Completed":{completion}}}"#)).state
    else {
        panic!("{completion}");
    };
    assert_eq!(grid, None);
    let failed: Completion = read(
        r#"{"at_ms":1,"event_id":"SnapshotComplete-fb4c",
        "result":{"Fail":{"code":"InternalError","message":"x"}}}"#,
    );
    assert!(matches!(failed.result, JobResult::Fail { .. }));
}

#[test]
fn a_sprite_and_exact_times() {
    let spec: contract::snapshot::SnapshotSpec = read(
        r#"{"points":{"At":{"times_ms":[0,1500]}},"width":320,"height":null,"frame_type":"Intra",
        "sprite":{"cell_width":120,"cell_height":null,"padding":1,"margin":2,"columns":3,
        "lines":4,"color":{"Rgb":[1,2,3]},"keep_cell_pic":true}}"#,
    );
    assert!(spec.sprite.is_some_and(|sprite| sprite.outputs.is_empty()));
    let urls: super::EventUrls = read(r#"{"cover":"http://h/1.jpg","regular":"http://h/{N}.jpg"}"#);
    assert!(urls.storyboards.is_empty());
}

#[test]
fn a_video_and_the_callbacks() {
    let video: Video = read(
        r#"{"id":"f592","file_url":"s3://b/a.mp4","title":"a","description":null,"tags":null,
        "cate_id":null,"reference_id":null,"user_data":null,"cover_url":null,
        "status":"UploadSucc","created_ms":1,"modified_ms":1,"size_bytes":52764,
        "facts":{"duration_ms":10000,"width":640,"height":360,"frame_rate":24.999999999999996,
        "codec":"h264","size_bytes":52764}}"#,
    );
    assert_eq!(video.facts.map(|facts| facts.width), Some(640));
    let _: CallbackSettings = read(
        r#"{"app_id":"app-1000000","callback_type":"HTTP","callback_url":"http://h/",
        "event_types":["ALL"],"auth_key":null,"auth_switch":false,"mns_endpoint":null,
        "mns_queue_name":null}"#,
    );
}

#[test]
fn what_is_done_of_a_job_in_hand() {
    let progress: Checkpoint = read(
        r#"{"source":"etag","facts":null,"relists":1,"damaged":[3],"pictures":{"0":{"Index":1,
        "RequestedMs":0,"PresentationMs":0.0,"Key":"v/snapshots/j-00001.jpg","Width":160,
        "Height":90,"Bytes":4}},"sheets":[],"written":["v/snapshots/j-00001.jpg"],
        "usage":{"GbSeconds":0.0,"Reads":0,"Writes":0,"BytesRead":0,"BytesWritten":0}}"#,
    );
    assert!(progress.is_ahead_of(&Checkpoint::default()));
}
