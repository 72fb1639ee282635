//! [`Videos`] on a table.

use crate::database::{Database, Json, Named, SqlResult};
use crate::spelling::file_urls;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use service::model::{UnixMs, Video, VideoId, VideoInfo};
use service::ports::{PortResult, Registration, Videos};

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

/// The video of the file at the place of `video`; else the one whose URL leads there, of before
/// places were kept, or before that URL led there.
fn find_file(sql: &Connection, video: &Video) -> SqlResult<Option<Video>> {
    if let Some(place) = &video.place
        && let Some(known) = find(sql, "place", place)?
    {
        return Ok(Some(known));
    }
    let spelt = video.place.as_deref().map(file_urls).unwrap_or_default();
    for file_url in std::iter::once(&video.file_url).chain(&spelt) {
        if let Some(known) = find(sql, "file_url", file_url)? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// Gives a known video what it has not: its place, and a ReferenceId.
fn complete(sql: &Connection, mut known: Video, given: Video) -> SqlResult<Video> {
    let reference_id = known.reference_id.take().or(given.reference_id);
    let update = "UPDATE videos SET place = coalesce(?2, place), reference_id = ?3 WHERE id = ?1";
    let place = given.place.or(known.place);
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

fn find(sql: &Connection, column: &'static str, value: &str) -> SqlResult<Option<Video>> {
    let select = format!("SELECT * FROM videos WHERE {column} = ?1");
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

fn video(row: &Row<'_>) -> rusqlite::Result<Video> {
    Ok(Video {
        id: row.get::<_, String>("id")?.into(),
        file_url: row.get("file_url")?,
        place: row.get("place")?,
        title: row.get("title")?,
        description: row.get("description")?,
        tags: row.get("tags")?,
        cate_id: row.get("cate_id")?,
        reference_id: row.get("reference_id")?,
        user_data: row.get("user_data")?,
        cover_url: row.get("cover_url")?,
        status: row.get::<_, Named<_>>("status")?.0,
        created_ms: row.get("created_ms")?,
        modified_ms: row.get("modified_ms")?,
        size_bytes: u64::try_from(row.get::<_, i64>("size_bytes")?).unwrap_or_default(),
        facts: row.get::<_, Option<Json<_>>>("facts")?.map(|facts| facts.0),
    })
}
