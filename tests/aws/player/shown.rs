//! What pages of another origin see.

use crate::browser::look;
use crate::deployment::{COLOURS, Deployment, film};
use serde_json::{Value, json};
use service::picture_access::PictureAccess;

/// As a JPEG keeps it.
fn is_near(colour: &Value, expected: [u8; 3]) -> bool {
    let parts = colour
        .as_array()
        .unwrap_or_else(|| panic!("no colour: {colour}"));
    let parts = parts.iter().map(|part| part.as_i64().unwrap());
    parts
        .zip(expected)
        .all(|(part, expected)| (part - i64::from(expected)).abs() < 16)
}

/// Sheets of a presigned WebVTT file were relative to a private bucket, and no page could read one.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium and node")]
async fn a_player_of_another_origin_shows_no_thumbnails() {
    for access in [PictureAccess::Public, PictureAccess::Signed] {
        let deployment = Deployment::start(access, 10).await;
        let film = film();
        let video = deployment.register(film.clone()).await;
        let event = deployment
            .run(&video, &[("Count", "1"), ("Width", "160")])
            .await;
        deployment.run_tiled(&video).await;
        let files = deployment.listed(&video, "WebVttSnapshot").await;
        let picture = deployment.listed(&video, "NormalSnapshot").await.remove(0);
        let cover = event["CoverUrl"].as_str().unwrap();
        let times = [0.5, 1.5, 2.5, 3.5];
        let asked = json!({
            "picture": if access == PictureAccess::Signed { cover } else { picture.as_str() },
            "refused": picture.replace("Expires=", "Expires=9"),
            "gone": picture.replace("-00001.jpg", ".txt"),
            "vtt": files[0],
            "times": times,
        });
        let said = look(&asked, film).await;
        assert_eq!(said["error"], Value::Null, "{said}");
        assert_eq!(
            said["picture"],
            json!({"width": 160, "status": 200, "jpeg": true, "readable": true})
        );
        assert_eq!(
            (&said["refused"], &said["gone"]),
            (&json!(403), &json!(404))
        );
        assert_eq!(said["part"], 206, "with a preflight request");
        for list in ["cues", "thumbnails"] {
            let found = said[list].as_array().unwrap();
            assert_eq!(found.len(), COLOURS.len(), "{list}: {said}");
            for (at, (thumbnail, colour)) in found.iter().zip(COLOURS).enumerate() {
                let told = &thumbnail["colour"];
                assert!(is_near(told, colour), "{list} {at}: {thumbnail}");
                let x = if at % 2 == 0 { 20 } else { 190 };
                assert_eq!(thumbnail["part"], json!([x, 20, 160, 90]), "{list} {at}");
            }
        }
    }
}
