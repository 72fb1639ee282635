use super::MemoryStore;
use crate::model::{JobId, Upload, UploadEnd, UploadState, UploadTrials};
use crate::ports::{PortError, PortResult, UploadFiles, UploadWriter, Uploads};
use async_trait::async_trait;
use bytes::Bytes;
use contract::url_key;

#[async_trait]
impl Uploads for MemoryStore {
    async fn create(&self, upload: &Upload) -> PortResult<()> {
        let uploads = &mut self.lock().uploads;
        uploads
            .entry(upload.id.clone())
            .or_insert_with(|| upload.clone());
        Ok(())
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>> {
        Ok(self.lock().uploads.get(id).cloned())
    }

    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>> {
        let tables = self.lock();
        let key = url_key::of(source_url);
        let of_url = |upload: &&Upload| url_key::of(&upload.source_url) == key;
        let of_url = tables.uploads.values().filter(of_url);
        Ok(of_url.max_by_key(|u| (u.created_ms, u.id.clone())).cloned())
    }

    async fn start(&self, id: &JobId) -> PortResult<()> {
        if let Some(upload) = self.lock().uploads.get_mut(id)
            && upload.state == UploadState::Pending
        {
            upload.state = UploadState::Processing;
        }
        Ok(())
    }

    async fn record_trials(&self, id: &JobId, trials: UploadTrials) -> PortResult<()> {
        if let Some(upload) = self.lock().uploads.get_mut(id)
            && !matches!(upload.state, UploadState::Ended(_))
        {
            upload.trials = trials;
        }
        Ok(())
    }

    async fn end(&self, id: &JobId, end: &UploadEnd) -> PortResult<UploadEnd> {
        let uploads = &mut self.lock().uploads;
        let none = || PortError::refused("uploads", "the upload does not exist");
        let upload = uploads.get_mut(id).ok_or_else(none)?;
        if let UploadState::Ended(first) = &upload.state {
            return Ok(first.clone());
        }
        upload.state = UploadState::Ended(end.clone());
        Ok(end.clone())
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        if let Some(upload) = self.lock().uploads.get_mut(id) {
            upload.events_published = true;
        }
        Ok(())
    }
}

/// Uploaded files are sources like all others in memory.
fn file_url(name: &str) -> String {
    format!("memory:uploads/{name}")
}

#[async_trait]
impl UploadFiles for MemoryStore {
    async fn begin(&self, name: &str) -> PortResult<Box<dyn UploadWriter>> {
        Ok(Box::new(MemoryWriter {
            store: self.clone(),
            file_url: file_url(name),
            bytes: Vec::new(),
        }))
    }

    async fn find(&self, name: &str) -> PortResult<Option<(String, u64)>> {
        let url = file_url(name);
        let bytes = self.lock().files.get(&url).map(|file| file.len() as u64);
        Ok(bytes.map(|bytes| (url, bytes)))
    }

    async fn used_bytes(&self) -> PortResult<u64> {
        let tables = self.lock();
        let uploaded = tables.files.iter();
        let uploaded = uploaded.filter(|(url, _)| url.starts_with("memory:uploads/"));
        Ok(uploaded.map(|(_, file)| file.len() as u64).sum())
    }

    async fn free_bytes(&self) -> PortResult<Option<u64>> {
        Ok(self.lock().free_bytes)
    }

    async fn remove(&self, name: &str) -> PortResult<()> {
        self.lock().files.remove(&file_url(name));
        Ok(())
    }
}

struct MemoryWriter {
    store: MemoryStore,
    file_url: String,
    bytes: Vec<u8>,
}

#[async_trait]
impl UploadWriter for MemoryWriter {
    async fn write(&mut self, bytes: Bytes) -> PortResult<()> {
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> PortResult<()> {
        let Self {
            store,
            file_url,
            bytes,
        } = *self;
        store.put_file(&file_url, bytes);
        Ok(())
    }

    async fn discard(self: Box<Self>) {}
}
