//! What was published lately, and what became of it at each subscriber.

use super::{EventTable, PORT, Standing, event, receivers};
use crate::database::SqlResult;
use rusqlite::{Connection, OptionalExtension, Row};
use service::model::{Event, UnixMs};
use service::ports::PortResult;

/// An event and its deliveries.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEvent {
    /// Its number: later events have higher ones.
    pub number: i64,
    /// What was published.
    pub event: Event,
    /// One for each subscriber; none where nobody subscribed.
    pub deliveries: Vec<ListedDelivery>,
}

/// How far one event is with one subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDelivery {
    /// Of this delivery.
    pub id: i64,
    /// Where to.
    pub url: String,
    /// Attempts that failed so far.
    pub failed_attempts: u32,
    /// When the next attempt is due, unless it is over.
    pub next_ms: Option<UnixMs>,
    /// Whether the subscriber has it.
    pub is_delivered: bool,
}

impl EventTable {
    /// At most `limit` events before the number `before`, newest first.
    pub(crate) async fn recent(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> PortResult<Vec<ListedEvent>> {
        let before = before.unwrap_or(i64::MAX);
        let list = move |sql: &Connection| recent(sql, before, limit);
        self.database.read(PORT, list).await
    }

    /// Begins anew what was given up, and has an attempt made now of what waits for its next one.
    /// False: there is no such delivery, or it is made.
    pub(crate) async fn retry(&self, id: i64, now_ms: UnixMs) -> PortResult<bool> {
        let retry = move |sql: &Connection| retry(sql, id, now_ms);
        self.database
            .write_then_wake(PORT, &self.published, retry)
            .await
    }
}

fn recent(sql: &Connection, before: i64, limit: u32) -> SqlResult<Vec<ListedEvent>> {
    let mut select =
        sql.prepare_cached("SELECT * FROM events WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")?;
    let numbered = |row: &Row<'_>| Ok((row.get("seq")?, event(row)?));
    let events: Vec<(i64, Event)> = select
        .query_map((before, limit), numbered)?
        .collect::<Result<_, _>>()?;
    let mut of_event = sql.prepare_cached(
        "SELECT id, url, attempts, next_ms, outcome FROM deliveries
         WHERE event_seq = ?1 ORDER BY id",
    )?;
    let mut listed = Vec::new();
    for (number, event) in events {
        let deliveries = of_event.query_map([number], delivery)?;
        let deliveries = deliveries.collect::<Result<_, _>>()?;
        listed.push(ListedEvent {
            number,
            event,
            deliveries,
        });
    }
    Ok(listed)
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<ListedDelivery> {
    let outcome: Option<String> = row.get("outcome")?;
    let next_ms = row.get("next_ms")?;
    Ok(ListedDelivery {
        id: row.get("id")?,
        url: row.get("url")?,
        failed_attempts: row.get("attempts")?,
        next_ms: outcome.is_none().then_some(next_ms),
        is_delivered: outcome.as_deref() == Some("delivered"),
    })
}

fn retry(sql: &Connection, id: i64, now_ms: UnixMs) -> SqlResult<bool> {
    let select = "SELECT url FROM deliveries WHERE id = ?1 AND outcome IS NOT 'delivered'";
    let mut select = sql.prepare_cached(select)?;
    let url: Option<String> = select.query_row([id], |row| row.get(0)).optional()?;
    let Some(url) = url else {
        return Ok(false);
    };
    // Receivers may have been forgotten since it was given up.
    let origin = service::receiver::receiver(&url);
    let update = "UPDATE deliveries SET outcome = NULL, attempts = 0, first_ms = ?2, next_ms = ?2,
        receiver = ?3 WHERE id = ?1";
    sql.prepare_cached(update)?.execute((id, now_ms, &origin))?;
    receivers::end_pause(sql, &origin)?;
    receivers::give_turn(sql, &origin, Standing::New, now_ms)?;
    Ok(true)
}
