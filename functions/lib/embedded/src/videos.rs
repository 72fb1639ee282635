//! [`Videos`] on a table.

mod list;
mod row;

use crate::database::{Database, Json, SqlResult};
use crate::spelling::file_urls;
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

    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let id = id.to_string();
        let record = move |sql: &Connection| {
            let update = "UPDATE videos SET facts = NULL, size_bytes = ?2, modified_ms = ?3
                WHERE id = ?1";
            sql.prepare_cached(update)?
                .execute((id, stored(size_bytes), now_ms))?;
            Ok(())
        };
        self.0.write(PORT, record).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let (id, facts) = (id.to_string(), facts.clone());
        let record = move |sql: &Connection| {
            let size_bytes = stored(facts.size_bytes);
            let update = "UPDATE videos SET facts = ?2, size_bytes = ?3, modified_ms = ?4
                WHERE id = ?1";
            sql.prepare_cached(update)?
                .execute((id, Json(facts), size_bytes, now_ms))?;
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
    let known = find_file(sql, &video)?;
    let holder = match &video.reference_id {
        Some(reference_id) => find(sql, "reference_id", reference_id)?,
        None => None,
    };
    let own_id = known.as_ref().map(|known| &known.id);
    if holder.is_some_and(|holder| Some(&holder.id) != own_id) {
        return Ok(Registration::ReferenceTaken);
    }
    match known {
        Some(known) => Ok(Registration::Known(complete(sql, known, video)?)),
        None => {
            insert(sql, &video)?;
            Ok(Registration::New(video))
        }
    }
}

/// The video of the file at the place of `video`; else the one of before places were kept whose URL
/// leads there. A video with another place is of another file, whatever its URL leads to by now; where
/// no place is known, there is nothing but the URL.
fn find_file(sql: &Connection, video: &Video) -> SqlResult<Option<Video>> {
    let Some(place) = &video.place else {
        return find(sql, "file_url", &video.file_url);
    };
    if let Some(known) = find(sql, "place", place)? {
        return Ok(Some(known));
    }
    let spelt = file_urls(place);
    for file_url in std::iter::once(&video.file_url).chain(&spelt) {
        if let Some(known) = find(sql, "place IS NULL AND file_url", file_url)? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// Gives a known video what it has not: its place, and a ReferenceId. A place that it has stays.
fn complete(sql: &Connection, mut known: Video, given: Video) -> SqlResult<Video> {
    let reference_id = known.reference_id.take().or(given.reference_id);
    let update = "UPDATE videos SET place = ?2, reference_id = ?3 WHERE id = ?1";
    let place = known.place.take().or(given.place);
    sql.prepare_cached(update)?
        .execute((known.id.as_str(), &place, &reference_id))?;
    Ok(Video {
        place,
        reference_id,
        ..known
    })
}

/// A size as a column holds it.
fn stored(size_bytes: u64) -> i64 {
    i64::try_from(size_bytes).unwrap_or(i64::MAX)
}

/// `condition` ends with the column that has this value.
fn find(sql: &Connection, condition: &'static str, value: &str) -> SqlResult<Option<Video>> {
    let select = format!("SELECT * FROM videos WHERE {condition} = ?1 LIMIT 1");
    Ok(sql
        .prepare_cached(&select)?
        .query_row([value], video)
        .optional()?)
}

fn insert(sql: &Connection, video: &Video) -> SqlResult<()> {
    let insert = "INSERT INTO videos (id, file_url, place, title, description, tags, cate_id,
        reference_id, user_data, cover_url, status, created_ms, modified_ms, size_bytes, facts)
        VALUES (:id, :file_url, :place, :title, :description, :tags, :cate_id, :reference_id,
        :user_data, :cover_url, :status, :created_ms, :modified_ms, :size_bytes, :facts)";
    sql.prepare_cached(insert)?.execute(named_params! {
        ":id": video.id.as_str(),
        ":file_url": video.file_url,
        ":place": video.place,
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
        ":size_bytes": stored(video.size_bytes),
        ":facts": video.facts.as_ref().map(Json),
    })?;
    Ok(())
}
