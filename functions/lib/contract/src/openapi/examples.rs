//! A call of each action, and its answers, made by the very code that makes answers.

use crate::action::Action;
use crate::animation::AnimationFormat;
use crate::command::{JobType, ScrollToken};
use crate::error::ApiError;
use crate::event::{
    DynamicImageComplete, DynamicImageOutcome, EventType, FileUploadComplete, SnapshotComplete,
    SnapshotInfo, SnapshotOutcome, UploadByUrlComplete, UploadOutcome,
};
use crate::response::body::{self, Body};
use crate::response::{Answer, Format, success as answer};
use crate::snapshot::{
    Color, FrameType, ImageFormat, PointSpec, SheetFit, SnapshotSpec, SpriteSpec,
};
use crate::storyboard::StoryboardFormat;
use crate::template_config::TemplateType;
use serde_json::{Value, json};

/// How much of what may be absent an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// Nothing.
    Least,
    /// What a reader meets mostly.
    Usual,
    /// All, also what never comes together.
    All,
}

impl Fill {
    fn usual<T>(self, value: T) -> Option<T> {
        (self != Self::Least).then_some(value)
    }

    fn rare<T>(self, value: T) -> Option<T> {
        (self == Self::All).then_some(value)
    }
}

const REQUEST_ID: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";
const VIDEO_ID: &str = "d3e680e618708fef7cefbf2cae7cc931";
const JOB_ID: &str = "ad90a501b1b94ba6afb72374ad005046";
const TEMPLATE_ID: &str = "ca3a8f6e49c87b65806709586f4c3d1b";
const FILE_URL: &str = "https://bucket.s3.us-east-1.amazonaws.com/video/demo.mp4";
const UPLOAD_URL: &str = "https://example.com/demo.mp4";
const THEN_MS: i64 = 1_513_772_625_000;

pub(super) fn success(action: Action, fill: Fill) -> Value {
    match action {
        Action::SubmitSnapshotJob => of(&body::SubmitSnapshotJob {
            job_id: JOB_ID.into(),
        }),
        Action::ListSnapshots => of(&list(fill)),
        Action::GetJobDetail => of(&job_detail(fill)),
        Action::ListJobInfo => of(&job_list(fill)),
        Action::RegisterMedia => of(&registered(fill)),
        Action::UploadMediaByURL => of(&body::UploadMediaByURL {
            jobs: vec![(JOB_ID.into(), UPLOAD_URL.to_owned())],
        }),
        Action::GetURLUploadInfos => of(&uploads(fill)),
        Action::GetVideoInfo => of(&video(fill)),
        Action::GetMezzanineInfo => of(&mezzanine(fill)),
        Action::GetPlayInfo => of(&playable(fill)),
        Action::GetVideoInfos => of(&body::GetVideoInfos {
            videos: vec![summary(fill)],
            missing_ids: vec![JOB_ID.to_owned()],
            missing_references: rare_list(fill),
        }),
        Action::GetVideoList => of(&body::GetVideoList {
            total: 1,
            videos: vec![summary(fill)],
        }),
        Action::SearchMedia => of(&body::SearchMedia {
            total: 1,
            videos: vec![summary(fill)],
            scroll_token: fill.usual(ScrollToken::after(THEN_MS, VIDEO_ID).text()),
        }),
        Action::UpdateVideoInfo => of(&body::UpdateVideoInfo),
        Action::DeleteVideo => of(&body::DeleteVideo {
            missing_ids: vec![JOB_ID.to_owned()],
            missing_references: rare_list(fill),
        }),
        Action::DeleteMezzanines => of(&body::DeleteMezzanines {
            kept_ids: vec![VIDEO_ID.to_owned()],
            missing_ids: rare_list(fill),
            missing_references: rare_list(fill),
        }),
        Action::DeleteImage => of(&body::DeleteImage),
        Action::SubmitDynamicImageJob => of(&body::SubmitDynamicImageJob {
            job_id: JOB_ID.into(),
        }),
        Action::ListDynamicImage => of(&dynamic_images()),
        Action::DeleteDynamicImage => of(&body::DeleteDynamicImage),
        Action::AddVodTemplate => of(&body::AddVodTemplate(TEMPLATE_ID.into())),
        Action::GetVodTemplate => of(&body::GetVodTemplate(template())),
        Action::ListVodTemplate => of(&body::ListVodTemplate(vec![template()])),
        Action::UpdateVodTemplate => of(&body::UpdateVodTemplate(TEMPLATE_ID.into())),
        Action::DeleteVodTemplate => of(&body::DeleteVodTemplate(TEMPLATE_ID.into())),
        Action::SetMessageCallback => of(&body::SetMessageCallback),
        Action::GetMessageCallback => of(&callback(fill)),
        Action::DeleteMessageCallback => of(&body::DeleteMessageCallback),
    }
}

