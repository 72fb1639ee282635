//! What a process that ended at any moment left on the queue.

use super::insert;
use crate::jobs::job;
use rusqlite::Connection;
use service::model::Message;
use tracing::info;

/// Gives back what was in flight, and a message to every job and upload that has work left and
/// none: its acceptance was kept, but the process ended before the message was.
pub(crate) fn recover(sql: &Connection) -> rusqlite::Result<()> {
    let give_back = "UPDATE messages SET in_flight = 0, visible_ms = 0 WHERE in_flight = 1";
    let in_flight = sql.execute(give_back, [])?;
    let mut missing = missing(sql)?;
    missing.extend(missing_of_uploads(sql)?);
    for message in &missing {
        insert(sql, message)?;
    }
    if in_flight + missing.len() > 0 {
        info!(
            in_flight,
            unsent = missing.len(),
            "work of an earlier run goes on"
        );
    }
    Ok(())
}

fn missing(sql: &Connection) -> rusqlite::Result<Vec<Message>> {
    let mut select = sql.prepare(
        "SELECT * FROM jobs WHERE event_published = 0
         AND NOT EXISTS (SELECT 1 FROM messages WHERE job_id = jobs.id)
         ORDER BY created_ms, id",
    )?;
    let messages = select.query_map([], |row| Ok(job(row)?.message()))?;
    messages.collect()
}

fn missing_of_uploads(sql: &Connection) -> rusqlite::Result<Vec<Message>> {
    let mut select = sql.prepare(
        "SELECT id FROM uploads WHERE events_published = 0
         AND id NOT IN (SELECT body ->> '$.Upload.job_id' FROM messages
             WHERE body ->> '$.Upload.job_id' IS NOT NULL)
         ORDER BY created_ms, id",
    )?;
    let upload = |id: String| Message::Upload { job_id: id.into() };
    let messages = select.query_map([], |row| Ok(upload(row.get(0)?)))?;
    messages.collect()
}
