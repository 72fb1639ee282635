//! An answer of each action, made by the very code that makes answers.

use crate::action::Action;
use crate::command::{JobType, ScrollToken};
use crate::error::ApiError;
use crate::response::body::{self, Body};
use crate::response::{Answer, Format, success as answer};
use crate::snapshot::{Color, FrameType, PointSpec, SnapshotSpec, SpriteSpec};
use serde_json::Value;

const REQUEST_ID: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";
const VIDEO_ID: &str = "d3e680e618708fef7cefbf2cae7cc931";
const JOB_ID: &str = "ad90a501b1b94ba6afb72374ad005046";
const TEMPLATE_ID: &str = "ca3a8f6e49c87b65806709586f4c3d1b";
const FILE_URL: &str = "https://bucket.s3.us-east-1.amazonaws.com/video/demo.mp4";
const UPLOAD_URL: &str = "https://example.com/demo.mp4";
const THEN_MS: i64 = 1_513_772_625_000;

pub(super) fn success(action: Action) -> Value {
    match action {
        Action::SubmitSnapshotJob => of(&body::SubmitSnapshotJob {
            job_id: JOB_ID.into(),
        }),
        Action::ListSnapshots => of(&list()),
        Action::GetJobDetail => of(&job_detail()),
        Action::ListJobInfo => of(&job_list()),
        Action::RegisterMedia => of(&registered()),
        Action::UploadMediaByURL => of(&body::UploadMediaByURL {
            jobs: vec![(JOB_ID.into(), UPLOAD_URL.to_owned())],
        }),
        Action::GetURLUploadInfos => of(&uploads()),
        Action::GetVideoInfo => of(&video()),
        Action::GetMezzanineInfo => of(&mezzanine()),
        Action::GetPlayInfo => of(&playable()),
        Action::GetVideoInfos => of(&body::GetVideoInfos {
            videos: vec![summary()],
            missing_ids: vec![JOB_ID.to_owned()],
            missing_references: Vec::new(),
        }),
        Action::GetVideoList => of(&body::GetVideoList {
            total: 1,
            videos: vec![summary()],
        }),
        Action::SearchMedia => of(&body::SearchMedia {
            total: 1,
            videos: vec![summary()],
            scroll_token: Some(ScrollToken::after(THEN_MS, VIDEO_ID).text()),
        }),
        Action::UpdateVideoInfo => of(&body::UpdateVideoInfo),
        Action::DeleteVideo => of(&body::DeleteVideo {
            missing_ids: vec![JOB_ID.to_owned()],
            missing_references: Vec::new(),
        }),
        Action::DeleteMezzanines => of(&body::DeleteMezzanines {
            kept_ids: vec![VIDEO_ID.to_owned()],
            ..body::DeleteMezzanines::default()
        }),
        Action::DeleteImage => of(&body::DeleteImage),
        Action::AddVodTemplate => of(&body::AddVodTemplate(TEMPLATE_ID.into())),
        Action::GetVodTemplate => of(&body::GetVodTemplate(template())),
        Action::ListVodTemplate => of(&body::ListVodTemplate(vec![template()])),
        Action::UpdateVodTemplate => of(&body::UpdateVodTemplate(TEMPLATE_ID.into())),
        Action::DeleteVodTemplate => of(&body::DeleteVodTemplate(TEMPLATE_ID.into())),
        Action::SetMessageCallback => of(&body::SetMessageCallback),
        Action::GetMessageCallback => of(&callback()),
        Action::DeleteMessageCallback => of(&body::DeleteMessageCallback),
    }
}

pub(super) fn error() -> Value {
    value(&ApiError::video_not_found().render(Format::Json, &REQUEST_ID.into(), "example.com"))
}

fn of<B: Body>(body: &B) -> Value {
    value(&answer(body, Format::Json, &REQUEST_ID.into()))
}