pub(super) fn error() -> Value {
    value(&ApiError::video_not_found().render(Format::Json, &REQUEST_ID.into(), "example.com"))
}

/// The parameters of a call, as the schema types them.
pub(super) fn call(action: Action) -> Value {
    match action {
        Action::SubmitSnapshotJob => json!({"VideoId": VIDEO_ID, "Count": 8, "Interval": 0}),
        Action::ListSnapshots => json!({"VideoId": VIDEO_ID, "SnapshotType": "NormalSnapshot"}),
        Action::GetJobDetail => json!({"JobId": JOB_ID, "JobType": "snapshot"}),
        Action::ListJobInfo => json!({"MediaId": VIDEO_ID, "JobType": "snapshot"}),
        Action::RegisterMedia => {
            let files = json!([{"FileURL": FILE_URL, "Title": "demo"}]);
            json!({"RegisterMetadatas": files.to_string()})
        }
        Action::UploadMediaByURL => json!({"UploadURLs": UPLOAD_URL}),
        Action::GetURLUploadInfos => json!({"JobIds": JOB_ID}),
        Action::GetVideoInfo | Action::GetMezzanineInfo | Action::GetPlayInfo => {
            json!({"VideoId": VIDEO_ID})
        }
        Action::GetVideoInfos | Action::DeleteVideo | Action::DeleteMezzanines => {
            json!({"VideoIds": VIDEO_ID})
        }
        Action::GetVideoList => json!({"Status": "Normal", "PageSize": 20}),
        Action::SearchMedia => json!({"Match": "Title = 'demo'"}),
        Action::UpdateVideoInfo => json!({"VideoId": VIDEO_ID, "Title": "demo"}),
        Action::DeleteImage => {
            json!({"DeleteImageType": "VideoId", "VideoId": VIDEO_ID, "ImageType": "All"})
        }
        Action::SubmitDynamicImageJob => {
            json!({"VideoId": VIDEO_ID, "DynamicImageTemplateId": TEMPLATE_ID})
        }
        Action::ListDynamicImage => json!({"VideoId": VIDEO_ID}),
        Action::DeleteDynamicImage => json!({"VideoId": VIDEO_ID, "DynamicImageIds": JOB_ID}),
        Action::AddVodTemplate => {
            let template = template();
            json!({
                "Name": template.name,
                "TemplateConfig": template.template_config,
                "TemplateType": "Snapshot",
            })
        }
        Action::GetVodTemplate | Action::DeleteVodTemplate => {
            json!({"VodTemplateId": TEMPLATE_ID})
        }
        Action::ListVodTemplate => json!({"TemplateType": "Snapshot"}),
        Action::UpdateVodTemplate => json!({"VodTemplateId": TEMPLATE_ID, "Name": "Ten pictures"}),
        Action::SetMessageCallback => json!({"CallbackURL": "https://example.com/callback"}),
        Action::GetMessageCallback | Action::DeleteMessageCallback => {
            json!({"AppId": "app-1000000"})
        }
    }
}

fn dynamic_images() -> body::ListDynamicImage {
    let image = body::DynamicImage {
        created_ms: THEN_MS,
        job_id: JOB_ID.into(),
        url: dynamic_image(),
        format: AnimationFormat::Webp,
        fps: "10".to_owned(),
        width: 640,
        height: 360,
        duration_ms: 2000,
        bytes: 119_866,
    };
    body::ListDynamicImage {
        video_id: VIDEO_ID.into(),
        images: vec![image],
    }
}

fn dynamic_image() -> String {
    format!("https://example.com/{VIDEO_ID}/snapshots/dynamic/{JOB_ID}.webp")
}

