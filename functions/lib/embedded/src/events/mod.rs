//! [`Events`] on a table, and the other end of it.

mod deliveries;
mod history;
mod log;
mod receivers;
mod table;

pub use deliveries::{Attempted, DueDelivery, RetryPolicy};
pub use history::{ListedDelivery, ListedEvent};
pub use log::EventLog;
pub(crate) use receivers::recover;
pub use receivers::{Receiver, Standing};
pub(crate) use table::EventTable;

use table::PORT;

use crate::database::{Named, SqlResult};
use async_trait::async_trait;
use rusqlite::{Connection, Row, named_params};
use service::model::{Event, JobId, UnixMs};
use service::ports::{Clock, Events, PortResult, SystemClock};
use std::collections::BTreeSet;
use std::sync::Arc;

#[async_trait]
impl Events for EventTable {
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let (event, subscribers) = (event.clone(), Arc::clone(&self.subscribers));
        let publish =
            move |sql: &Connection| publish(sql, &event, &subscribers, SystemClock.now_ms());
        self.database
            .write_then_wake(PORT, &self.published, publish)
            .await
    }
}

/// The event and its deliveries, or nothing when it was published before.
fn publish(
    sql: &Connection,
    event: &Event,
    subscribers: &BTreeSet<String>,
    now_ms: UnixMs,
) -> SqlResult<()> {
    let insert = "INSERT OR IGNORE INTO events
        (id, event_type, status, video_id, job_id, at_ms, callback_url, body) VALUES
        (:id, :event_type, :status, :video_id, :job_id, :at_ms, :callback_url, :body)";
    let added = sql.prepare_cached(insert)?.execute(named_params! {
        ":id": event.id,
        ":event_type": event.event_type.name(),
        ":status": event.status.name(),
        ":video_id": event.video_id.as_str(),
        ":job_id": event.job_id.as_ref().map_or("", JobId::as_str),
        ":at_ms": event.at_ms,
        ":callback_url": event.callback_url,
        ":body": event.body,
    })?;
    if added == 0 {
        return Ok(());
    }
    let seq = sql.last_insert_rowid();
    for url in subscribers {
        // The operator's own: nobody's unknown receivers come before them.
        deliver(sql, seq, url, Standing::Quick, now_ms)?;
    }
    match &event.callback_url {
        Some(url) if !subscribers.contains(url) => deliver(sql, seq, url, Standing::New, now_ms),
        _ => Ok(()),
    }
}

fn deliver(
    sql: &Connection,
    seq: i64,
    url: &str,
    standing: Standing,
    now_ms: UnixMs,
) -> SqlResult<()> {
    let origin = service::receiver::receiver(url);
    let insert =
        "INSERT INTO deliveries (event_seq, url, first_ms, receiver) VALUES (?1, ?2, ?3, ?4)";
    sql.prepare_cached(insert)?
        .execute((seq, url, now_ms, &origin))?;
    receivers::give_turn(sql, &origin, standing, now_ms)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let job_id: String = row.get("job_id")?;
    Ok(Event {
        id: row.get("id")?,
        event_type: row.get::<_, Named<_>>("event_type")?.0,
        status: row.get::<_, Named<_>>("status")?.0,
        video_id: row.get::<_, String>("video_id")?.into(),
        job_id: (!job_id.is_empty()).then(|| job_id.into()),
        snapshot_type: None,
        at_ms: row.get("at_ms")?,
        callback_url: row.get("callback_url")?,
        body: row.get("body")?,
    })
}
