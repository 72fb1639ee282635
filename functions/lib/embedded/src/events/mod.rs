//! [`Events`] on a table, and the other end of it.

mod deliveries;
mod log;

pub use deliveries::DueDelivery;
pub use log::EventLog;

use crate::database::{Database, SqlResult};
use async_trait::async_trait;
use rusqlite::{Connection, Row, named_params};
use service::model::{Event, UnixMs};
use service::ports::{Clock, Events, PortResult, SystemClock};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Notify;

const PORT: &str = "events";

/// Both ends of the way to the subscribers.
#[derive(Clone)]
pub(crate) struct EventTable {
    pub(crate) database: Database,
    /// URLs that get every event.
    pub(crate) subscribers: Arc<BTreeSet<String>>,
    /// Told after every commit that makes a delivery due sooner.
    pub(crate) published: Arc<Notify>,
}

#[async_trait]
impl Events for EventTable {
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let (event, mut urls) = (event.clone(), self.subscribers.as_ref().clone());
        urls.extend(event.callback_url.clone());
        let publish = move |sql: &Connection| publish(sql, &event, &urls, SystemClock.now_ms());
        self.database
            .write_then_wake(PORT, &self.published, publish)
            .await
    }
}

/// The event and its deliveries, or nothing when it was published before.
fn publish(
    sql: &Connection,
    event: &Event,
    urls: &BTreeSet<String>,
    now_ms: UnixMs,
) -> SqlResult<()> {
    let insert = "INSERT OR IGNORE INTO events
        (id, event_type, status, video_id, job_id, at_ms, callback_url, body) VALUES
        (:id, :event_type, :status, :video_id, :job_id, :at_ms, :callback_url, :body)";
    let added = sql.prepare_cached(insert)?.execute(named_params! {
        ":id": event.id,
        ":event_type": event.event_type,
        ":status": event.status,
        ":video_id": event.video_id,
        ":job_id": event.job_id,
        ":at_ms": event.at_ms,
        ":callback_url": event.callback_url,
        ":body": event.body,
    })?;
    if added == 0 {
        return Ok(());
    }
    let seq = sql.last_insert_rowid();
    let insert = "INSERT INTO deliveries (event_seq, url, first_ms) VALUES (?1, ?2, ?3)";
    let mut insert = sql.prepare_cached(insert)?;
    for url in urls {
        insert.execute((seq, url, now_ms))?;
    }
    Ok(())
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: row.get("id")?,
        event_type: row.get("event_type")?,
        status: row.get("status")?,
        video_id: row.get("video_id")?,
        job_id: row.get("job_id")?,
        at_ms: row.get("at_ms")?,
        callback_url: row.get("callback_url")?,
        body: row.get("body")?,
    })
}