/// An event of each type, whole; and one that has only what all of its type have.
pub(super) fn events() -> [(EventType, Value, Value); 3] {
    let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).unwrap_or_default();
    let registered = FileUploadComplete {
        event_ms: THEN_MS,
        video_id: VIDEO_ID.into(),
        size_bytes: 1_048_576,
        file_url: FILE_URL.to_owned(),
    };
    let uploaded = |outcome, extend: Option<&str>| UploadByUrlComplete {
        event_ms: THEN_MS,
        job_id: JOB_ID.into(),
        source_url: UPLOAD_URL.to_owned(),
        extend: extend.map(str::to_owned),
        outcome,
    };
    let there = UploadOutcome::Success {
        video_id: VIDEO_ID.into(),
        size_bytes: 1_048_576,
    };
    let failed = UploadOutcome::Fail {
        code: "InvalidURL.NotFound".to_owned(),
        message: "The file was not found.".to_owned(),
    };
    let registered: Value = read(registered.to_bytes());
    let mut all: Value = read(uploaded(there, Some("{}")).to_bytes());
    let failed: Value = read(uploaded(failed, None).to_bytes());
    let least = in_both(&all, &failed);
    for name in ["ErrorCode", "ErrorMessage"] {
        all[name] = failed[name].clone();
    }
    let animated = |outcome| DynamicImageComplete {
        event_ms: THEN_MS,
        video_id: VIDEO_ID.into(),
        job_id: JOB_ID.into(),
        outcome,
    };
    let made = DynamicImageOutcome::Success {
        url: dynamic_image(),
        bytes: 119_866,
        fps: "10".to_owned(),
        width: 640,
        height: 360,
    };
    let not_made = DynamicImageOutcome::Fail {
        code: "InvalidParameter.DynamicImage".to_owned(),
        message: "The animated image would have 900 frames; the limit is 600.".to_owned(),
    };
    let mut image: Value = read(animated(made).to_bytes());
    let not_made: Value = read(animated(not_made).to_bytes());
    let least_image = in_both(&image, &not_made);
    for name in ["ErrorCode", "ErrorMessage"] {
        image[name] = not_made[name].clone();
    }
    [
        (DynamicImageComplete::TYPE, image, least_image),
        (FileUploadComplete::TYPE, registered.clone(), registered),
        (UploadByUrlComplete::TYPE, all, least),
    ]
}

