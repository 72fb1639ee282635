//! A row of the table.

use crate::database::{Json, Named};
use rusqlite::Row;
use service::model::Video;

pub(super) fn video(row: &Row<'_>) -> rusqlite::Result<Video> {
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
        deletions: row
            .get::<_, Option<Json<_>>>("deletions")?
            .map(|deletions| deletions.0)
            .unwrap_or_default(),
    })
}
