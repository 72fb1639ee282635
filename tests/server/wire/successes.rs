//! The success of every action; and of those that leave fields out, the barest.

use super::{REQUEST_ID, hold, spelled};
use contract::action::Action;
use contract::command::JobType;
use contract::openapi::CallSecurity;
use contract::response::body::{self, Body, JobFailure, JobInfo, JobProgress, JobStatus};
use contract::response::{render, success};
use contract::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};
use serde_json::Value;

/// The answers that the OpenAPI document shows are made by the code that answers.
#[test]
fn every_action_is_answered_as_it_always_was() {
    let document = contract::openapi::document("https://example.com", CallSecurity::Open);
    for action in Action::ALL {
        let operation = &document["paths"][format!("/{}", action.name())]["post"];
        let content = &operation["responses"]["200"]["content"]["application/json"];
        let mut fields = content["example"].clone();
        let id = fields.as_object_mut().unwrap().shift_remove("RequestId");
        assert_eq!(id, Some(Value::from(REQUEST_ID)), "{action:?}");
        let text = spelled(|format| render(action, fields.clone(), format, &REQUEST_ID.into()));
        hold(action.name(), &text);
    }
}

fn held<B: Body>(name: &str, body: &B) {
    hold(
        name,
        &spelled(|format| success(body, format, &REQUEST_ID.into())),
    );
}

fn job(status: JobStatus) -> JobInfo {
    JobInfo {
        job_id: "ad90a501b1b94ba6afb72374ad005046".into(),
        status,
        created_ms: 1_513_772_625_000,
        completed_ms: None,
        user_id: 1,
        failure: None,
        progress: None,
    }
}

#[test]
fn a_job_that_runs_has_no_end() {
    let spec = SnapshotSpec {
        points: PointSpec::spread(None, 1, 0),
        width: None,
        height: None,
        frame_type: FrameType::Normal,
        sprite: None,
        animation: None,
        image_format: ImageFormat::Jpeg,
    };
    let body = body::GetJobDetail {
        info: job(JobStatus::Processing),
        video_id: "d3e680e618708fef7cefbf2cae7cc931".into(),
        spec,
        trigger: body::JobTrigger::Manual,
    };
    held("GetJobDetail-running", &body);
}

#[test]
fn a_list_of_no_jobs_is_a_list() {
    let body = body::ListJobInfo {
        job_type: JobType::Snapshot,
        media_id: "d3e680e618708fef7cefbf2cae7cc931".into(),
        jobs: Vec::new(),
    };
    held("ListJobInfo-none", &body);
}

#[test]
fn a_job_that_failed_says_so_in_a_list() {
    let body = body::ListJobInfo {
        job_type: JobType::Snapshot,
        media_id: "d3e680e618708fef7cefbf2cae7cc931".into(),
        jobs: vec![
            JobInfo {
                failure: Some(JobFailure {
                    code: "InvalidParameter.ResourceContentBad".to_owned(),
                    message: "The file is damaged.".to_owned(),
                }),
                ..job(JobStatus::Fail)
            },
            JobInfo {
                progress: Some(JobProgress {
                    done: 3,
                    total: 100,
                }),
                ..job(JobStatus::Processing)
            },
        ],
    };
    held("ListJobInfo-failed", &body);
}

#[test]
fn a_page_past_the_end_is_empty() {
    let body = body::ListSnapshots {
        created_ms: 1_513_772_625_000,
        job_id: "ad90a501b1b94ba6afb72374ad005046".into(),
        regular: "https://example.com/a?b&c{SnapshotCount}.jpg".to_owned(),
        total: 3,
        snapshots: Vec::new(),
        storyboards: Vec::new(),
    };
    held("ListSnapshots-empty-page", &body);
}

#[test]
fn no_templates_are_a_list() {
    held("ListVodTemplate-none", &body::ListVodTemplate(Vec::new()));
}

#[test]
fn nothing_registered_is_a_list() {
    let body = body::RegisterMedia {
        registered: Vec::new(),
        failed_file_urls: Vec::new(),
        reasons: Vec::new(),
    };
    held("RegisterMedia-none", &body);
}

#[test]
fn a_video_nobody_said_anything_of_leaves_fields_out() {
    let body = body::GetVideoInfo {
        video: body::VideoSummary {
            video_id: "d3e680e618708fef7cefbf2cae7cc931".into(),
            title: "<数字> & \"clip\"".to_owned(),
            description: None,
            tags: None,
            cate_id: None,
            reference_id: None,
            status: "UploadSucc".to_owned(),
            duration_ms: None,
            size_bytes: 0,
            cover_url: None,
            created_ms: 0,
            modified_ms: 0,
            snapshots: Vec::new(),
        },
    };
    held("GetVideoInfo-bare", &body);
}

#[test]
fn a_file_nobody_has_looked_into_has_no_streams() {
    let body = body::GetMezzanineInfo {
        video_id: "d3e680e618708fef7cefbf2cae7cc931".into(),
        file_url: "file:///a.mp4".to_owned(),
        file_name: "a.mp4".to_owned(),
        duration_ms: None,
        size_bytes: 0,
        status: "Normal".to_owned(),
        created_ms: 0,
        stream: None,
    };
    held("GetMezzanineInfo-bare", &body);
}
