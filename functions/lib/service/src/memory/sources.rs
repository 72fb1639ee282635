use super::MemoryStore;
use crate::model::{UnixMs, Video};
use crate::ports::{SourceError, Sources};
use async_trait::async_trait;
use source::{RangeSource, ReadError};
use std::sync::Arc;

#[async_trait]
impl Sources for MemoryStore {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        if !file_url.starts_with("memory:") {
            return Err(SourceError::NotAllowed);
        }
        let bytes = self.lock().files.get(file_url).cloned();
        let bytes = bytes.ok_or(SourceError::NotFound)?;
        Ok(Arc::new(MemorySource(bytes)))
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        let file = video.file_url.split('?').next().unwrap_or_default();
        Ok(format!("{file}?Expires={expires_ms}"))
    }
}

/// A file in memory.
#[derive(Debug)]
pub struct MemorySource(pub Vec<u8>);

impl RangeSource for MemorySource {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let range = from..from.saturating_add(into.len());
        into.copy_from_slice(self.0.get(range).ok_or(ReadError::Changed)?);
        Ok(())
    }
}
