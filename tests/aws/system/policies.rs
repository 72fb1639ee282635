//! What is refused: URLs that are over, changed or not signed, and whoever has no right.

use crate::client::Client;
use crate::deployed::runtime;
use crate::deployment;
use crate::jobs::get;
use aws::{Clients, Deployment};
use serde_json::json;
use service::ports::{Clock, SystemClock};
use std::time::Duration;

#[test]
fn a_url_of_a_picture_is_good_as_it_is_and_for_its_time() {
    let deployed = deployment!();
    let told = |name: &str| {
        let output = match name {
            "TABLE" => "TableName",
            "BUCKET" => "PictureBucket",
            "QUEUE_URL" => "QueueUrl",
            _ => return None,
        };
        Some(deployed.outputs[output].clone())
    };
    let deployment = Deployment::read(&told).unwrap();
    let clients = Clients::new(&deployed.config);
    let url = runtime().block_on(async {
        let ports = aws::ports(&clients, &deployment).await.unwrap();
        let objects = ports.objects;
        let body = bytes::Bytes::from_static(b"jpeg");
        objects
            .put("policies/a.jpg", "image/jpeg", body.clone())
            .await
            .unwrap();
        objects
            .put("policies/b.jpg", "image/jpeg", body)
            .await
            .unwrap();
        let soon_ms = SystemClock.now_ms() + 4000;
        objects.signed_url("policies/a.jpg", soon_ms).await.unwrap()
    });
    assert_eq!(get(&url).unwrap(), b"jpeg");
    let other = url.replace("policies/a.jpg", "policies/b.jpg");
    let longer = url.replace("X-Amz-Expires=", "X-Amz-Expires=9");
    let anonymous = url.split('?').next().unwrap();
    for changed in [&other, &longer, anonymous] {
        assert_eq!(get(changed), Err(403), "{changed}");
    }
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(get(&url), Err(403), "it is over");
}

/// Under the role of the template, which may neither write a secret nor list another bucket.
#[test]
fn pictures_are_shown_by_the_urls_that_are_told_and_no_changed_one() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let video = client.register("shown/a.mp4", cloud::clips::encode(2, "320x180", 25));
    let job = client.submit(&video, &json!({"Count": 1}));
    let event = deployed
        .subscribers
        .event_with(&job, Duration::from_secs(60));
    let event: serde_json::Value = serde_json::from_str(&event).unwrap();
    let cover = deployed.reachable(event["CoverUrl"].as_str().unwrap());
    let info = client.call("GetVideoInfo", &json!({"VideoId": video}));
    let signed = deployed.reachable(info["Video"]["CoverURL"].as_str().unwrap());
    for url in [&cover, &signed] {
        assert_eq!(
            get(url).unwrap()[..3],
            [0xff, 0xd8, 0xff],
            "{}",
            deployed.logs()
        );
    }
    assert_eq!(get(&signed.replace("Expires=", "Expires=9")), Err(403));
    assert_eq!(get(&cover.replace("-00001.jpg", "-00002.jpg")), Err(404));
    assert_eq!(get(&cover.replace(&job, &"0".repeat(32))), Err(404));
}

#[test]
fn a_message_that_is_none_ends_in_the_dead_letter_queue() {
    let deployed = deployment!();
    let send = deployed
        .sqs()
        .send_message()
        .message_body("not one of ours");
    let send = send.queue_url(&deployed.outputs["QueueUrl"]).send();
    runtime().block_on(send).unwrap();
    for _ in 0..60 {
        let receive = deployed.sqs().receive_message().wait_time_seconds(2);
        let receive = receive.queue_url(&deployed.outputs["DeadLetterQueueUrl"]);
        let received = runtime().block_on(receive.send()).unwrap();
        if let Some(message) = received.messages.unwrap_or_default().pop() {
            return assert_eq!(message.body.unwrap(), "not one of ours");
        }
    }
    panic!("it is not there");
}

#[test]
fn who_has_no_key_is_refused_by_the_contract() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let nobody = json!({"VideoId": "0123456789abcdef0123456789abcdef"});
    client.call("ListVodTemplate", &json!({"TemplateType": "Snapshot"}));
    let told = client.told("GetVideoInfo", &nobody);
    assert_eq!(
        (&told["code"], &told["status"]),
        (&json!("InvalidVideo.NotFound"), &json!(404))
    );
    let bare = format!(
        "http://{}/?Action=GetVideoInfo&Version=2017-03-21",
        deployed.endpoint
    );
    assert_eq!(get(&bare), Err(400));
}
