use crate::stack;
use bytes::Bytes;

const KEY: &str = "v/snapshots/j-00001.jpg";

#[tokio::test]
async fn an_object_says_what_it_is_and_how_long_to_keep_it() {
    let stack = stack!();
    let objects = stack.ports().await.objects;
    for (key, content_type, caching) in [
        (KEY, "image/jpeg", "public, max-age=86400"),
        ("v/a.json", "application/json", "no-cache"),
    ] {
        let body = Bytes::from_static(b"x");
        objects.put(key, content_type, body).await.unwrap();
        let head = stack.s3().head_object().bucket(&stack.deployment.bucket);
        let head = head.key(key).send().await.unwrap();
        assert_eq!(head.content_type(), Some(content_type));
        assert_eq!(head.cache_control(), Some(caching));
    }
}

#[tokio::test]
async fn a_presigned_url_gives_the_object() {
    let stack = stack!();
    let objects = stack.ports().await.objects;
    let body = Bytes::from_static(b"\xff\xd8");
    objects.put(KEY, "image/jpeg", body.clone()).await.unwrap();
    let url = objects.signed_url(KEY, now_ms() + 3_600_000).await.unwrap();
    let got = tokio::task::spawn_blocking(move || {
        ureq::get(&url).call().unwrap().body_mut().read_to_vec()
    });
    assert_eq!(got.await.unwrap().unwrap(), body);
}

#[tokio::test]
async fn a_presigned_url_holds_until_just_the_time_that_was_asked_for() {
    let objects = stack!().ports().await.objects;
    let held = async |from_now_ms: i64| {
        let url = objects
            .signed_url(KEY, now_ms() + from_now_ms)
            .await
            .unwrap();
        let (_, rest) = url.split_once("X-Amz-Expires=").unwrap();
        rest.split('&').next().unwrap().parse::<i64>().unwrap()
    };
    assert!((3600..=3602).contains(&held(3_600_000).await));
    assert_eq!(held(1_000_000_000_000).await, 604_800, "a week at the most");
    assert_eq!(held(-5000).await, 1, "over before it begins");
}

#[tokio::test]
async fn below_a_base_of_the_deployment_nothing_is_signed() {
    let mut stack = stack!();
    stack.deployment.public_base_url = Some("https://cdn.example.com/p".to_owned());
    let objects = stack.ports().await.objects;
    let url = format!("https://cdn.example.com/p/{KEY}");
    assert_eq!(objects.public_url(KEY), url);
    assert_eq!(objects.signed_url(KEY, now_ms()).await.unwrap(), url);
}

fn now_ms() -> i64 {
    use service::ports::{Clock, SystemClock};
    SystemClock.now_ms()
}
