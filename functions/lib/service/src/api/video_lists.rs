//! GetVideoInfos, GetVideoList and SearchMedia: several videos at a time.

use super::{Api, Reply, port_failed, reply};
use crate::model::Video;
use crate::ports::VideoList;
use crate::video_filter::matches;
use contract::command::{
    GetVideoInfos, GetVideoList, ScrollToken, SearchMedia, VideoPage, VideoRefs,
};
use contract::error::ApiError;
use contract::response::body::{self, VideoSummary};
use tokio::task::JoinSet;

/// Videos whose pictures are looked for at a time.
const AT_ONCE: usize = 16;

impl Api {
    pub(super) async fn video_infos(&self, command: GetVideoInfos) -> Reply {
        let found = self.videos_named(&command.videos).await?;
        reply(body::GetVideoInfos {
            videos: self.summaries(found.videos).await?,
            missing_ids: found.missing_ids,
            missing_references: found.missing_references,
        })
    }

    pub(super) async fn video_list(&self, command: GetVideoList) -> Reply {
        let list = match command.reference_ids.is_empty() {
            true => self.listed(&command.page, None, "StartTime").await?,
            false => self.referenced(command).await?,
        };
        reply(body::GetVideoList {
            total: list.total,
            videos: self.summaries(list.videos).await?,
        })
    }

    pub(super) async fn search_media(&self, command: SearchMedia) -> Reply {
        let list = match command.videos {
            true => {
                self.listed(&command.page, command.after.as_ref(), "Match")
                    .await?
            }
            // There are no other media.
            false => VideoList::default(),
        };
        let last = list.videos.last();
        let token = last.map(|video| ScrollToken::after(video.created_ms, &video.id).text());
        reply(body::SearchMedia {
            total: list.total,
            scroll_token: token,
            videos: self.summaries(list.videos).await?,
        })
    }

    /// Of a few videos, each of which is found by its name.
    async fn referenced(&self, command: GetVideoList) -> Result<VideoList, ApiError> {
        let page = command.page;
        let names = VideoRefs {
            video_ids: Vec::new(),
            reference_ids: command.reference_ids,
        };
        let mut videos = self.videos_named(&names).await?.videos;
        videos.retain(|video| matches(&page.filter, video));
        videos.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
        if page.newest_first {
            videos.reverse();
        }
        Ok(VideoList {
            total: videos.len() as u64,
            videos: videos
                .into_iter()
                .skip(page.offset)
                .take(page.size)
                .collect(),
            is_cut_short: false,
        })
    }

    /// `narrowed_by` is the parameter by which the caller can ask for less.
    async fn listed(
        &self,
        page: &VideoPage,
        after: Option<&ScrollToken>,
        narrowed_by: &str,
    ) -> Result<VideoList, ApiError> {
        let list = self.ports.videos.list(page, after).await;
        let list = list.map_err(port_failed)?;
        if list.is_cut_short {
            let rule = "It matches too few of too many videos to be answered in time. \
                        Narrow the creation time.";
            return Err(ApiError::invalid(narrowed_by, rule));
        }
        Ok(list)
    }

    /// In the same order.
    async fn summaries(&self, videos: Vec<Video>) -> Result<Vec<VideoSummary>, ApiError> {
        let (mut asked, mut told) = (JoinSet::new(), Vec::new());
        for (place, video) in videos.into_iter().enumerate() {
            while asked.len() >= AT_ONCE {
                told.extend(asked.join_next().await);
            }
            let api = self.clone();
            asked.spawn(async move { (place, api.summary(video).await) });
        }
        while let Some(one) = asked.join_next().await {
            told.push(one);
        }
        let told: Result<Vec<_>, _> = told.into_iter().collect();
        let mut told = told.map_err(|_| ApiError::internal())?;
        told.sort_by_key(|&(place, _)| place);
        told.into_iter().map(|(_, summary)| summary).collect()
    }
}
