//! Uploads by URL: their records, their files in parts, and the way to the URLs.

use crate::stack;
use aws::PinnedClient;
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Redirect;
use axum::routing::get;
use bytes::Bytes;
use cloud::Stack;
use service::ports::{DownloadFailure, Downloads};
use service::test_suite as suite;
use std::io::Read;
use std::sync::Arc;
use webhook::AddressRules;

#[tokio::test]
async fn uploads_keep_the_promises_of_the_ports() {
    let ports = stack!().ports().await;
    suite::uploads(&*ports.uploads).await;
    suite::upload_files(&*ports.upload_files).await;
}

async fn open_uploads(stack: &Stack) -> usize {
    let list = stack.s3().list_multipart_uploads();
    let bucket = stack.deployment.uploads_bucket.as_deref().unwrap();
    let found = list.bucket(bucket).send().await.unwrap();
    found.uploads().len()
}

#[tokio::test]
async fn a_file_of_several_parts_is_given_up_and_its_parts_stay() {
    let stack = stack!();
    let files = stack.ports().await.upload_files;
    let piece: Bytes = (0..=255_u8).cycle().take(9_000_001).collect();
    let mut given_up = files.begin("a.mp4").await.unwrap();
    for _ in 0..4 {
        given_up.write(piece.clone()).await.unwrap();
    }
    assert_eq!(open_uploads(&stack).await, 1);
    given_up.discard().await;
    assert_eq!(open_uploads(&stack).await, 0);
    assert_eq!(files.find("a.mp4").await.unwrap(), None);

    let mut writer = files.begin("a.mp4").await.unwrap();
    for _ in 0..4 {
        writer.write(piece.clone()).await.unwrap();
    }
    writer.finish().await.unwrap();
    let (url, bytes) = files.find("a.mp4").await.unwrap().unwrap();
    assert_eq!(bytes, 36_000_004);
    let source = stack.ports().await.sources.open(&url).await.unwrap();
    let read = move || {
        let mut found = vec![0; 20];
        source.read_at(27_000_003 - 10, &mut found).unwrap();
        found
    };
    let found = tokio::task::spawn_blocking(read).await.unwrap();
    let expected = [&piece[piece.len() - 10..], &piece[..10]].concat();
    assert_eq!(found, expected, "the parts in their order");
    for name in ["", "../a.mp4", "a/b.mp4", ".."] {
        assert!(files.begin(name).await.is_err(), "{name:?}");
        assert!(files.find(name).await.is_err(), "{name:?}");
        assert!(files.remove(name).await.is_err(), "{name:?}");
    }
}

