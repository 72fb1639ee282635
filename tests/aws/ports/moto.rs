//! What moto does and the other emulator does not: ranges of versions, and buckets whose objects are
//! under a key of KMS unless a call says otherwise.

use crate::stack;
use aws::Clients;
use aws_sdk_s3::types::{
    BucketVersioningStatus, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};
use bytes::Bytes;
use cloud::Moto;
use service::ports::Ports;
use source::RangeSource;
use std::sync::Arc;

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/0d9a5f2e-5f0a-4c6f-9f5e-0f3c1f5b7a11";

struct Place {
    s3: aws_sdk_s3::Client,
    ports: Ports,
    _moto: Moto,
}

/// Both buckets in moto, all else where it is.
async fn place() -> Place {
    let moto = tokio::task::spawn_blocking(Moto::start).await.unwrap();
    let mut deployment = stack!().deployment;
    deployment.bucket = "pictures".to_owned();
    deployment.source_buckets = vec!["films".to_owned()];
    let config = cloud::stack::config(&moto.endpoint).await;
    let s3 = aws_sdk_s3::Client::new(&config);
    for bucket in ["pictures", "films"] {
        s3.create_bucket().bucket(bucket).send().await.unwrap();
    }
    let ports = aws::ports(&Clients::new(&config), &deployment).await;
    Place {
        s3,
        ports: ports.unwrap(),
        _moto: moto,
    }
}

async fn read(source: Arc<dyn RangeSource>, offset: u64) -> [u8; 3] {
    let read = move || {
        let mut bytes = [0; 3];
        source.read_at(offset, &mut bytes).map(|()| bytes)
    };
    tokio::task::spawn_blocking(read).await.unwrap().unwrap()
}

/// A job that runs goes on with the file that it began with.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_an_older_version_has_bytes_of_the_newer_one() {
    let place = place().await;
    let versions = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    let put = place.s3.put_bucket_versioning().bucket("films");
    put.versioning_configuration(versions).send().await.unwrap();
    let put = |body: &'static [u8]| {
        let put = place.s3.put_object().bucket("films").key("a b.mp4");
        put.body(Bytes::from_static(body).into()).send()
    };
    let id = put(b"0123456789").await.unwrap().version_id.unwrap();
    let older = place.ports.sources.open("s3://films/a b.mp4").await;
    let older = older.unwrap();
    put(b"abcdefghijkl").await.unwrap();
    let newer = place.ports.sources.open("s3://films/a b.mp4").await;
    let newer = newer.unwrap();
    assert_eq!(older.identity().as_deref(), Some(id.as_str()));
    assert_ne!(newer.identity(), older.identity());
    assert_eq!((older.bytes(), newer.bytes()), (10, 12));
    assert_eq!(&read(older, 3).await, b"345");
    assert_eq!(&read(newer, 3).await, b"def");
}

/// Nothing that is sent with a picture keeps it from the bucket's own key.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_bucket_under_kms_has_another_key() {
    let place = place().await;
    let by_default = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::AwsKms)
        .kms_master_key_id(KEY);
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(by_default.build().unwrap())
        .bucket_key_enabled(true);
    let rules = ServerSideEncryptionConfiguration::builder().rules(rule.build());
    let put = place.s3.put_bucket_encryption().bucket("pictures");
    let put = put.server_side_encryption_configuration(rules.build().unwrap());
    put.send().await.unwrap();
    let key = "video/snapshots/job-00001.jpg";
    let body = Bytes::from_static(b"jpeg");
    let objects = place.ports.objects;
    objects.put(key, "image/jpeg", body.clone()).await.unwrap();
    let head = place.s3.head_object().bucket("pictures").key(key);
    let head = head.send().await.unwrap();
    assert_eq!(
        head.server_side_encryption,
        Some(ServerSideEncryption::AwsKms)
    );
    assert_eq!(head.ssekms_key_id.as_deref(), Some(KEY));
    assert_eq!(objects.get(key).await.unwrap(), Some(body));
}