fn in_both(all: &Value, other: &Value) -> Value {
    let fields = all.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, _)| other.get(name.as_str()).is_some());
    Value::Object(
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// A job of both kinds of pictures has one event.
pub(super) fn snapshot_complete() -> Value {
    let info = SnapshotInfo {
        snapshot_type: "NormalSnapshot".to_owned(),
        count: 8,
        format: format!("{VIDEO_ID}/snapshots/{JOB_ID}-{{SnapshotCount}}.jpg"),
        regular: picture("{SnapshotCount}"),
        storyboards: Vec::new(),
    };
    let event = SnapshotComplete {
        event_ms: THEN_MS,
        video_id: VIDEO_ID.into(),
        job_id: JOB_ID.into(),
        extend: Some("{}".to_owned()),
        outcome: SnapshotOutcome::Success {
            cover_url: Some(picture("00001")),
            infos: vec![info],
        },
    };
    serde_json::from_slice(&event.to_bytes()).unwrap_or_default()
}

fn of<B: Body>(body: &B) -> Value {
    value(&answer(body, Format::Json, &REQUEST_ID.into()))
}

fn value(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn rare_list(fill: Fill) -> Vec<String> {
    fill.rare(JOB_ID.to_owned()).into_iter().collect()
}

fn picture(name: &str) -> String {
    format!("https://example.com/{VIDEO_ID}/snapshots/{JOB_ID}-{name}.jpg")
}

fn list(fill: Fill) -> body::ListSnapshots {
    let storyboard = body::StoryboardFile {
        format: StoryboardFormat::Jellyfin,
        url: picture("00001"),
        sheet: fill.rare(1),
        name: fill.rare(format!("{JOB_ID}.trickplay/320 - 10x10/0.jpg")),
    };
    body::ListSnapshots {
        created_ms: THEN_MS,
        job_id: JOB_ID.into(),
        regular: picture("{SnapshotCount}"),
        total: 1,
        snapshots: vec![(1, picture("00001"))],
        storyboards: fill.rare(storyboard).into_iter().collect(),
    }
}

fn job(fill: Fill) -> body::JobInfo {
    body::JobInfo {
        job_id: JOB_ID.into(),
        status: body::JobStatus::Success,
        created_ms: THEN_MS,
        completed_ms: fill.usual(THEN_MS + 2000),
        user_id: 1,
        failure: fill.rare(body::JobFailure {
            code: "InvalidParameter.ResourceContentBad".to_owned(),
            message: "The resource operated \"InvalidMedia\" is bad/broken.".to_owned(),
        }),
        progress: fill.usual(body::JobProgress {
            done: 32,
            total: 32,
        }),
    }
}

fn job_detail(fill: Fill) -> body::GetJobDetail {
    let sprite = SpriteSpec {
        cell_width: Some(120),
        cell_height: Some(68),
        padding: 0,
        margin: 0,
        columns: 10,
        lines: 10,
        color: Color::Rgb([0, 0, 0]),
        keep_cell_pic: true,
        outputs: Vec::new(),
        fit: SheetFit::default(),
    };
    let spec = SnapshotSpec {
        points: PointSpec::spread(Some(32), 0, 5),
        width: Some(352),
        height: Some(640),
        frame_type: FrameType::Normal,
        sprite: fill.usual(sprite),
        animation: None,
        image_format: ImageFormat::Jpeg,
    };
    body::GetJobDetail {
        info: job(fill),
        video_id: VIDEO_ID.into(),
        spec,
        trigger: body::JobTrigger::Manual,
    }
}

fn job_list(fill: Fill) -> body::ListJobInfo {
    body::ListJobInfo {
        job_type: JobType::Snapshot,
        media_id: VIDEO_ID.into(),
        jobs: vec![job(fill)],
    }
}

fn registered(fill: Fill) -> body::RegisterMedia {
    let media = body::RegisteredMedia {
        file_url: FILE_URL.to_owned(),
        media_id: VIDEO_ID.into(),
        new_register: true,
    };
    body::RegisterMedia {
        registered: vec![media],
        failed_file_urls: vec![FILE_URL.replace("demo", "absent")],
        reasons: fill
            .usual("The file does not exist or may not be read.".to_owned())
            .into_iter()
            .collect(),
    }
}

fn uploads(fill: Fill) -> body::GetURLUploadInfos {
    let info = body::UploadInfo {
        job_id: JOB_ID.into(),
        upload_url: UPLOAD_URL.to_owned(),
        status: body::UploadStatus::Success,
        media_id: fill.usual(VIDEO_ID.into()),
        size_bytes: fill.usual(1_048_576),
        created_ms: THEN_MS,
        completed_ms: fill.usual(THEN_MS + 2000),
        error: fill.rare((
            "InvalidURL.NotFound".to_owned(),
            "The file was not found.".to_owned(),
        )),
        user_data: fill.rare("{}".to_owned()),
    };
    body::GetURLUploadInfos {
        infos: vec![info],
        non_exists: rare_list(fill),
    }
}

fn video(fill: Fill) -> body::GetVideoInfo {
    body::GetVideoInfo {
        video: summary(fill),
    }
}

fn summary(fill: Fill) -> body::VideoSummary {
    body::VideoSummary {
        video_id: VIDEO_ID.into(),
        title: "demo".to_owned(),
        description: fill.usual("A demonstration".to_owned()),
        tags: fill.usual("a,b".to_owned()),
        cate_id: fill.usual(1),
        reference_id: fill.usual("my-video-1".to_owned()),
        status: "Normal".to_owned(),
        duration_ms: fill.usual(10_500),
        size_bytes: 1_048_576,
        cover_url: fill.usual(picture("00001")),
        created_ms: THEN_MS,
        modified_ms: THEN_MS,
        snapshots: vec![picture("00001")],
    }
}

fn mezzanine(fill: Fill) -> body::GetMezzanineInfo {
    let codec = "h264".to_owned();
    body::GetMezzanineInfo {
        video_id: VIDEO_ID.into(),
        file_url: FILE_URL.to_owned(),
        file_name: "demo.mp4".to_owned(),
        duration_ms: fill.usual(10_500),
        size_bytes: 1_048_576,
        status: "Normal".to_owned(),
        created_ms: THEN_MS,
        stream: fill.usual(body::VideoStream {
            codec,
            width: 1280,
            height: 720,
            frame_rate: 25.0,
        }),
    }
}

fn playable(fill: Fill) -> body::GetPlayInfo {
    let (video, mezzanine) = (summary(fill), mezzanine(fill));
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
        template_type: TemplateType::Snapshot,
        template_config: config.to_owned(),
        created_ms: THEN_MS,
        modified_ms: THEN_MS,
        app_id: "app-1000000".to_owned(),
    }
}

fn callback(fill: Fill) -> body::GetMessageCallback {
    body::GetMessageCallback {
        app_id: "app-1000000".to_owned(),
        callback_type: crate::command::CallbackType::Http,
        callback_url: fill.usual("https://example.com/callback".to_owned()),
        event_types: vec!["SnapshotComplete".to_owned()],
        auth_switch: false,
        auth_key: fill.rare("Key0123456789abcdef".to_owned()),
        mns_endpoint: fill.rare("https://1.mns.cn-shanghai.aliyuncs.com".to_owned()),
        mns_queue_name: fill.rare("queue".to_owned()),
    }
}
