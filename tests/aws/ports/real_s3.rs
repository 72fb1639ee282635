//! What S3 does and no emulator: buckets of other regions, and ranges of versions.

use crate::stack;
use aws::Clients;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use service::ports::SourceError;
use source::ReadError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

/// A front of S3 as its documentation has it: calls signed for another region than the bucket's are
/// answered with 301 and, as a rule, with the name of the right one.
#[derive(Clone)]
struct Front {
    names_region: bool,
    calls: Arc<AtomicUsize>,
}

async fn answer(State(front): State<Front>, request: Request) -> Response<Body> {
    front.calls.fetch_add(1, Ordering::Relaxed);
    let signed = request.headers().get("authorization");
    let signed = signed
        .and_then(|text| text.to_str().ok())
        .unwrap_or_default();
    let right = signed.contains("/eu-west-1/s3/");
    let is_range = request.headers().contains_key("range");
    let mut answer = Response::builder();
    answer = match (right, is_range) {
        (false, _) if front.names_region => answer
            .status(StatusCode::MOVED_PERMANENTLY)
            .header("x-amz-bucket-region", "eu-west-1"),
        (false, _) => answer.status(StatusCode::MOVED_PERMANENTLY),
        (true, false) => answer.header("content-length", "5").header("etag", "\"e\""),
        (true, true) => answer
            .status(StatusCode::PARTIAL_CONTENT)
            .header("etag", "\"e\""),
    };
    let body = if right && is_range {
        Body::from("01234")
    } else {
        Body::empty()
    };
    answer.body(body).unwrap()
}

async fn front(names_region: bool) -> (SdkConfig, Arc<AtomicUsize>) {
    let front = Front {
        names_region,
        calls: Arc::default(),
    };
    let calls = Arc::clone(&front.calls);
    let router = Router::new().fallback(answer).with_state(front);
    (config_at(router).await, calls)
}

async fn config_at(router: Router) -> SdkConfig {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let credentials = aws_sdk_s3::config::Credentials::new("test", "test", None, None, "tests");
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(credentials);
    config.load().await
}

/// Of a bucket with versions: whole objects where nobody asks for a range of a version.
async fn versioned(request: Request) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let range = request
        .headers()
        .get("range")
        .and_then(|text| text.to_str().ok());
    let answer = Response::builder()
        .header("x-amz-version-id", "v1")
        .header("etag", "\"e\"");
    let answer = match (request.method().as_str(), range) {
        ("HEAD", _) => answer.header("content-length", "10").body(Body::empty()),
        ("GET", Some("bytes=3-5")) if query.contains("versionId=v1") => answer
            .status(StatusCode::PARTIAL_CONTENT)
            .body(Body::from("345")),
        _ => answer.body(Body::from("0123456789")),
    };
    answer.unwrap()
}

/// The emulator gives no ranges of versions, so that nobody saw whether they are asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_a_version_is_the_whole_object() {
    let deployment = stack!().deployment;
    let config = config_at(Router::new().fallback(versioned)).await;
    let ports = aws::ports(&Clients::new(&config), &deployment)
        .await
        .unwrap();
    let url = format!("s3://{}/a.mp4", deployment.source_buckets[0]);
    let opened = ports.sources.open(&url).await.unwrap();
    assert_eq!(opened.identity().as_deref(), Some("v1"));
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = [0; 3];
        opened.read_at(3, &mut bytes).map(|()| bytes)
    });
    assert_eq!(&read.await.unwrap().unwrap(), b"345");
}

/// S3 under a key of KMS that this role may not use: the object is there, its bytes are not.
async fn under_kms(request: Request) -> Response<Body> {
    let answer = Response::builder().header("etag", "\"e\"");
    let refused = |status: StatusCode, code: &str, message: &str| {
        let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        Response::builder().status(status).body(Body::from(body))
    };
    let answer = match (request.method().as_str(), request.uri().path()) {
        ("HEAD", _) => answer.header("content-length", "10").body(Body::empty()),
        (_, path) if path.ends_with("disabled.mp4") => refused(
            StatusCode::BAD_REQUEST,
            "KMS.DisabledException",
            "k is disabled.",
        ),
        _ => refused(
            StatusCode::FORBIDDEN,
            "AccessDenied",
            "r is not authorized to perform: kms:Decrypt",
        ),
    };
    answer.unwrap()
}

/// "access denied" was all that anybody heard, and of a disabled key that S3 fails now and then.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_that_it_is_the_key_that_denies_a_file() {
    let deployment = stack!().deployment;
    let config = config_at(Router::new().fallback(under_kms)).await;
    let ports = aws::ports(&Clients::new(&config), &deployment)
        .await
        .unwrap();
    for (name, said) in [
        ("denied", "kms:Decrypt"),
        ("disabled", "KMS.DisabledException"),
    ] {
        let url = format!("s3://{}/{name}.mp4", deployment.source_buckets[0]);
        let opened = ports.sources.open(&url).await.unwrap();
        let read = tokio::task::spawn_blocking(move || opened.read_at(3, &mut [0; 3]));
        let Err(ReadError::Denied(reason)) = read.await.unwrap() else {
            panic!("not denied: {name}");
        };
        assert!(reason.contains(said), "{reason}");
    }
}

/// It was "try again" for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_of_another_region_is_never_read() {
    let deployment = stack!().deployment;
    let (config, calls) = front(true).await;
    let sources = aws::ports(&Clients::new(&config), &deployment)
        .await
        .unwrap();
    let url = format!("s3://{}/a.mp4", deployment.source_buckets[0]);
    let opened = sources.sources.open(&url).await.unwrap();
    assert_eq!(opened.bytes(), 5);
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = [0; 5];
        opened.read_at(0, &mut bytes).map(|()| bytes)
    });
    assert_eq!(&read.await.unwrap().unwrap(), b"01234");
    assert_eq!(
        calls.load(Ordering::Relaxed),
        3,
        "one call to learn where it is"
    );
    sources.sources.open(&url).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 4, "and none after it");
}

#[tokio::test]
async fn a_bucket_in_no_region_that_anybody_names_is_refused_at_once() {
    let deployment = stack!().deployment;
    let (config, _) = front(false).await;
    let sources = aws::ports(&Clients::new(&config), &deployment)
        .await
        .unwrap();
    let url = format!("s3://{}/a.mp4", deployment.source_buckets[0]);
    let refused = sources.sources.open(&url).await;
    assert!(
        matches!(refused, Err(SourceError::NotAllowed)),
        "{refused:?}"
    );
}
