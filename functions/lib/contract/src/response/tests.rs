use super::*;
use crate::command::JobType;
use crate::snapshot::{
    Color, FrameType, ImageFormat, PointSpec, SheetFit, SnapshotSpec, SpriteSpec,
};

const REQUEST_ID: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";

fn json<B: Body>(body: &B) -> String {
    let answer = success(body, Format::Json, &REQUEST_ID.into());
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.headers,
        [
            (
                "content-type".to_owned(),
                "application/json;charset=utf-8".to_owned()
            ),
            ("x-acs-request-id".to_owned(), REQUEST_ID.to_owned()),
        ]
    );
    let text = String::from_utf8(answer.body).unwrap();
    let rest = text.strip_prefix(&format!("{{\"RequestId\":\"{REQUEST_ID}\""));
    rest.unwrap().trim_start_matches(',').to_owned()
}

fn xml<B: Body>(body: &B) -> String {
    let answer = success(body, Format::Xml, &REQUEST_ID.into());
    assert_eq!(answer.headers[0].1, "text/xml;charset=utf-8");
    String::from_utf8(answer.body).unwrap()
}

fn job_info() -> body::JobInfo {
    body::JobInfo {
        job_id: "j".into(),
        status: body::JobStatus::Success,
        created_ms: 0,
        completed_ms: Some(1000),
        user_id: 7,
        failure: None,
        progress: None,
    }
}

#[test]
fn a_submitted_job_is_answered_as_documented() {
    let body = body::SubmitSnapshotJob {
        job_id: "ad90a501b1b94ba6afb72374ad005046".into(),
    };
    assert_eq!(
        json(&body),
        r#""SnapshotJob":{"JobId":"ad90a501b1b94ba6afb72374ad005046"}}"#
    );
    assert_eq!(
        xml(&body),
        "<?xml version='1.0' encoding='UTF-8'?><SubmitSnapshotJobResponse>\
         <RequestId>25818875-5F78-4A13-BEF6-D7393642CA58</RequestId>\
         <SnapshotJob><JobId>ad90a501b1b94ba6afb72374ad005046</JobId></SnapshotJob>\
         </SubmitSnapshotJobResponse>"
    );
}

#[test]
fn listed_snapshots_are_an_object_with_an_array() {
    let body = body::ListSnapshots {
        created_ms: 1_513_772_625_000,
        job_id: "j".into(),
        regular: "http://image.com/snapshot/sample{SnapshotCount}.jpg".to_owned(),
        total: 100,
        snapshots: vec![
            (1, "http://image.com/a?x=1&y=2".to_owned()),
            (2, "b".to_owned()),
        ],
        storyboards: Vec::new(),
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""MediaSnapshot":{"CreationTime":"2017-12-20T12:23:45Z","JobId":"j","#,
            r#""Regular":"http://image.com/snapshot/sample{SnapshotCount}.jpg","Total":100,"#,
            r#""Snapshots":{"Snapshot":[{"Index":1,"Url":"http://image.com/a?x=1&y=2"},"#,
            r#"{"Index":2,"Url":"b"}]}}}"#
        )
    );
    assert!(xml(&body).contains(
        "<Snapshots><Snapshot><Index>1</Index><Url>http://image.com/a?x=1&amp;y=2</Url></Snapshot>\
         <Snapshot><Index>2</Index><Url>b</Url></Snapshot></Snapshots>"
    ));
}

