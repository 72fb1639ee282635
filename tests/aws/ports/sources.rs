use crate::stack;
use cloud::Stack;
use service::test_suite::{self as suite, Files};
use source::{RangeSource, ReadError};
use std::sync::Arc;

/// A source reads where blocking is fine, as jobs do.
async fn read(
    source: &Arc<dyn RangeSource>,
    offset: u64,
    length: usize,
) -> Result<Vec<u8>, ReadError> {
    let source = source.clone();
    let read = move || {
        let mut bytes = vec![0; length];
        source.read_at(offset, &mut bytes).map(|()| bytes)
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

async fn opened(stack: &Stack, bytes: Vec<u8>) -> (String, Arc<dyn RangeSource>) {
    let url = stack.put_source("d/a b.mp4", bytes).await;
    let source = stack.ports().await.sources.open(&url).await.unwrap();
    (url, source)
}

#[tokio::test]
async fn only_buckets_that_the_deployment_names_are_read() {
    let stack = stack!();
    let readable = stack.put_source("d/a b.mp4", vec![7; 5]).await;
    let bucket = &stack.deployment.source_buckets[0];
    let other = &stack.deployment.bucket;
    let put = stack.s3().put_object().bucket(other).key("a.mp4");
    put.body(vec![7].into()).send().await.unwrap();
    let files = Files {
        size_bytes: 5,
        missing: format!("s3://{bucket}/none.mp4"),
        outside: vec![format!("s3://{other}/a.mp4")],
        missing_outside: vec![
            format!("s3://{other}/none.mp4"),
            "s3://no-such-bucket/a.mp4".to_owned(),
            "file:///etc/passwd".to_owned(),
            "http://169.254.169.254/a.mp4".to_owned(),
        ],
        readable,
    };
    let sources = stack.ports().await.sources;
    suite::sources(&*sources, &files).await;
    for host in [
        format!("https://{bucket}.s3.us-east-1.amazonaws.com/d/a%20b.mp4"),
        format!("https://s3.us-east-1.amazonaws.com/{bucket}/d/a%20b.mp4"),
    ] {
        assert_eq!(sources.open(&host).await.unwrap().bytes(), 5, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_range_of_an_object_is_read() {
    let stack = stack!();
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let (_, source) = opened(&stack, bytes.clone()).await;
    for (offset, length) in [(0, 1), (0, 3_000_000), (2_999_999, 1), (1_000_003, 700_000)] {
        let got = read(&source, offset, length).await.unwrap();
        let from = usize::try_from(offset).unwrap();
        assert!(got == bytes[from..from + length], "{offset} {length}");
    }
    assert!(read(&source, 5, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn bytes_past_the_end_are_an_error() {
    let stack = stack!();
    let (_, source) = opened(&stack, vec![1; 10]).await;
    for (offset, length) in [(10, 1), (5, 6), (u64::MAX, 2)] {
        let past = read(&source, offset, length).await;
        assert!(
            matches!(past, Err(ReadError::Changed)),
            "{offset}: {past:?}"
        );
    }
}

#[tokio::test]
async fn an_object_that_is_replaced_is_not_read_on() {
    let stack = stack!();
    let (_, source) = opened(&stack, vec![1; 10]).await;
    assert_eq!(read(&source, 0, 2).await.unwrap(), [1, 1]);
    stack.put_source("d/a b.mp4", vec![2; 10]).await;
    let replaced = read(&source, 0, 2).await;
    assert!(matches!(replaced, Err(ReadError::Changed)), "{replaced:?}");
}

#[tokio::test]
async fn an_object_that_is_deleted_is_gone() {
    let stack = stack!();
    let (_, source) = opened(&stack, vec![1; 10]).await;
    let delete = stack.s3().delete_object().key("d/a b.mp4");
    let bucket = &stack.deployment.source_buckets[0];
    delete.bucket(bucket).send().await.unwrap();
    let gone = read(&source, 0, 2).await;
    assert!(matches!(gone, Err(ReadError::Gone)), "{gone:?}");
}

#[tokio::test]
async fn a_version_is_read_whatever_comes_after_it() {
    let stack = stack!().with_ranges_of_versions().await;
    stack.keep_versions().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    let (_, source) = opened(&stack, bytes.clone()).await;
    for _ in 0..2 {
        for (offset, length) in [(0, 3000), (0, 1), (2999, 1), (1000, 700)] {
            let got = read(&source, offset, length).await.unwrap();
            let from = usize::try_from(offset).unwrap();
            assert!(got == bytes[from..from + length], "{offset} {length}");
        }
        stack.put_source("d/a b.mp4", vec![9; 2000]).await;
    }
    let url = format!("s3://{}/d/a b.mp4", stack.deployment.source_buckets[0]);
    let now = stack.ports().await.sources.open(&url).await.unwrap();
    assert_eq!(read(&now, 5, 3).await.unwrap(), [9; 3]);
    assert_ne!(now.identity(), source.identity());
    let delete = stack.s3().delete_object().key("d/a b.mp4");
    let bucket = &stack.deployment.source_buckets[0];
    delete.bucket(bucket).send().await.unwrap();
    assert_eq!(
        read(&source, 255, 2).await.unwrap(),
        [255, 0],
        "hidden by a mark"
    );
}
