use super::MemoryStore;
use crate::model::{ImageType, UnixMs, Video, VideoChange, VideoId, VideoInfo};
use crate::ports::{PortResult, Registration, VideoList, Videos};
use crate::video_filter::{follows, matches};
use async_trait::async_trait;
use contract::command::{ScrollToken, VideoPage};

#[async_trait]
impl Videos for MemoryStore {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        let videos = &mut self.lock().videos;
        let reference = video.reference_id.as_ref();
        let holder = videos
            .values()
            .find(|held| reference.is_some() && held.reference_id.as_ref() == reference);
        let holder = holder.map(|holder| holder.id.clone());
        let placed = |held: &&Video| held.place.is_some() && held.place == video.place;
        let spelt = |held: &&Video| {
            let is_placed = held.place.is_some() && video.place.is_some();
            !is_placed && held.file_url == video.file_url
        };
        let known = videos.values().find(placed);
        let known = known.or_else(|| videos.values().find(spelt));
        let known = known.map(|known| known.id.clone());
        if let Some(known) = known.and_then(|id| videos.get_mut(&id)) {
            match holder {
                Some(holder) if holder != known.id => return Ok(Registration::ReferenceTaken),
                _ => {}
            }
            if known.place.is_none() {
                known.place.clone_from(&video.place);
            }
            if known.reference_id.is_none() {
                known.reference_id.clone_from(&video.reference_id);
            }
            known.place = video.place.or(known.place.take());
            return Ok(Registration::Known(known.clone()));
        }
        if holder.is_some() {
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

    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        if let Some(video) = self.lock().videos.get_mut(id) {
            video.facts = None;
            (video.size_bytes, video.modified_ms) = (size_bytes, now_ms);
        }
        Ok(())
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        if let Some(video) = self.lock().videos.get_mut(id) {
            (video.facts, video.modified_ms) = (Some(facts.clone()), now_ms);
            video.size_bytes = facts.size_bytes;
        }
        Ok(())
    }

    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>> {
        let videos = &mut self.lock().videos;
        let Some(video) = videos.get_mut(id) else {
            return Ok(None);
        };
        *video = video.clone().changed(change, now_ms);
        Ok(Some(video.clone()))
    }

    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()> {
        if let Some(video) = self.lock().videos.get_mut(id) {
            video.deletions.record(image_type, until_ms);
        }
        Ok(())
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        Ok(self.lock().videos.remove(id).is_some())
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        let tables = self.lock();
        let videos = tables.videos.values();
        let mut matching: Vec<_> = videos
            .filter(|video| matches(&page.filter, video))
            .cloned()
            .collect();
        matching.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
        if page.newest_first {
            matching.reverse();
        }
        let total = matching.len() as u64;
        let offset = match after {
            None => page.offset,
            Some(token) => {
                matching.retain(|video| follows(token, page.newest_first, video));
                0
            }
        };
        Ok(VideoList {
            videos: matching.into_iter().skip(offset).take(page.size).collect(),
            total,
            is_cut_short: false,
        })
    }
}