#[test]
fn a_job_in_detail_has_its_config_in_short_names() {
    let sprite = SpriteSpec {
        cell_width: None,
        cell_height: Some(68),
        padding: 0,
        margin: 0,
        columns: 10,
        lines: 10,
        color: Color::Rgb([255, 99, 71]),
        keep_cell_pic: false,
        outputs: Vec::new(),
        fit: SheetFit::default(),
    };
    let body = body::GetJobDetail {
        info: job_info(),
        video_id: "v".into(),
        spec: SnapshotSpec {
            points: PointSpec::Evenly {
                count: 32,
                offset_ms: 5,
            },
            width: Some(352),
            height: Some(640),
            frame_type: FrameType::Normal,
            sprite: Some(sprite),
            animation: None,
            image_format: ImageFormat::Jpeg,
        },
        trigger: body::JobTrigger::Manual,
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""JobType":"snapshot","SnapshotJobDetail":{"JobId":"j","VideoId":"v","UserId":7,"#,
            r#""Status":"Success","Trigger":"Manual","CreateTime":"1970-01-01T00:00:00Z","#,
            r#""CompleteTime":"1970-01-01T00:00:01Z","#,
            r#""NormalConfig":"{\"inl\":0,\"num\":32,\"tm\":5,\"wd\":\"352\",\"ft\":\"normal\",\"hg\":\"640\"}","#,
            r##""SpriteConfig":"{\"pad\":\"0\",\"lines\":\"10\",\"mgin\":\"0\",\"cols\":\"10\",\"ikcp\":\"false\",\"color\":\"#FF6347\",\"hg\":\"68\"}"}}"##
        )
    );
}

#[test]
fn listed_jobs_that_run_have_no_end() {
    let running = body::JobInfo {
        status: body::JobStatus::Processing,
        completed_ms: None,
        ..job_info()
    };
    let body = body::ListJobInfo {
        job_type: JobType::Snapshot,
        media_id: "v".into(),
        jobs: vec![running],
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""JobType":"snapshot","MediaId":"v","JobInfoList":[{"JobId":"j","#,
            r#""Status":"Processing","CreateTime":"1970-01-01T00:00:00Z","UserId":7}]}"#
        )
    );
}

#[test]
fn registered_media_are_listed_with_the_failed_ones() {
    let media = body::RegisteredMedia {
        file_url: "s3://b/a.mp4".to_owned(),
        media_id: "v".into(),
        new_register: false,
    };
    let mut body = body::RegisterMedia {
        registered: vec![media],
        failed_file_urls: vec![],
        reasons: vec![],
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""RegisteredMediaList":[{"FileURL":"s3://b/a.mp4","MediaId":"v","#,
            r#""NewRegister":false}],"FailedFileURLs":[]}"#
        )
    );
    body.failed_file_urls.push("s3://b/b.mp4".to_owned());
    body.reasons.push("It is not there.".to_owned());
    let failed = r#""FailedFileURLs":["s3://b/b.mp4"],"Reasons":["It is not there."]}"#;
    assert!(json(&body).ends_with(failed), "{}", json(&body));
}

