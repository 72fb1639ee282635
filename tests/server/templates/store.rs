use crate::templates::{add, bench, clip, list, not_there, refusal, run};
use support::number;

const NORMAL: &str = r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":3,"SpecifiedOffsetTime":1000,"Interval":2,"FrameType":"normal","Width":320}}"#;
const INTRA: &str = r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":2,"SpecifiedOffsetTime":2900,"Interval":2,"FrameType":"intra"}}"#;
const SPRITE: &str = r#"{"SnapshotConfig":{"Count":5,"Interval":1,"SpecifiedOffsetTime":0,"FrameType":"normal","SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Columns":2,"Lines":2,"Padding":10,"Margin":20,"KeepCellPic":"keep","Color":"tomato"}},"SnapshotType":"SpriteSnapshot"}"#;

#[test]
fn a_template_is_added_given_listed_changed_and_deleted() {
    let bench = bench();
    let server = &bench.server;
    let first = add(server, NORMAL);
    let second = add(server, SPRITE);
    let answer = server.call("GetVodTemplate", &[("VodTemplateId", &first)]);
    let body = answer.json();
    let info = &body["VodTemplateInfo"];
    let time = info["CreationTime"].as_str().unwrap();
    let id = body["RequestId"].as_str().unwrap();
    let expected = format!(
        concat!(
            r#"{{"RequestId":"{}","VodTemplateInfo":{{"Name":"a template","VodTemplateId":"{}","#,
            r#""TemplateType":"Snapshot","TemplateConfig":{},"IsDefault":"NotDefault","#,
            r#""CreationTime":"{}","ModifyTime":"{}","AppId":"app-1000000"}}}}"#
        ),
        id,
        first,
        serde_json::Value::from(NORMAL),
        time,
        time
    );
    assert_eq!(String::from_utf8(answer.bytes).unwrap(), expected);

    let ids = || {
        let answer = server.ok("ListVodTemplate", &[("TemplateType", "Snapshot")]);
        let list = answer["VodTemplateInfoList"].as_array().unwrap().clone();
        let id = |info: &serde_json::Value| info["VodTemplateId"].as_str().unwrap().to_owned();
        let mut ids: Vec<_> = list.iter().map(id).collect();
        ids.sort();
        ids
    };
    let mut both = vec![first.clone(), second.clone()];
    both.sort();
    assert_eq!(ids(), both);

    let renamed = [("VodTemplateId", first.as_str()), ("Name", "another")];
    let answer = server.ok("UpdateVodTemplate", &renamed);
    assert_eq!(answer["VodTemplateId"], first.as_str());
    let info = |id: &str| {
        let answer = server.ok("GetVodTemplate", &[("VodTemplateId", id)]);
        answer["VodTemplateInfo"].clone()
    };
    assert_eq!(info(&first)["Name"], "another");
    assert_eq!(info(&first)["TemplateConfig"], NORMAL, "kept");
    let changed = [("VodTemplateId", first.as_str()), ("TemplateConfig", INTRA)];
    let _ = server.ok("UpdateVodTemplate", &changed);
    assert_eq!(info(&first)["Name"], "another", "kept");
    assert_eq!(info(&first)["TemplateConfig"], INTRA);

    let answer = server.ok("DeleteVodTemplate", &[("VodTemplateId", &first)]);
    assert_eq!(answer["VodTemplateId"], first.as_str());
    assert_eq!(ids(), [second]);
    for action in ["GetVodTemplate", "UpdateVodTemplate", "DeleteVodTemplate"] {
        let parameters = [("VodTemplateId", first.as_str()), ("Name", "x")];
        assert_eq!(refusal(server, action, &parameters), not_there(&first));
    }
}

