//! Which event is still to reach which subscriber.

use super::{EventTable, PORT, event};
use crate::wait::told_or_due;
use rusqlite::{Connection, Row};
use service::model::{Event, UnixMs};
use service::ports::PortResult;

/// One event that one subscriber is to get now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    /// Of this delivery.
    pub id: i64,
    /// What to deliver.
    pub event: Event,
    /// Where to.
    pub url: String,
    /// Attempts that failed so far.
    pub attempts: u32,
    /// When the event was published: the earliest moment it could be delivered.
    pub first_ms: UnixMs,
}

impl EventTable {
    pub(crate) async fn due(&self, now_ms: UnixMs, limit: usize) -> PortResult<Vec<DueDelivery>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let list = move |sql: &Connection| {
            // Never tried ones come first: a subscriber that is away holds up nobody else.
            let mut select = sql.prepare_cached(
                "SELECT deliveries.id AS delivery_id, url, attempts, first_ms, events.*
                 FROM deliveries JOIN events ON events.seq = event_seq
                 WHERE outcome IS NULL AND next_ms <= ?1
                 ORDER BY next_ms, deliveries.id LIMIT ?2",
            )?;
            Ok(select
                .query_map((now_ms, limit), due)?
                .collect::<Result<_, _>>()?)
        };
        self.database.read(PORT, list).await
    }

    pub(crate) async fn record_delivered(&self, id: i64) -> PortResult<()> {
        self.end(id, "delivered").await
    }

    pub(crate) async fn give_up(&self, id: i64) -> PortResult<()> {
        self.end(id, "given up").await
    }

    async fn end(&self, id: i64, outcome: &'static str) -> PortResult<()> {
        let end = move |sql: &Connection| {
            let update = "UPDATE deliveries SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL";
            sql.prepare_cached(update)?.execute((id, outcome))?;
            Ok(())
        };
        self.database.write(PORT, end).await
    }

    pub(crate) async fn record_failed(&self, id: i64, next_ms: UnixMs) -> PortResult<()> {
        let record = move |sql: &Connection| {
            let mut update = sql.prepare_cached(
                "UPDATE deliveries SET attempts = attempts + 1, next_ms = ?2
                 WHERE id = ?1 AND outcome IS NULL",
            )?;
            update.execute((id, next_ms))?;
            Ok(())
        };
        self.database
            .write_then_wake(PORT, &self.published, record)
            .await
    }

    pub(crate) async fn next_due_ms(&self) -> PortResult<Option<UnixMs>> {
        let look = |sql: &Connection| {
            let mut select =
                sql.prepare_cached("SELECT min(next_ms) FROM deliveries WHERE outcome IS NULL")?;
            Ok(select.query_row([], |row| row.get(0))?)
        };
        self.database.read(PORT, look).await
    }

    /// Deliveries that are neither made nor given up.
    pub(crate) async fn open_deliveries(&self) -> PortResult<u64> {
        let count = |sql: &Connection| {
            let mut select =
                sql.prepare_cached("SELECT count(*) FROM deliveries WHERE outcome IS NULL")?;
            Ok(select.query_row([], |row| row.get::<_, u32>(0))?.into())
        };
        self.database.read(PORT, count).await
    }

    pub(crate) async fn wait(&self, now_ms: UnixMs) {
        let published = self.published.notified();
        told_or_due(published, self.next_due_ms().await, now_ms).await;
    }
}

fn due(row: &Row<'_>) -> rusqlite::Result<DueDelivery> {
    Ok(DueDelivery {
        id: row.get("delivery_id")?,
        event: event(row)?,
        url: row.get("url")?,
        attempts: row.get("attempts")?,
        first_ms: row.get("first_ms")?,
    })
}
