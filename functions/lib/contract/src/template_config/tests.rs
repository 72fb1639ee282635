use super::*;
use crate::snapshot::Color;
use crate::storyboard::StoryboardFormat;
use proptest::prelude::*;
use serde_json::json;

/// As the vendor's sample has it.
const OFFICIAL: &str = r#"{"SnapshotConfig":{"Count":50,"Interval":1,"SpecifiedOffsetTime":0,"Width":200,"Height":200,"FrameType":"normal","SpriteSnapshotConfig":{"CellWidth":120,"CellHeight":68,"Columns":3,"Lines":10,"Padding":20,"Margin":50,"KeepCellPic":"keep","Color":"tomato"}},"SnapshotType":"SpriteSnapshot"}"#;

fn one(text: &str) -> TemplateConfig {
    TemplateConfig::read(text, 20_000).unwrap()
}

fn refused(value: &Value) -> String {
    let error = TemplateConfig::read(&value.to_string(), 20_000).unwrap_err();
    let prefix = "The specified parameter \"TemplateConfig\" is not valid. ";
    error.message().strip_prefix(prefix).unwrap().to_owned()
}

/// `Format` is the vendor's, and of something else.
#[test]
fn pictures_of_a_template_are_jpegs_unless_it_says_webp() {
    let with = |kind: &str, format: Value, outputs: &str| {
        let mut config = json!({
            "Interval": 1, "Format": "vtt", "SubOut": {"IsSptFrag": true},
            "SpriteSnapshotConfig": {"Outputs": outputs},
        });
        config["ImageFormat"] = format;
        json!({"SnapshotType": kind, "SnapshotConfig": config})
    };
    for kind in ["NormalSnapshot", "SpriteSnapshot", "WebVttSnapshot"] {
        for (given, format) in [
            (json!(null), ImageFormat::Jpeg),
            (json!(""), ImageFormat::Jpeg),
            (json!("jpg"), ImageFormat::Jpeg),
            (json!("webp"), ImageFormat::Webp),
        ] {
            let config = one(&with(kind, given, "vtt,json").to_string());
            assert_eq!(config.spec().image_format, format, "{kind}");
        }
        for unknown in [
            json!("png"),
            json!("WEBP"),
            json!("avif"),
            json!(1),
            json!(["webp"]),
        ] {
            let error = refused(&with(kind, unknown, "vtt"));
            assert_eq!(error, "ImageFormat must be jpg or webp.", "{kind}");
        }
    }
    let error = refused(&with("SpriteSnapshot", json!("webp"), "vtt,bif"));
    assert_eq!(error, "ImageFormat: bif holds JPEGs, not webp pictures.");
    let error = refused(&with("WebVttSnapshot", json!("webp"), "hls"));
    assert_eq!(error, "ImageFormat: hls names JPEGs, not webp pictures.");
}

#[test]
fn the_official_sample_is_read_and_kept_as_given() {
    let config = one(OFFICIAL);
    assert_eq!(config.kind(), TemplateKind::Sprite);
    assert_eq!(config.json(), OFFICIAL);
    let points = PointSpec::Every {
        interval_s: 1,
        count: Some(50),
        offset_ms: 0,
    };
    assert_eq!(config.spec().points, points);
    assert_eq!(
        (config.spec().width, config.spec().height),
        (Some(200), Some(200))
    );
    let sprite = config.spec().sprite.as_ref().unwrap();
    assert_eq!(
        (sprite.columns, sprite.color),
        (3, Color::Rgb([255, 99, 71]))
    );
}

#[test]
fn other_ways_of_writing_are_kept_as_strict_json() {
    let config = one(&OFFICIAL.replace('"', "'"));
    assert_eq!(config, one(OFFICIAL));
    assert_eq!(one(config.json()), config);
}

