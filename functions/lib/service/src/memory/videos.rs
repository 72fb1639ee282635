use super::MemoryStore;
use crate::model::{UnixMs, Video, VideoId, VideoInfo};
use crate::ports::{PortResult, Registration, Videos};
use async_trait::async_trait;

#[async_trait]
impl Videos for MemoryStore {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        let videos = &mut self.lock().videos;
        let mut held = videos.values();
        if let Some(known) = held.find(|known| known.file_url == video.file_url) {
            return Ok(Registration::Known(known.clone()));
        }
        let reference = video.reference_id.as_ref();
        if reference.is_some()
            && videos
                .values()
                .any(|held| held.reference_id.as_ref() == reference)
        {
            return Ok(Registration::ReferenceTaken);
        }
        videos.insert(video.id.clone(), video.clone());
        Ok(Registration::New(video))
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        Ok(self.lock().videos.get(id).cloned())
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        let tables = self.lock();
        let named = |video: &&Video| video.reference_id.as_deref() == Some(reference_id);
        Ok(tables.videos.values().find(named).cloned())
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        if let Some(video) = self.lock().videos.get_mut(id) {
            (video.facts, video.modified_ms) = (Some(facts.clone()), now_ms);
        }
        Ok(())
    }
}
