//! Which event is still to reach which subscriber.

use super::{EventTable, PORT, event, receivers};
use crate::database::SqlResult;
use rusqlite::{Connection, OptionalExtension, Row};
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

/// What came of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted {
    /// The subscriber has it; the delivery is over.
    Delivered {
        /// Whether it answered at once.
        quick: bool,
    },
    /// The receiver answered and did not take it.
    Refused {
        /// Whether it answered at once.
        quick: bool,
    },
    /// The receiver did not answer: whatever else is open for it waits as well.
    Unanswered,
    /// It may not be called there; the delivery is over.
    Forbidden,
}

/// How attempts follow one another.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// ms to the next attempt after so many that failed before.
    pub pause_ms: fn(u32) -> i64,
    /// ms after which a delivery is given up.
    pub give_up_after_ms: i64,
}

/// Deliveries given up together, so that no write takes long.
const GIVEN_UP_AT_ONCE: u32 = 1000;

impl EventTable {
    /// Those that have waited longest come first.
    pub(crate) async fn due(
        &self,
        origin: &str,
        now_ms: UnixMs,
        limit: usize,
    ) -> PortResult<Vec<DueDelivery>> {
        let (origin, limit) = (origin.to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let list = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT deliveries.id AS delivery_id, url, attempts, first_ms, events.*
                 FROM deliveries JOIN events ON events.seq = event_seq
                 WHERE receiver = ?1 AND outcome IS NULL AND next_ms <= ?2
                 ORDER BY next_ms, deliveries.id LIMIT ?3",
            )?;
            Ok(select
                .query_map((origin, now_ms, limit), due)?
                .collect::<Result<_, _>>()?)
        };
        self.database.read(PORT, list).await
    }

    pub(crate) async fn record(
        &self,
        id: i64,
        attempted: Attempted,
        now_ms: UnixMs,
        policy: RetryPolicy,
    ) -> PortResult<()> {
        let record = move |sql: &Connection| record(sql, id, attempted, now_ms, policy);
        self.database.write(PORT, record).await
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
}

fn record(
    sql: &Connection,
    id: i64,
    attempted: Attempted,
    now_ms: UnixMs,
    policy: RetryPolicy,
) -> SqlResult<()> {
    let mut select = sql.prepare_cached("SELECT receiver FROM deliveries WHERE id = ?1")?;
    let Some(origin): Option<String> = select.query_row([id], |row| row.get(0)).optional()? else {
        return Ok(());
    };
    match attempted {
        Attempted::Delivered { quick } => {
            end(sql, id, "delivered")?;
            receivers::answered(sql, &origin, quick, now_ms)?;
        }
        Attempted::Refused { quick } => {
            postpone(sql, id, now_ms, policy)?;
            receivers::answered(sql, &origin, quick, now_ms)?;
        }
        Attempted::Unanswered => {
            postpone(sql, id, now_ms, policy)?;
            receivers::silent(sql, &origin, now_ms, policy.pause_ms)?;
            give_up_silent(sql, &origin, now_ms - policy.give_up_after_ms)?;
        }
        Attempted::Forbidden => end(sql, id, "given up")?,
    }
    receivers::end_turn(sql, &origin, now_ms)
}

fn end(sql: &Connection, id: i64, outcome: &'static str) -> SqlResult<()> {
    let update = "UPDATE deliveries SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL";
    sql.prepare_cached(update)?.execute((id, outcome))?;
    Ok(())
}

/// To its next attempt, or to its end.
fn postpone(sql: &Connection, id: i64, now_ms: UnixMs, policy: RetryPolicy) -> SqlResult<()> {
    let mut select =
        sql.prepare_cached("SELECT attempts, first_ms FROM deliveries WHERE id = ?1")?;
    let (attempts, first_ms): (u32, UnixMs) =
        select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if now_ms.saturating_sub(first_ms) >= policy.give_up_after_ms {
        return end(sql, id, "given up");
    }
    let mut update = sql.prepare_cached(
        "UPDATE deliveries SET attempts = attempts + 1, next_ms = ?2
         WHERE id = ?1 AND outcome IS NULL",
    )?;
    update.execute((id, now_ms.saturating_add((policy.pause_ms)(attempts))))?;
    Ok(())
}

/// A receiver that has been silent for longer than a delivery may last is called now and then,
/// not once for each delivery: the old ones end with one attempt of any of them.
fn give_up_silent(sql: &Connection, origin: &str, before_ms: UnixMs) -> SqlResult<()> {
    let mut update = sql.prepare_cached(
        "UPDATE deliveries SET outcome = 'given up' WHERE id IN (
             SELECT id FROM deliveries WHERE receiver = ?1 AND outcome IS NULL AND first_ms <= ?2
             AND (SELECT silent_since_ms FROM receivers WHERE origin = ?1) <= ?2
             LIMIT ?3)",
    )?;
    update.execute((origin, before_ms, GIVEN_UP_AT_ONCE))?;
    Ok(())
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
