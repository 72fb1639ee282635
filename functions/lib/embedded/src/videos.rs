//! [`Videos`] on a table.

mod list;
mod row;

use crate::database::{Database, Json, SqlResult};
use async_trait::async_trait;
use row::video;
use rusqlite::{Connection, OptionalExtension, named_params};
use service::model::{
    ImageType, ScrollToken, UnixMs, Video, VideoChange, VideoId, VideoInfo, VideoPage,
};
use service::ports::{PortResult, Registration, VideoList, Videos};

const PORT: &str = "videos";

pub(crate) struct VideoTable(pub(crate) Database);

#[async_trait]
impl Videos for VideoTable {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        self.0.write(PORT, move |sql| register(sql, video)).await
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        let id = id.to_string();
        self.0.read(PORT, move |sql| find(sql, "id", &id)).await
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        let reference_id = reference_id.to_owned();
        self.0
            .read(PORT, move |sql| find(sql, "reference_id", &reference_id))
            .await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let (id, facts) = (id.to_string(), facts.clone());
        let record = move |sql: &Connection| {
            let update = "UPDATE videos SET facts = ?2, modified_ms = ?3 WHERE id = ?1";
            sql.prepare_cached(update)?
                .execute((id, Json(facts), now_ms))?;
            Ok(())
        };
        self.0.write(PORT, record).await
    }

    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>> {
        let (id, change) = (id.to_string(), change.clone());
        let write = move |sql: &Connection| changed(sql, &id, &change, now_ms);
        self.0.write(PORT, write).await
    }

    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()> {
        let id = id.to_string();
        let record = move |sql: &Connection| {
            let Some(video) = find(sql, "id", &id)? else {
                return Ok(());
            };
            let mut deletions = video.deletions;
            deletions.record(image_type, until_ms);
            sql.prepare_cached("UPDATE videos SET deletions = ?2 WHERE id = ?1")?
                .execute((id, Json(deletions)))?;
            Ok(())
        };
        self.0.write(PORT, record).await
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        let id = id.to_string();
        let delete = move |sql: &Connection| {
            let mut delete = sql.prepare_cached("DELETE FROM videos WHERE id = ?1")?;
            Ok(delete.execute([id])? == 1)
        };
        self.0.write(PORT, delete).await
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        let (page, after) = (page.clone(), after.cloned());
        let list = move |sql: &Connection| list::list(sql, &page, after.as_ref());
        self.0.read(PORT, list).await
    }
}

/// One thread writes, so nothing comes between the read and the update.
fn changed(
    sql: &Connection,
    id: &str,
    change: &VideoChange,
    now_ms: UnixMs,
) -> SqlResult<Option<Video>> {
    let Some(video) = find(sql, "id", id)? else {
        return Ok(None);
    };
    let video = video.changed(change, now_ms);
    let update = "UPDATE videos SET title = :title, description = :description, tags = :tags,
        cate_id = :cate_id, user_data = :user_data, cover_url = :cover_url,
        modified_ms = :modified_ms WHERE id = :id";
    sql.prepare_cached(update)?.execute(named_params! {
        ":id": video.id.as_str(),
        ":title": video.title,
        ":description": video.description,
        ":tags": video.tags,
        ":cate_id": video.cate_id,
        ":user_data": video.user_data,
        ":cover_url": video.cover_url,
        ":modified_ms": video.modified_ms,
    })?;
    Ok(Some(video))
}

/// One thread writes, so nothing comes between the questions and the insert.
fn register(sql: &Connection, video: Video) -> SqlResult<Registration> {
    if let Some(known) = find(sql, "file_url", &video.file_url)? {
        return Ok(Registration::Known(known));
    }
    if let Some(reference_id) = &video.reference_id
        && find(sql, "reference_id", reference_id)?.is_some()
    {
        return Ok(Registration::ReferenceTaken);
    }
    insert(sql, &video)?;
    Ok(Registration::New(video))
}

fn find(sql: &Connection, column: &'static str, value: &str) -> SqlResult<Option<Video>> {
    let select = format!("SELECT * FROM videos WHERE {column} = ?1");
    Ok(sql
        .prepare_cached(&select)?
        .query_row([value], video)
        .optional()?)
}

fn insert(sql: &Connection, video: &Video) -> SqlResult<()> {
    let insert = "INSERT INTO videos (id, file_url, title, description, tags, cate_id, reference_id,
        user_data, cover_url, status, created_ms, modified_ms, size_bytes, facts)
        VALUES (:id, :file_url, :title, :description, :tags, :cate_id,
        :reference_id, :user_data, :cover_url, :status, :created_ms, :modified_ms, :size_bytes, :facts)";
    sql.prepare_cached(insert)?.execute(named_params! {
        ":id": video.id.as_str(),
        ":file_url": video.file_url,
        ":title": video.title,
        ":description": video.description,
        ":tags": video.tags,
        ":cate_id": video.cate_id,
        ":reference_id": video.reference_id,
        ":user_data": video.user_data,
        ":cover_url": video.cover_url,
        ":status": video.status.name(),
        ":created_ms": video.created_ms,
        ":modified_ms": video.modified_ms,
        ":size_bytes": i64::try_from(video.size_bytes).unwrap_or(i64::MAX),
        ":facts": video.facts.as_ref().map(Json),
    })?;
    Ok(())
}