/// System covers were told as if a call had asked for them.
#[test]
fn a_job_of_the_service_itself_is_triggered_by_hand() {
    let body = body::GetJobDetail {
        info: job_info(),
        video_id: "v".into(),
        spec: SnapshotSpec {
            points: PointSpec::Evenly {
                count: 8,
                offset_ms: 5,
            },
            width: None,
            height: None,
            frame_type: FrameType::Intra,
            sprite: None,
            animation: None,
            image_format: ImageFormat::Jpeg,
        },
        trigger: body::JobTrigger::Auto,
    };
    let json = json(&body);
    assert!(json.contains(r#""Trigger":"Auto""#), "{json}");
}

fn video() -> body::GetVideoInfo {
    body::GetVideoInfo {
        video: body::VideoSummary {
            video_id: "v".into(),
            title: "t\u{1}".to_owned(),
            description: None,
            tags: None,
            cate_id: None,
            reference_id: None,
            status: "Normal".to_owned(),
            duration_ms: Some(12_000),
            size_bytes: 5_000_000_000,
            cover_url: Some("http://h/c.jpg".to_owned()),
            created_ms: 0,
            modified_ms: 1000,
            snapshots: vec!["http://h/1.jpg".to_owned()],
        },
    }
}

#[test]
fn a_video_has_a_float_duration_and_a_long_size() {
    assert_eq!(
        json(&video()),
        concat!(
            r#""Video":{"VideoId":"v","Title":"t\u0001","Status":"Normal","Duration":12.0,"#,
            r#""Size":5000000000,"CoverURL":"http://h/c.jpg","#,
            r#""CreationTime":"1970-01-01T00:00:00Z","ModificationTime":"1970-01-01T00:00:01Z","#,
            r#""Snapshots":{"Snapshot":["http://h/1.jpg"]}}}"#
        )
    );
    let text = xml(&video());
    assert!(text.contains("<Title>t\u{fffd}</Title>"));
    assert!(text.contains("<Snapshots><Snapshot>http://h/1.jpg</Snapshot></Snapshots>"));
}

#[test]
fn the_source_file_has_its_numbers_as_documented() {
    let stream = body::VideoStream {
        codec: "h264".to_owned(),
        width: 640,
        height: 360,
        frame_rate: 29.97,
    };
    let body = body::GetMezzanineInfo {
        video_id: "v".into(),
        file_url: "s3://b/a.mp4".to_owned(),
        file_name: "a.mp4".to_owned(),
        duration_ms: Some(2500),
        size_bytes: 250_000,
        status: "Normal".to_owned(),
        created_ms: 0,
        stream: Some(stream),
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""Mezzanine":{"VideoId":"v","FileURL":"s3://b/a.mp4","FileName":"a.mp4","#,
            r#""Duration":"2.5","Bitrate":"800","Fps":"29.97","Width":640,"Height":360,"#,
            r#""Size":250000,"Status":"Normal","CreationTime":"1970-01-01T00:00:00Z","#,
            r#""VideoStreamList":[{"CodecName":"h264","Width":"640","Height":"360","Fps":"29.97"}],"#,
            r#""AudioStreamList":[]}}"#
        )
    );
}

#[test]
fn templates_are_given_alone_or_as_a_bare_array() {
    let template = body::TemplateInfo {
        name: "n".to_owned(),
        vod_template_id: "t".into(),
        template_type: crate::template_config::TemplateType::Snapshot,
        template_config: "{}".to_owned(),
        created_ms: 0,
        modified_ms: 0,
        app_id: "app-1000000".to_owned(),
    };
    let fields = concat!(
        r#"{"Name":"n","VodTemplateId":"t","TemplateType":"Snapshot","TemplateConfig":"{}","#,
        r#""IsDefault":"NotDefault","CreationTime":"1970-01-01T00:00:00Z","#,
        r#""ModifyTime":"1970-01-01T00:00:00Z","AppId":"app-1000000"}"#
    );
    let one = body::GetVodTemplate(template.clone());
    assert_eq!(json(&one), format!("\"VodTemplateInfo\":{fields}}}"));
    let list = body::ListVodTemplate(vec![template.clone(), template]);
    assert_eq!(
        json(&list),
        format!("\"VodTemplateInfoList\":[{fields},{fields}]}}")
    );
    assert_eq!(xml(&list).matches("<VodTemplateInfo><Name>").count(), 2);
    assert_eq!(
        json(&body::AddVodTemplate("t".into())),
        r#""VodTemplateId":"t"}"#
    );
}

#[test]
fn what_says_nothing_more_is_a_request_id() {
    assert_eq!(json(&body::DeleteImage), "}");
    assert_eq!(json(&body::SetMessageCallback), "}");
    assert_eq!(json(&body::DeleteMessageCallback), "}");
}

#[test]
fn callback_settings_come_back_as_set() {
    let body = body::GetMessageCallback {
        app_id: "app-1000000".to_owned(),
        callback_type: crate::command::CallbackType::Http,
        callback_url: Some("https://a".to_owned()),
        event_types: vec!["A".to_owned(), "B".to_owned()],
        auth_switch: true,
        auth_key: Some("aB3".to_owned()),
        mns_endpoint: None,
        mns_queue_name: None,
    };
    assert_eq!(
        json(&body),
        concat!(
            r#""MessageCallback":{"AppId":"app-1000000","CallbackType":"HTTP","#,
            r#""CallbackURL":"https://a","EventTypeList":"A,B","AuthSwitch":"on","#,
            r#""AuthKey":"aB3"}}"#
        )
    );
    assert!(!format!("{body:?}").contains("aB3"));
}

#[test]
fn a_success_never_has_a_code() {
    let fields = serde_json::json!({"Code": "200", "A": 1});
    let answer = render(Action::GetVideoInfo, fields, Format::Json, &"r".into());
    assert_eq!(answer.body, br#"{"RequestId":"r","A":1}"#);
}
