//! The event of a finished job, byte by byte, as ApsaraVideo VOD documents SnapshotComplete.

use crate::Deployed;
use serde_json::{Value, json};

/// Pictures of one kind: their count, and their keys with a placeholder for the number.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) count: usize,
    pub(crate) keys: String,
}

/// The bytes that all subscribers get, at the time that `heard` tells.
pub(crate) fn expected(
    deployed: &Deployed,
    (video, job): (&str, &str),
    (cover, extend): (Option<&str>, Option<&str>),
    kinds: &[Kind],
    heard: &str,
) -> String {
    let heard: Value = serde_json::from_str(heard).unwrap();
    let time = heard["EventTime"].as_str().unwrap();
    assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
    let base = deployed.api_url();
    let mut event = json!({
        "EventTime": time, "EventType": "SnapshotComplete", "SubType": "SpecifiedTime",
        "VideoId": video, "Status": "success",
    });
    if let Some(key) = cover {
        event["CoverUrl"] = format!("{base}/{key}").into();
    }
    if let Some(extend) = extend {
        event["Extend"] = extend.into();
    }
    let info = |kind: &Kind| {
        json!({
            "Status": "success", "SnapshotType": kind.name, "SnapshotCount": kind.count,
            "SnapshotFormat": kind.keys, "SnapshotRegular": format!("{base}/{}", kind.keys),
            "JobId": job,
        })
    };
    event["SnapshotInfos"] = kinds.iter().map(info).collect();
    event.to_string()
}
