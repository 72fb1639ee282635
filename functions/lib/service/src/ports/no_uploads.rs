use super::{PortError, PortResult, UploadFiles, UploadWriter, Uploads};
use crate::model::{JobId, Upload, UploadEnd, UploadTrials};
use async_trait::async_trait;

/// Of a deployment that takes no uploads by URL: there are none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoUploads;

fn refused() -> PortError {
    PortError::refused("uploads", "this deployment takes no uploads by URL")
}

#[async_trait]
impl Uploads for NoUploads {
    async fn create(&self, _upload: &Upload) -> PortResult<()> {
        Err(refused())
    }

    async fn get(&self, _id: &JobId) -> PortResult<Option<Upload>> {
        Ok(None)
    }

    async fn by_url(&self, _source_url: &str) -> PortResult<Option<Upload>> {
        Ok(None)
    }

    async fn start(&self, _id: &JobId) -> PortResult<()> {
        Ok(())
    }

    async fn record_trials(&self, _id: &JobId, _trials: UploadTrials) -> PortResult<()> {
        Ok(())
    }

    async fn end(&self, _id: &JobId, _end: &UploadEnd) -> PortResult<UploadEnd> {
        Err(refused())
    }

    async fn record_published(&self, _id: &JobId) -> PortResult<()> {
        Ok(())
    }
}

#[async_trait]
impl UploadFiles for NoUploads {
    async fn begin(&self, _name: &str) -> PortResult<Box<dyn UploadWriter>> {
        Err(refused())
    }

    async fn find(&self, _name: &str) -> PortResult<Option<(String, u64)>> {
        Ok(None)
    }

    async fn used_bytes(&self) -> PortResult<u64> {
        Ok(0)
    }

    async fn remove(&self, _name: &str) -> PortResult<()> {
        Ok(())
    }
}