/// A server of this machine; its port.
async fn server() -> u16 {
    let seen = |headers: HeaderMap| async move {
        let of = |name: header::HeaderName| headers.get(name).cloned().unwrap();
        let values = [of(header::HOST), of(header::ACCEPT_ENCODING)];
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .join(" ")
    };
    let page = || async { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], "x") };
    let packed = || async { ([(header::CONTENT_ENCODING, "gzip")], "x") };
    let to = |url: &'static str| get(move || async move { Redirect::temporary(url) });
    let router = Router::new()
        .route("/a.mp4", get(|| async { vec![7_u8; 3_000_000] }))
        .route("/seen", get(seen))
        .route("/page", get(page))
        .route("/packed", get(packed))
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route("/busy", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/near", to("/a.mp4"))
        .route("/loop", to("/loop"))
        .route("/metadata", to("http://169.254.169.254/latest/meta-data/"))
        .route("/ftp", to("ftp://example.com/a"))
        .route("/user", to("http://a:b@127.0.0.1/a"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

type Got = Result<(Option<u64>, Vec<u8>), DownloadFailure>;

async fn download(client: &Arc<PinnedClient>, url: String) -> Got {
    let client = Arc::clone(client);
    let get = move || {
        let mut found = client.open(&url)?;
        let mut bytes = Vec::new();
        found.body.read_to_end(&mut bytes).unwrap();
        Ok((found.length_bytes, bytes))
    };
    tokio::task::spawn_blocking(get).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_is_followed_to_its_file_and_nowhere_else() {
    let port = server().await;
    let allowed = AddressRules::new(vec![format!("127.0.0.1:{port}").parse().unwrap()]);
    let client = Arc::new(PinnedClient::new(allowed).unwrap());
    let at = |path: &str| download(&client, format!("http://127.0.0.1:{port}{path}"));
    for path in ["/a.mp4", "/a.mp4#t=1", "/near"] {
        let (length, bytes) = at(path).await.unwrap();
        assert_eq!(
            (length, bytes.len()),
            (Some(3_000_000), 3_000_000),
            "{path}"
        );
    }
    let (_, seen) = at("/seen").await.unwrap();
    let expected = format!("127.0.0.1:{port} identity");
    assert_eq!(String::from_utf8(seen).unwrap(), expected);
    for (path, cause) in [
        ("/page", "text/html"),
        ("/packed", "compressed"),
        ("/gone", "status 410"),
        ("/loop", "redirects more than 5 times"),
        ("/metadata", "not public (link-local)"),
        ("/ftp", "leads to ftp://"),
        ("/user", "user name"),
    ] {
        match at(path).await {
            Err(DownloadFailure::Refused(said)) => assert!(said.contains(cause), "{said}"),
            other => panic!("{path}: {other:?}"),
        }
    }
    let busy = at("/busy").await;
    assert!(
        matches!(busy, Err(DownloadFailure::NoAnswer(_))),
        "{busy:?}"
    );
}

/// What is looked up, however it is spelt, is looked at before anything is sent to it.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_public_is_called() {
    let port = server().await;
    let client = Arc::new(PinnedClient::new(AddressRules::default()).unwrap());
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/a.mp4");
            match download(&client, url).await {
                Err(DownloadFailure::Refused(said)) => {
                    assert!(said.contains("not public"), "{host}: {said}");
                    assert!(!said.contains("127.0.0.1"), "{said}");
                }
                other => panic!("{host}: {other:?}"),
            }
        }
    }
}

/// Each call of UploadMediaByURL left two items for ever.
#[tokio::test]
async fn an_upload_that_ended_is_kept_for_ever() {
    use aws_sdk_dynamodb::types::AttributeValue;
    use service::model::{UploadEnd, UploadResult};
    use service::ports::{Clock, SystemClock};
    let stack = stack!();
    let uploads = stack.ports().await.uploads;
    let (client, table) = (stack.dynamodb(), &stack.deployment.table);
    let items = async || {
        let scan = client.scan().table_name(table).consistent_read(true);
        scan.send().await.unwrap().items.unwrap()
    };
    let upload = suite::upload("http://a.example/a.mp4");
    uploads.create(&upload).await.unwrap();
    let end = UploadEnd {
        at_ms: SystemClock.now_ms(),
        result: UploadResult::Fail {
            code: "URLInvalidError".to_owned(),
            message: "m".to_owned(),
        },
    };
    uploads.end(&upload.id, &end).await.unwrap();
    let left = items().await;
    assert_eq!(left.len(), 2);
    let has_expiry =
        |item: &std::collections::HashMap<String, AttributeValue>| item.contains_key("expires");
    assert!(!left.iter().any(has_expiry), "its events are not published");
    uploads.record_published(&upload.id).await.unwrap();
    let now_s = SystemClock.now_ms() / 1000;
    for item in items().await {
        let expires_s: i64 = item["expires"].as_n().unwrap().parse().unwrap();
        let days = (expires_s - now_s + 60) / 86_400;
        assert_eq!(days, 30, "{item:?}");
    }
    assert!(uploads.get(&upload.id).await.unwrap().is_some());
    // DynamoDB takes its time to remove what has expired.
    for item in items().await {
        let update = client.update_item().table_name(table);
        let update = update.key("pk", item["pk"].clone());
        update
            .key("sk", item["sk"].clone())
            .update_expression("SET expires = :past")
            .expression_attribute_values(":past", AttributeValue::N((now_s - 1).to_string()))
            .send()
            .await
            .unwrap();
    }
    assert_eq!(uploads.get(&upload.id).await.unwrap(), None);
    let by_url = uploads.by_url("http://a.example/a.mp4").await.unwrap();
    assert_eq!(by_url, None);
}
