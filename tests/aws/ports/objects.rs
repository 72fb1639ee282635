use crate::{Stack, stack};
use bytes::Bytes;
use service::picture_access::PictureAccess;
use service::ports::Objects;
use service::url_signature::UrlSignature;
use std::sync::Arc;

const KEY: &str = "v/snapshots/j-00001.jpg";

#[tokio::test]
async fn an_object_says_what_it_is_and_how_long_to_keep_it() {
    let stack = stack!();
    let objects = stack.ports().await.objects;
    for (key, content_type, caching) in [
        (KEY, "image/jpeg", "public, max-age=60"),
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

/// The objects of an environment that was called at a host, and may read the secret.
async fn called(stack: &Stack) -> Arc<dyn Objects> {
    let clients = stack.clients();
    let secret = stack.deployment.keys_secret.as_deref().unwrap();
    let secret = Arc::new(aws::SecretKeys::new(&clients, secret));
    let opened = aws::ports_and_addresses(&clients, &stack.deployment, Some(secret)).await;
    let (ports, addresses) = opened.unwrap();
    addresses.called_at(Some("api.example".to_owned()));
    ports.objects
}

async fn set_secret(stack: &Stack, text: &str) {
    let secrets = aws_sdk_secretsmanager::Client::new(&stack.config);
    let put = secrets.put_secret_value().secret_string(text);
    let put = put.secret_id(stack.deployment.keys_secret.as_deref().unwrap());
    put.send().await.unwrap();
}

async fn holds(objects: &Arc<dyn Objects>, url: &str) -> bool {
    let signature = UrlSignature::read(url.split_once('?').unwrap().1).unwrap();
    objects.verify(KEY, &signature.unwrap()).await.unwrap()
}

/// One that was shown a made-up signature before there was a key refused good ones for minutes.
#[tokio::test]
async fn a_key_that_is_made_later_is_unknown_to_who_looked_for_it_before() {
    let stack = stack!();
    let (early, other) = (called(&stack).await, called(&stack).await);
    let made_up = format!("?Expires=99999999999&Signature={}", "0".repeat(64));
    assert!(!holds(&early, &made_up).await);
    let url = other.signed_url(KEY, now_ms() + 60_000).await.unwrap();
    assert!(holds(&early, &url).await, "{url}");
}

/// A secret of the last release holds access keys alone; one that got known has to be replaced.
#[tokio::test]
async fn urls_end_with_a_change_of_the_key_or_need_one_in_the_secret() {
    let stack = stack!();
    let later_ms = 4_000_000_000_000;
    let (one, two) = (called(&stack).await, called(&stack).await);
    let both = tokio::join!(one.signed_url(KEY, later_ms), two.signed_url(KEY, later_ms));
    let first = both.0.unwrap();
    assert_eq!(
        first,
        both.1.unwrap(),
        "two environments at once make one key"
    );
    let expected = format!("https://api.example/{KEY}?Expires=4000000000&Signature=");
    assert!(first.starts_with(&expected), "{first}");
    let member = |id: &str, letter: &str| {
        let secret = letter.repeat(32);
        format!(r#""pictures/{id}": {{"secret": "{secret}", "active": false}}"#)
    };
    let (old, new) = (member("1", "o"), member("2", "n"));
    set_secret(&stack, &format!(r#"{{"AKID": "secret", {old}}}"#)).await;
    let objects = called(&stack).await;
    let second = objects.signed_url(KEY, later_ms).await.unwrap();
    assert!(second.contains("&KeyId=1&"), "{second}");
    assert!(holds(&objects, &first).await && holds(&objects, &second).await);
    set_secret(&stack, &format!(r#"{{"AKID": "secret", {old}, {new}}}"#)).await;
    let objects = called(&stack).await;
    let third = objects.signed_url(KEY, later_ms).await.unwrap();
    assert!(third.contains("&KeyId=2&"), "{third}");
    assert!(holds(&objects, &second).await);
    set_secret(&stack, &format!(r#"{{"AKID": "secret", {new}}}"#)).await;
    let objects = called(&stack).await;
    assert!(!holds(&objects, &second).await, "it was taken away");
    assert!(holds(&objects, &third).await && holds(&objects, &first).await);
}

/// Below a base that stands before the API: a CDN that reads the bucket is refused beside it.
#[tokio::test]
async fn signed_addresses_below_a_base_of_the_deployment_are_plain() {
    let mut stack = stack!();
    stack.deployment.public_base_url = Some("https://pictures.example.com".to_owned());
    stack.deployment.pictures = PictureAccess::Signed;
    let objects = called(&stack).await;
    let base = format!("https://pictures.example.com/{KEY}");
    let listed = objects.signed_url(KEY, 4_000_000_000_000).await.unwrap();
    let told = objects.event_url(KEY, 0).await.unwrap();
    for url in [&listed, &told] {
        assert!(url.starts_with(&format!("{base}?Expires=")), "{url}");
        assert_eq!(objects.key_of(url).as_deref(), Some(KEY));
    }
    assert!(holds(&objects, &listed).await);
}

fn now_ms() -> i64 {
    use service::ports::{Clock, SystemClock};
    SystemClock.now_ms()
}
