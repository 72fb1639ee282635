//! [`Uploads`] on a table.

use crate::database::{Database, Json, SqlError, SqlResult};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use service::model::{JobId, Upload, UploadEnd, UploadState, UploadTrials, url_key};
use service::ports::{PortResult, Uploads};

const PORT: &str = "uploads";

pub(crate) struct UploadTable(pub(crate) Database);

#[async_trait]
impl Uploads for UploadTable {
    async fn create(&self, upload: &Upload) -> PortResult<()> {
        let upload = upload.clone();
        let insert = move |sql: &Connection| {
            let insert =
                "INSERT OR IGNORE INTO uploads (id, source_url, created_ms, request, url_key)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            sql.prepare_cached(insert)?.execute((
                upload.id.as_str(),
                &upload.source_url,
                upload.created_ms,
                Json(&upload),
                url_key(&upload.source_url),
            ))?;
            Ok(())
        };
        self.0.write(PORT, insert).await
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>> {
        let id = id.to_string();
        let select = "SELECT * FROM uploads WHERE id = ?1";
        self.0.read(PORT, move |sql| find(sql, select, [id])).await
    }

    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>> {
        let (url, key) = (source_url.to_owned(), url_key(source_url));
        let select = "SELECT * FROM uploads WHERE source_url IN (?1, ?2) OR url_key = ?2
            ORDER BY created_ms DESC, id DESC LIMIT 1";
        let find = move |sql: &Connection| find(sql, select, [url, key]);
        self.0.read(PORT, find).await
    }

    async fn start(&self, id: &JobId) -> PortResult<()> {
        self.update(id, "UPDATE uploads SET begun = 1 WHERE id = ?1")
            .await
    }

    async fn record_trials(&self, id: &JobId, trials: UploadTrials) -> PortResult<()> {
        let id = id.to_string();
        let record = move |sql: &Connection| {
            let update = "UPDATE uploads SET trials = ?2 WHERE id = ?1 AND ending IS NULL";
            sql.prepare_cached(update)?.execute((id, Json(trials)))?;
            Ok(())
        };
        self.0.write(PORT, record).await
    }

    async fn end(&self, id: &JobId, end: &UploadEnd) -> PortResult<UploadEnd> {
        let (id, end) = (id.to_string(), end.clone());
        self.0
            .write(PORT, move |sql| complete(sql, &id, &end))
            .await
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        let update = "UPDATE uploads SET events_published = 1 WHERE id = ?1";
        self.update(id, update).await
    }
}

impl UploadTable {
    async fn update(&self, id: &JobId, update: &'static str) -> PortResult<()> {
        let id = id.to_string();
        let run = move |sql: &Connection| {
            sql.prepare_cached(update)?.execute([id])?;
            Ok(())
        };
        self.0.write(PORT, run).await
    }
}

fn find(sql: &Connection, select: &str, values: impl Params) -> SqlResult<Option<Upload>> {
    Ok(sql
        .prepare_cached(select)?
        .query_row(values, upload)
        .optional()?)
}

fn complete(sql: &Connection, id: &str, end: &UploadEnd) -> SqlResult<UploadEnd> {
    let update = "UPDATE uploads SET ending = ?2 WHERE id = ?1 AND ending IS NULL";
    sql.prepare_cached(update)?.execute((id, Json(end)))?;
    let held = sql
        .prepare_cached("SELECT ending FROM uploads WHERE id = ?1")?
        .query_row([id], |row| Ok(row.get::<_, Json<_>>(0)?.0))
        .optional()?;
    held.ok_or(SqlError::Missing("upload"))
}

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let Json(mut upload) = row.get::<_, Json<Upload>>("request")?;
    upload.state = match row.get::<_, Option<Json<UploadEnd>>>("ending")? {
        Some(Json(end)) => UploadState::Ended(end),
        None if row.get("begun")? => UploadState::Processing,
        None => UploadState::Pending,
    };
    let trials = row.get::<_, Option<Json<UploadTrials>>>("trials")?;
    upload.trials = trials.map(|Json(trials)| trials).unwrap_or_default();
    upload.events_published = row.get("events_published")?;
    Ok(upload)
}

/// Forgets some uploads that ended before `before_ms`; how many. Their videos stay.
pub(crate) fn forget_old(sql: &Connection, before_ms: i64, most: u32) -> SqlResult<usize> {
    let delete = "DELETE FROM uploads WHERE id IN (SELECT id FROM uploads
        WHERE ending IS NOT NULL AND ending ->> '$.at_ms' < ?1 AND events_published = 1 LIMIT ?2)";
    Ok(sql.prepare_cached(delete)?.execute((before_ms, most))?)
}
