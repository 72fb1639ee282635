use super::sample::id;
use crate::ports::Objects;
use bytes::Bytes;

/// Texts that are no keys.
const NO_KEYS: &[&str] = &[
    "",
    "/",
    "/a.jpg",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/..",
    "a/../b",
    "a/./b",
    "a b",
    "a\\b",
    "a\0",
    "a%2e",
    "a:b",
    "\u{e9}",
    "{SnapshotCount}",
    "a\n",
];

/// The promises of [`Objects`].
pub async fn objects(port: &dyn Objects) {
    an_object_is_replaced_and_deleted(port).await;
    the_same_key_at_once_gives_one_whole_object(port).await;
    only_keys_are_taken(port).await;
    keys_are_listed_by_what_they_begin_with(port).await;
    many_objects_are_deleted_at_once(port).await;
    urls_hold_the_key(port).await;
}

async fn keys_are_listed_by_what_they_begin_with(port: &dyn Objects) {
    let video = id();
    let key = |end: &str| format!("{video}/snapshots/{end}");
    let ends = [
        "a-00001.jpg",
        "a-00002.jpg",
        "a.json",
        "ab.jpg",
        "sprite/a-00001.jpg",
    ];
    for end in ends {
        let body = Bytes::from_static(b"x");
        port.put(&key(end), "image/jpeg", body).await.unwrap();
    }
    let other = format!("{video}x/snapshots/a-00001.jpg");
    let body = Bytes::from_static(b"x");
    port.put(&other, "image/jpeg", body).await.unwrap();
    for (prefix, expected) in [
        ("a", &ends[..4]),
        ("a-", &ends[..2]),
        ("sprite/a-", &ends[4..]),
        ("", &ends),
        ("b", &[]),
        ("nowhere/a", &[]),
    ] {
        let listed = list(port, &key(prefix)).await;
        let expected: Vec<_> = expected.iter().map(|end| key(end)).collect();
        assert_eq!(listed, expected, "{prefix:?}");
    }
    let after = key("a-00002.jpg");
    let rest = port.list(&key("a"), Some(&after)).await.unwrap();
    assert_eq!(rest.keys, [key("a.json"), key("ab.jpg")]);
    assert!(!rest.has_more);
    for end in ends {
        port.delete(&key(end)).await.unwrap();
    }
    assert_eq!(list(port, &key("")).await, [""; 0]);
    assert_eq!(list(port, &format!("{video}x/")).await, [other]);
    for prefix in ["..", "../a", "a//b", "/", "/a", ""] {
        assert!(port.list(prefix, None).await.is_err(), "{prefix:?}");
    }
}

/// All pages.
async fn list(port: &dyn Objects, prefix: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all.last().cloned();
        let page = port.list(prefix, after.as_deref()).await.unwrap();
        all.extend(page.keys);
        if !page.has_more {
            return all;
        }
    }
}

async fn an_object_is_replaced_and_deleted(port: &dyn Objects) {
    let key = format!("{}/snapshots/sprite/a-00001.jpg", id());
    assert_eq!(port.get(&key).await.unwrap(), None);
    assert_eq!(port.size(&key).await.unwrap(), None);
    for body in [
        Bytes::from_static(b"\xff\xd8\0"),
        Bytes::new(),
        Bytes::from(vec![7; 300_000]),
    ] {
        port.put(&key, "image/jpeg", body.clone()).await.unwrap();
        assert_eq!(port.size(&key).await.unwrap(), Some(body.len() as u64));
        assert_eq!(port.get(&key).await.unwrap(), Some(body));
    }
    port.delete(&key).await.unwrap();
    port.delete(&key).await.unwrap();
    assert_eq!(port.get(&key).await.unwrap(), None);
}

/// More than a store takes in one request.
async fn many_objects_are_deleted_at_once(port: &dyn Objects) {
    let video = id();
    let key = |number: usize| format!("{video}/snapshots/a-{number:05}.jpg");
    for number in [0, 1, 999, 1000, 1001, 1100] {
        let body = Bytes::from_static(b"x");
        port.put(&key(number), "image/jpeg", body).await.unwrap();
    }
    let keys: Vec<_> = (0..1100).map(key).collect();
    for _ in 0..2 {
        port.delete_all(&keys).await.unwrap();
        assert_eq!(list(port, &format!("{video}/")).await, [key(1100)]);
    }
    port.delete_all(&[]).await.unwrap();
    for bad in ["", "../a", "a//b"] {
        assert!(port.delete_all(&[bad.to_owned()]).await.is_err(), "{bad:?}");
    }
}

async fn the_same_key_at_once_gives_one_whole_object(port: &dyn Objects) {
    let key = format!("{}/a.jpg", id());
    let bodies = [1, 2, 3].map(|byte| Bytes::from(vec![byte; 100_000]));
    let put = |body: &Bytes| port.put(&key, "image/jpeg", body.clone());
    let (a, b, c) = tokio::join!(put(&bodies[0]), put(&bodies[1]), put(&bodies[2]));
    for put in [a, b, c] {
        put.unwrap();
    }
    assert!(bodies.contains(&port.get(&key).await.unwrap().unwrap()));
}

async fn only_keys_are_taken(port: &dyn Objects) {
    let long = "a/".repeat(256) + "b";
    for key in NO_KEYS.iter().copied().chain([long.as_str()]) {
        let put = port.put(key, "image/jpeg", Bytes::from_static(b"x")).await;
        assert!(put.is_err(), "put {key:?}");
        assert!(port.get(key).await.is_err(), "get {key:?}");
        assert!(port.size(key).await.is_err(), "size {key:?}");
        assert!(port.delete(key).await.is_err(), "delete {key:?}");
    }
}

async fn urls_hold_the_key(port: &dyn Objects) {
    assert!(
        port.public_url("v/a-{SnapshotCount}.jpg")
            .ends_with("/v/a-{SnapshotCount}.jpg")
    );
    let (one, two) = (
        port.signed_url("v/a.jpg", 1_000_000).await.unwrap(),
        port.signed_url("v/b.jpg", 1_000_000).await.unwrap(),
    );
    assert!(
        one.starts_with(&format!("{}?", port.public_url("v/a.jpg"))),
        "{one}"
    );
    // Whoever was given a URL may give it back.
    for url in [&one, &port.public_url("v/a.jpg")] {
        assert_eq!(port.key_of(url).as_deref(), Some("v/a.jpg"), "{url}");
    }
    for other in [
        "",
        "v/a.jpg",
        "https://a.example/v/a.jpg",
        &port.public_url("../a.jpg"),
    ] {
        assert_eq!(port.key_of(other), None, "{other}");
    }
    assert_ne!(
        one.split_once('?').unwrap().1,
        two.split_once('?').unwrap().1
    );
}
