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
    for prefix in ["way", "way/", "way/s", "file"] {
        let page = objects.list(prefix, None).await.unwrap();
        assert_eq!(page.keys, [""; 0], "{prefix}");
    }
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
    fs::write(temporary.join(".tmpAbCdEf"), b"x").unwrap();
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
async fn a_long_list_comes_in_pages() {
    let data = folder();
    let objects = open(data.path()).ports().objects;
    let folder = data.path().join("objects/v");
    fs::create_dir(&folder).unwrap();
    for number in 0..10_005 {
        fs::write(folder.join(format!("{number:05}")), b"").unwrap();
    }
    let first = objects.list("v/", None).await.unwrap();
    assert_eq!((first.keys.len(), first.has_more), (10_000, true));
    let rest = objects.list("v/", first.keys.last().map(String::as_str));
    let rest = rest.await.unwrap();
    assert_eq!((rest.keys.len(), rest.has_more), (5, false));
    assert_eq!(rest.keys[4], "v/10004");
}

/// A folder that was somebody's before it was named as a data folder.
#[test]
fn files_of_others_in_a_folder_called_tmp_stay() {
    let data = folder();
    let theirs = data.path().join("tmp/theirs");
    fs::create_dir_all(&theirs).unwrap();
    fs::write(theirs.join("thesis"), b"x").unwrap();
    fs::write(data.path().join("tmp/notes"), b"x").unwrap();
    for _ in 0..2 {
        drop(open(data.path()));
    }
    assert!(theirs.join("thesis").exists() && data.path().join("tmp/notes").exists());
}

#[tokio::test]
async fn the_last_object_takes_its_folders_with_it_and_new_ones_find_their_way() {
    let data = folder();
    let objects = open(data.path()).ports().objects;
    let root = data.path().join("objects");
    let put = async |key: &str| objects.put(key, "image/jpeg", body()).await.unwrap();
    put("v/a/1.jpg").await;
    put("v/b.jpg").await;
    objects.delete("v/a/1.jpg").await.unwrap();
    assert!(!root.join("v/a").exists() && root.join("v/b.jpg").exists());
    objects.delete("v/b.jpg").await.unwrap();
    assert!(!root.join("v").exists() && root.exists());
    let work = (0..40).map(|number| {
        let (objects, key) = (objects.clone(), format!("w/x/{number}.jpg"));
        tokio::spawn(async move {
            for _ in 0..10 {
                objects.put(&key, "image/jpeg", body()).await.unwrap();
                objects.delete(&key).await.unwrap();
            }
        })
    });
    for done in work.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    assert!(!root.join("w").exists());
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
    let verify = |store: &crate::Store, key: &str, expires: i64, signature: &str, now_ms| {
        let query = format!("Expires={expires}&Signature={signature}");
        store.verify_query(key, &query, now_ms).is_some()
    };
    assert!(verify(&store, "v/a.jpg", 5, query, 4_999));
    assert!(!verify(&store, "v/a.jpg", 5, query, 5_000));
    assert!(!verify(&store, "v/a.jpg", 6, query, 4_999));
    assert!(!verify(&store, "v/b.jpg", 5, query, 4_999));
    for wrong in [
        "",
        "0",
        &query[..62],
        &query.to_uppercase(),
        &format!("{query}00"),
        &"0".repeat(64),
    ] {
        assert!(!verify(&store, "v/a.jpg", 5, wrong, 4_999), "{wrong}");
    }
    let other = folder();
    assert!(
        !verify(&open(other.path()), "v/a.jpg", 5, query, 4_999),
        "another store's secret"
    );
}