#[test]
fn what_the_samples_leave_out_has_defaults() {
    let config =
        one(r#"{"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":10,"Interval":0}}"#);
    assert_eq!(config.kind(), TemplateKind::Normal);
    assert_eq!(
        config.spec().points,
        PointSpec::Evenly {
            count: 10,
            offset_ms: 0
        }
    );
    assert_eq!(config.spec().frame_type, FrameType::Normal);
    assert_eq!(config.spec().sprite, None);
}

#[test]
fn web_vtt_lists_pictures_or_tiles_them() {
    let vtt = |sub_out: Value| {
        let config = json!({"Count": 3, "Format": "vtt", "SubOut": sub_out});
        one(&json!({"SnapshotType": "WebVttSnapshot", "SnapshotConfig": config}).to_string())
    };
    assert_eq!(
        vtt(json!({"IsSptFrag": "false"})).kind(),
        TemplateKind::WebVtt { tiled: false }
    );
    assert_eq!(vtt(Value::Null).spec().sprite, None);
    let tiled = vtt(json!({"IsSptFrag": "true"}));
    assert_eq!(tiled.kind(), TemplateKind::WebVtt { tiled: true });
    assert_eq!(tiled.spec().sprite.as_ref().unwrap().columns, 10);
}

#[test]
fn a_refusal_names_the_field() {
    let with = |field: &str, value: Value| {
        let mut config = json!({"Count": 1});
        config[field] = value;
        json!({"SnapshotType": "NormalSnapshot", "SnapshotConfig": config})
    };
    assert_eq!(
        refused(&with("Count", json!(0))),
        "Count must be an integer from 1 to 20000."
    );
    assert_eq!(
        refused(&with("Interval", json!(-1))),
        "Interval must be an integer of 0 s or more."
    );
    assert_eq!(
        refused(&with("Width", json!(4097))),
        "Width must be an integer from 8 to 4096 px."
    );
    assert_eq!(
        refused(&with("FrameType", json!("b"))),
        "FrameType must be normal or intra."
    );
    assert_eq!(
        refused(&with("Count", Value::Null)),
        "SnapshotConfig must have Count or Interval."
    );
    let untyped = json!({"SnapshotConfig": {"Count": 1}});
    assert!(refused(&untyped).starts_with("SnapshotType must be NormalSnapshot, "));
    let bare = json!({"SnapshotType": "SpriteSnapshot", "SnapshotConfig": {"Count": 1}});
    assert_eq!(refused(&bare), "SpriteSnapshotConfig must be an object.");
    assert_eq!(
        refused(&json!({"SnapshotType": "NormalSnapshot"})),
        "SnapshotConfig must be an object."
    );
}

#[test]
fn an_automatic_interval_takes_nothing_beside_it() {
    let with = |more: Value| {
        let mut config = json!({"Interval": "auto", "SpriteSnapshotConfig": {"Outputs": "hls"}});
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"SnapshotType": "SpriteSnapshot", "SnapshotConfig": config})
    };
    let config = one(&with(json!({"SpecifiedOffsetTime": 0})).to_string());
    assert_eq!(config.spec().points, PointSpec::Automatic);
    for more in [json!({"Count": 3}), json!({"SpecifiedOffsetTime": 1})] {
        assert_eq!(
            refused(&with(more)),
            "An Interval of auto takes no Count and no SpecifiedOffsetTime."
        );
    }
}

#[test]
fn forms_that_players_read_are_kept_and_refused_by_name() {
    let with = |kind: &str, offset: u64, sprite: Value| {
        json!({"SnapshotType": kind, "SnapshotConfig": {
            "Interval": 2, "SpecifiedOffsetTime": offset, "SubOut": {"IsSptFrag": true},
            "SpriteSnapshotConfig": sprite,
        }})
    };
    for kind in ["SpriteSnapshot", "WebVttSnapshot"] {
        let text = with(kind, 0, json!({"Outputs": ["hls", "bif"]})).to_string();
        let config = one(&text);
        assert_eq!(config.json(), text);
        let sprite = config.spec().sprite.clone().unwrap();
        assert_eq!(
            sprite.outputs,
            [StoryboardFormat::Hls, StoryboardFormat::Bif]
        );
    }
    let padded = with(
        "SpriteSnapshot",
        0,
        json!({"Outputs": "dash", "Padding": 2}),
    );
    assert_eq!(
        refused(&padded),
        "Outputs: dash knows no space between cells: Padding must be 0."
    );
    let late = refused(&with("SpriteSnapshot", 40, json!({"Outputs": "bif"})));
    assert!(late.contains("bif needs pictures at even steps"), "{late}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_in_range_is_taken_as_it_is(
        count in 1_u32..20_000, interval in 0_u64..100_000, offset in any::<u32>(),
        width in proptest::option::of(8_u32..=4096), intra in any::<bool>(),
    ) {
        let frame_type = if intra { "intra" } else { "normal" };
        let text = json!({"SnapshotType": "NormalSnapshot", "SnapshotConfig": {
            "Count": count.to_string(), "Interval": interval, "SpecifiedOffsetTime": offset,
            "Width": width, "FrameType": frame_type,
        }}).to_string();
        let config = one(&text);
        prop_assert_eq!(config.json(), &text);
        prop_assert_eq!(config.spec().width, width);
        prop_assert_eq!(config.spec().frame_type == FrameType::Intra, intra);
        let expected = PointSpec::spread(Some(count), interval, u64::from(offset));
        prop_assert_eq!(&config.spec().points, &expected);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"[{}\[\]"':,a1 \\]{0,40}"#) {
        let _ = TemplateConfig::read(&text, 10);
        let config = format!("{{\"SnapshotType\":\"WebVttSnapshot\",\"SnapshotConfig\":{text}}}");
        let _ = TemplateConfig::read(&config, 10);
    }
}