#[test]
fn a_change_that_is_wrong_changes_nothing() {
    let bench = bench();
    let server = &bench.server;
    let template = add(server, NORMAL);
    let wrong = [
        ("VodTemplateId", template.as_str()),
        ("Name", "never"),
        (
            "TemplateConfig",
            r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":3,"Width":7}}"#,
        ),
    ];
    let (status, code, message) = refusal(server, "UpdateVodTemplate", &wrong);
    assert_eq!((status, code.as_str()), (400, "InvalidParameter"));
    assert!(
        message.contains("TemplateConfig") && message.contains("Width"),
        "{message}"
    );
    let answer = server.ok("GetVodTemplate", &[("VodTemplateId", &template)]);
    assert_eq!(answer["VodTemplateInfo"]["Name"], "a template");
    assert_eq!(answer["VodTemplateInfo"]["TemplateConfig"], NORMAL);
}

#[test]
fn a_normal_template_is_what_the_job_takes_and_nothing_else_counts() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let template = add(server, NORMAL);
    let parameters = [
        ("SnapshotTemplateId", template.as_str()),
        ("Count", "no number"),
        ("Width", "99999"),
        ("SpriteSnapshotConfig", "{"),
    ];
    let job = server.submit(&video, &parameters);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    assert_eq!(manifest.snapshot_type, "NormalSnapshot");
    let times: Vec<_> = manifest.pictures.iter().map(|p| p.requested_ms).collect();
    assert_eq!(times, [1000, 3000, 5000]);
    for picture in &manifest.pictures {
        let pixels = server.picture(picture.key.as_ref().unwrap());
        assert_eq!((pixels.width(), pixels.height()), (320, 180));
        assert_eq!(number(&pixels), Some(picture.requested_ms / 40));
    }
}

#[test]
fn frame_type_intra_takes_the_nearest_keyframe() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = run(server, &video, &add(server, INTRA));
    let manifest = server.manifest(&video, &job);
    // Keyframes every 2 s; asked for 2.9 s and 4.9 s.
    let numbers: Vec<_> = manifest
        .pictures
        .iter()
        .map(|picture| number(&server.picture(picture.key.as_ref().unwrap())))
        .collect();
    assert_eq!(numbers, [Some(50), Some(100)]);
}

#[test]
fn a_sprite_template_tiles_and_keeps() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = run(server, &video, &add(server, SPRITE));
    let sheets = list(server, &video, "SpriteSnapshot");
    assert_eq!(
        (&sheets["Total"], &sheets["JobId"]),
        (&2.into(), &job.as_str().into())
    );
    assert_eq!(list(server, &video, "SpriteOriginSnapshot")["Total"], 5);
    let sheet = server.picture(&format!("{video}/snapshots/sprite/{job}-00002.jpg"));
    let cell = image::imageops::crop_imm(&sheet, 20, 20, 160, 90).to_image();
    assert_eq!(number(&cell), Some(100), "the fifth picture, at 4 s");
}

#[test]
fn a_template_that_is_not_there_is_said_with_its_id() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let id = "0123456789abcdef0123456789abcdef";
    let parameters = [("VideoId", video.as_str()), ("SnapshotTemplateId", id)];
    assert_eq!(
        refusal(server, "SubmitSnapshotJob", &parameters),
        not_there(id)
    );
    let unknown = [("VideoId", id), ("SnapshotTemplateId", id)];
    let (status, code, _) = refusal(server, "SubmitSnapshotJob", &unknown);
    assert_eq!(
        (status, code.as_str()),
        (404, "InvalidVideo.NotFound"),
        "the video first"
    );
}

#[test]
fn a_job_keeps_what_its_template_said_when_it_was_submitted() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let template = add(server, NORMAL);
    let jobs: Vec<_> = (0..3)
        .map(|_| server.submit(&video, &[("SnapshotTemplateId", &template)]))
        .collect();
    let _ = server.ok("DeleteVodTemplate", &[("VodTemplateId", &template)]);
    for job in jobs {
        assert_eq!(server.wait(&job), "Success");
        assert_eq!(server.manifest(&video, &job).pictures.len(), 3);
    }
}