fn value(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn picture(name: &str) -> String {
    format!("https://example.com/{VIDEO_ID}/snapshots/{JOB_ID}-{name}.jpg")
}

fn list() -> body::ListSnapshots {
    body::ListSnapshots {
        created_ms: THEN_MS,
        job_id: JOB_ID.into(),
        regular: picture("{SnapshotCount}"),
        total: 1,
        snapshots: vec![(1, picture("00001"))],
    }
}

fn job() -> body::JobInfo {
    body::JobInfo {
        job_id: JOB_ID.into(),
        status: body::JobStatus::Success,
        created_ms: THEN_MS,
        completed_ms: Some(THEN_MS + 2000),
        user_id: 1,
        failure: None,
        progress: Some(body::JobProgress {
            done: 32,
            total: 32,
        }),
    }
}

fn job_detail() -> body::GetJobDetail {
    let sprite = SpriteSpec {
        cell_width: Some(120),
        cell_height: Some(68),
        padding: 0,
        margin: 0,
        columns: 10,
        lines: 10,
        color: Color::Rgb([0, 0, 0]),
        keep_cell_pic: true,
    };
    let spec = SnapshotSpec {
        points: PointSpec::spread(Some(32), 0, 5),
        width: Some(352),
        height: Some(640),
        frame_type: FrameType::Normal,
        sprite: Some(sprite),
    };
    body::GetJobDetail {
        info: job(),
        video_id: VIDEO_ID.into(),
        spec,
        trigger: body::JobTrigger::Manual,
    }
}

fn job_list() -> body::ListJobInfo {
    body::ListJobInfo {
        job_type: JobType::Snapshot,
        media_id: VIDEO_ID.into(),
        jobs: vec![job()],
    }
}

fn registered() -> body::RegisterMedia {
    let media = body::RegisteredMedia {
        file_url: FILE_URL.to_owned(),
        media_id: VIDEO_ID.into(),
        new_register: true,
    };
    body::RegisterMedia {
        registered: vec![media],
        failed_file_urls: vec![FILE_URL.replace("demo", "absent")],
        reasons: vec!["The file does not exist or may not be read.".to_owned()],
    }
}

fn uploads() -> body::GetURLUploadInfos {
    let info = body::UploadInfo {
        job_id: JOB_ID.into(),
        upload_url: UPLOAD_URL.to_owned(),
        status: body::UploadStatus::Success,
        media_id: Some(VIDEO_ID.into()),
        size_bytes: Some(1_048_576),
        created_ms: THEN_MS,
        completed_ms: Some(THEN_MS + 2000),
        error: None,
        user_data: None,
    };
    body::GetURLUploadInfos {
        infos: vec![info],
        non_exists: Vec::new(),
    }
}

fn video() -> body::GetVideoInfo {
    body::GetVideoInfo { video: summary() }
}

fn summary() -> body::VideoSummary {
    body::VideoSummary {
        video_id: VIDEO_ID.into(),
        title: "demo".to_owned(),
        description: Some("A demonstration".to_owned()),
        tags: Some("a,b".to_owned()),
        cate_id: Some(1),
        reference_id: Some("my-video-1".to_owned()),
        status: "Normal".to_owned(),
        duration_ms: Some(10_500),
        size_bytes: 1_048_576,
        cover_url: Some(picture("00001")),
        created_ms: THEN_MS,
        modified_ms: THEN_MS,
        snapshots: vec![picture("00001")],
    }
}

fn mezzanine() -> body::GetMezzanineInfo {
    let codec = "h264".to_owned();
    body::GetMezzanineInfo {
        video_id: VIDEO_ID.into(),
        file_url: FILE_URL.to_owned(),
        file_name: "demo.mp4".to_owned(),
        duration_ms: Some(10_500),
        size_bytes: 1_048_576,
        status: "Normal".to_owned(),
        created_ms: THEN_MS,
        stream: Some(body::VideoStream {
            codec,
            width: 1280,
            height: 720,
            frame_rate: 25.0,
        }),
    }
}

fn playable() -> body::GetPlayInfo {
    let (video, mezzanine) = (summary(), mezzanine());
    body::GetPlayInfo {
        video_id: video.video_id,
        title: video.title,
        status: video.status,
        cover_url: video.cover_url,
        duration_ms: video.duration_ms,
        size_bytes: video.size_bytes,
        format: "mp4".to_owned(),
        stream: mezzanine.stream,
        play_url: format!(
            "https://example.com/play/{VIDEO_ID}.mp4?Expires=1513776225&Signature=9f86d081"
        ),
        created_ms: video.created_ms,
        modified_ms: video.modified_ms,
    }
}

fn template() -> body::TemplateInfo {
    let config = r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":10,"Interval":1}}"#;
    body::TemplateInfo {
        name: "Ten pictures".to_owned(),
        vod_template_id: TEMPLATE_ID.into(),
        template_config: config.to_owned(),
        created_ms: THEN_MS,
        modified_ms: THEN_MS,
        app_id: "app-1000000".to_owned(),
    }
}

fn callback() -> body::GetMessageCallback {
    body::GetMessageCallback {
        app_id: "app-1000000".to_owned(),
        callback_type: crate::command::CallbackType::Http,
        callback_url: Some("https://example.com/callback".to_owned()),
        event_types: vec!["SnapshotComplete".to_owned()],
        auth_switch: false,
        auth_key: None,
        mns_endpoint: None,
        mns_queue_name: None,
    }
}
