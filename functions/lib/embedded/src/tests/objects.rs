use super::{BASE, folder, open};
use bytes::Bytes;
use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;

fn body() -> Bytes {
    Bytes::from_static(b"picture")
}

#[tokio::test]
async fn an_object_is_opened_with_its_length_and_type() {
    let data = folder();
    let store = open(data.path());
    for (key, content_type) in [
        ("v/a.jpg", "image/jpeg"),
        ("v/a.json", "application/json"),
        ("v/a.vtt", "text/vtt"),
        ("v/a.jpg.html", "application/octet-stream"),
        ("v/jpg", "application/octet-stream"),
    ] {
        store
            .ports()
            .objects
            .put(key, content_type, body())
            .await
            .unwrap();
        let mut object = store.open_for_reading(key).unwrap().unwrap();
        let mut bytes = Vec::new();
        object.file.read_to_end(&mut bytes).unwrap();
        assert_eq!((bytes.as_slice(), object.len), (&b"picture"[..], 7));
        assert_eq!(object.content_type, content_type, "{key}");
    }
    assert!(
        store.open_for_reading("v").unwrap().is_none(),
        "a folder is no object"
    );
    assert!(store.open_for_reading("v/a.jpg/b").unwrap().is_none());
    assert!(
        store
            .open_for_reading("../vod-snapshot.db")
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn an_object_that_was_replaced_is_another_version_and_the_opened_one_stays_whole() {
    let data = folder();
    let store = open(data.path());
    let objects = store.ports().objects;
    objects.put("v/a.jpg", "image/jpeg", body()).await.unwrap();
    let mut before = store.open_for_reading("v/a.jpg").unwrap().unwrap();
    let again = store.open_for_reading("v/a.jpg").unwrap().unwrap();
    assert_eq!(before.version, again.version);
    let other = Bytes::from_static(b"another");
    objects.put("v/a.jpg", "image/jpeg", other).await.unwrap();
    let after = store.open_for_reading("v/a.jpg").unwrap().unwrap();
    assert_ne!(before.version, after.version);
    let mut bytes = Vec::new();
    before.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, body());
}

#[tokio::test]
async fn a_symlink_leads_nowhere() {
    let (data, outside) = (folder(), folder());
    let store = open(data.path());
    let objects = store.ports().objects;
    let secret = outside.path().join("secret.jpg");
    fs::write(&secret, b"secret").unwrap();
    let root = data.path().join("objects");
    symlink(outside.path(), root.join("way")).unwrap();
    symlink(&secret, root.join("file.jpg")).unwrap();
    for key in ["way/secret.jpg", "file.jpg"] {
        assert!(store.open_for_reading(key).unwrap().is_none(), "{key}");
        assert_eq!(objects.get(key).await.unwrap(), None, "{key}");
        assert_eq!(objects.size(key).await.unwrap(), None, "{key}");
        objects.delete(key).await.unwrap();
    }
    assert!(
        objects
            .put("way/new.jpg", "image/jpeg", body())
            .await
            .is_err()
    );
    assert!(
        objects
            .put("way/deep/new.jpg", "image/jpeg", body())
            .await
            .is_err()
    );
    objects.put("file.jpg", "image/jpeg", body()).await.unwrap();
    assert_eq!(fs::read(&secret).unwrap(), b"secret");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(objects.get("file.jpg").await.unwrap(), Some(body()));
}

#[tokio::test]
async fn half_written_objects_are_removed_at_the_start() {
    let data = folder();
    drop(open(data.path()));
    let temporary = data.path().join("tmp");
    fs::write(temporary.join("half"), b"x").unwrap();
    let store = open(data.path());
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
    store
        .ports()
        .objects
        .put("v/a.jpg", "image/jpeg", body())
        .await
        .unwrap();
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[tokio::test]
async fn a_failed_write_leaves_the_old_object_and_no_other() {
    let data = folder();
    let objects = open(data.path()).ports().objects;
    objects.put("v/a", "image/jpeg", body()).await.unwrap();
    assert!(objects.put("v/a/b", "image/jpeg", body()).await.is_err());
    assert!(objects.put("v", "image/jpeg", body()).await.is_err());
    assert_eq!(objects.get("v/a").await.unwrap(), Some(body()));
    assert_eq!(fs::read_dir(data.path().join("tmp")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_signed_url_holds_for_its_key_until_its_time() {
    let data = folder();
    let store = open(data.path());
    let url = store
        .ports()
        .objects
        .signed_url("v/a.jpg", 5_000)
        .await
        .unwrap();
    let query = url
        .strip_prefix(&format!("{BASE}/v/a.jpg?Expires=5&Signature="))
        .unwrap();
    assert_eq!(query.len(), 64);
    assert!(store.verify_url("v/a.jpg", 5, query, 4_999));
    assert!(!store.verify_url("v/a.jpg", 5, query, 5_000));
    assert!(!store.verify_url("v/a.jpg", 6, query, 4_999));
    assert!(!store.verify_url("v/b.jpg", 5, query, 4_999));
    for wrong in [
        "",
        "0",
        &query[..62],
        &query.to_uppercase(),
        &format!("{query}00"),
        &"0".repeat(64),
    ] {
        assert!(!store.verify_url("v/a.jpg", 5, wrong, 4_999), "{wrong}");
    }
    let other = folder();
    assert!(
        !open(other.path()).verify_url("v/a.jpg", 5, query, 4_999),
        "another store's secret"
    );
}
