//! [`UploadFiles`] in a bucket of S3 that holds nothing else.
//!
//! A file goes there in parts, and has its name once it is whole. What nobody finished or gave up,
//! as where a process died, the bucket's own rule for incomplete uploads removes.

use crate::call_error::CallError;
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use service::ports::{PortError, PortResult, UploadFiles, UploadWriter, is_object_key};
use tracing::warn;

const PORT: &str = "upload files";

/// Of a part; S3 takes 10,000, so that a file may have 160 GB.
const PART_BYTES: usize = 16 << 20;

/// The bucket of uploaded files.
#[derive(Debug, Clone)]
pub(crate) struct UploadBucket {
    pub(crate) client: Client,
    pub(crate) name: String,
}

struct PartWriter {
    bucket: UploadBucket,
    key: String,
    /// None until there is more than one part holds.
    id: Option<String>,
    parts: Vec<CompletedPart>,
    /// What is not sent yet.
    rest: BytesMut,
}

#[async_trait]
impl UploadFiles for UploadBucket {
    async fn begin(&self, name: &str) -> PortResult<Box<dyn UploadWriter>> {
        Ok(Box::new(PartWriter {
            bucket: self.clone(),
            key: good(name)?.to_owned(),
            id: None,
            parts: Vec::new(),
            rest: BytesMut::new(),
        }))
    }

    async fn find(&self, name: &str) -> PortResult<Option<(String, u64)>> {
        let head = self.client.head_object().bucket(&self.name);
        let head = match head.key(good(name)?).send().await {
            Ok(head) => head,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_not_found()) => {
                return Ok(None);
            }
            Err(error) => return Err(call_failed(error)),
        };
        let bytes = head.content_length().and_then(|n| u64::try_from(n).ok());
        let url = format!("s3://{}/{name}", self.name);
        Ok(bytes.map(|bytes| (url, bytes)))
    }

    async fn used_bytes(&self) -> PortResult<u64> {
        let list = self.client.list_objects_v2().bucket(&self.name);
        let mut pages = list.into_paginator().send();
        let mut bytes = 0_u64;
        while let Some(page) = pages.next().await {
            let page = page.map_err(call_failed)?;
            let sizes = page.contents().iter().filter_map(|object| object.size());
            let sizes = sizes.filter_map(|size| u64::try_from(size).ok());
            bytes = sizes.fold(bytes, u64::saturating_add);
        }
        Ok(bytes)
    }

    async fn remove(&self, name: &str) -> PortResult<()> {
        let delete = self.client.delete_object().bucket(&self.name);
        let sent = delete.key(good(name)?).send().await;
        sent.map(drop).map_err(call_failed)
    }
}

#[async_trait]
impl UploadWriter for PartWriter {
    async fn write(&mut self, bytes: Bytes) -> PortResult<()> {
        self.rest.extend_from_slice(&bytes);
        while self.rest.len() > PART_BYTES {
            let part = self.rest.split_to(PART_BYTES).freeze();
            self.send(part).await?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> PortResult<()> {
        let rest = std::mem::take(&mut self.rest).freeze();
        if self.id.is_none() {
            let put = self.bucket.client.put_object().bucket(&self.bucket.name);
            let put = put.key(&self.key).content_type(CONTENT_TYPE);
            let sent = put.body(ByteStream::from(rest)).send().await;
            return sent.map(drop).map_err(call_failed);
        }
        let ended = match self.send(rest).await {
            Ok(()) => self.complete().await,
            Err(cause) => Err(cause),
        };
        if ended.is_err() {
            self.discard().await;
        }
        ended
    }

    async fn discard(self: Box<Self>) {
        let Some(id) = &self.id else { return };
        let client = &self.bucket.client;
        let abort = client.abort_multipart_upload().bucket(&self.bucket.name);
        let sent = abort.key(&self.key).upload_id(id).send().await;
        if let Err(cause) = sent {
            let cause = CallError(cause);
            warn!(%cause, "the parts of an upload stay until the bucket removes them");
        }
    }
}

/// Whatever it is: nobody can tell by a URL, and jobs look into the file itself.
const CONTENT_TYPE: &str = "application/octet-stream";

impl PartWriter {
    async fn begun(&mut self) -> PortResult<String> {
        if let Some(id) = &self.id {
            return Ok(id.clone());
        }
        let client = &self.bucket.client;
        let create = client.create_multipart_upload().bucket(&self.bucket.name);
        let create = create.key(&self.key).content_type(CONTENT_TYPE);
        let created = create.send().await.map_err(call_failed)?;
        let id = created.upload_id;
        let id = id.ok_or_else(|| PortError::unavailable(PORT, "an upload without an id"))?;
        self.id = Some(id.clone());
        Ok(id)
    }

    async fn send(&mut self, part: Bytes) -> PortResult<()> {
        let id = self.begun().await?;
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let client = &self.bucket.client;
        let sent = client
            .upload_part()
            .bucket(&self.bucket.name)
            .key(&self.key)
            .upload_id(id)
            .part_number(number)
            .body(ByteStream::from(part))
            .send()
            .await
            .map_err(call_failed)?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(sent.e_tag)
            .set_checksum_crc32(sent.checksum_crc32);
        self.parts.push(part.build());
        Ok(())
    }

    async fn complete(&mut self) -> PortResult<()> {
        let parts = std::mem::take(&mut self.parts);
        let whole = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let client = &self.bucket.client;
        let complete = client
            .complete_multipart_upload()
            .bucket(&self.bucket.name)
            .key(&self.key)
            .set_upload_id(self.id.clone())
            .multipart_upload(whole.build());
        complete.send().await.map(drop).map_err(call_failed)
    }
}

fn good(name: &str) -> PortResult<&str> {
    match is_object_key(name) && !name.contains('/') {
        true => Ok(name),
        false => Err(PortError::refused(PORT, "not the name of a file")),
    }
}

fn call_failed(cause: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::unavailable(PORT, CallError(cause))
}
