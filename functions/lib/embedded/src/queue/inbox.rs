//! Where workers get their messages.

use super::lane::PASSED_FOR_MS;
use super::{Lane, MessageTable, PORT};
use crate::database::{Json, SqlResult};
use crate::wait::told_or_due;
use rusqlite::{Connection, OptionalExtension, Row};
use service::model::{Message, UnixMs};
use service::ports::PortResult;

/// One message, received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What to do.
    pub message: Message,
    /// Settles this delivery.
    pub receipt: Receipt,
    /// How often the message was received, this time included: from 1.
    pub receives: u32,
    /// When it was sent.
    pub sent_ms: UnixMs,
}

/// Stands for one delivery of a message, until it is settled or made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    seq: i64,
    receives: u32,
    lane: Lane,
}

impl MessageTable {
    pub(crate) async fn receive(
        &self,
        lane: Lane,
        now_ms: UnixMs,
        visibility_ms: i64,
    ) -> PortResult<Option<Delivery>> {
        // A look costs no sync of the disk, so that idle workers cost nothing.
        if self
            .next_visible_ms(lane)
            .await?
            .is_none_or(|next| next > now_ms)
        {
            return Ok(None);
        }
        let until_ms = now_ms.saturating_add(visibility_ms);
        self.database
            .write(PORT, move |sql| receive(sql, lane, now_ms, until_ms))
            .await
    }

    pub(crate) async fn extend(&self, receipt: &Receipt, until_ms: UnixMs) -> PortResult<bool> {
        let receipt = receipt.clone();
        let extend = move |sql: &Connection| {
            let mut update = sql.prepare_cached(
                "UPDATE messages SET visible_ms = ?3
                 WHERE seq = ?1 AND receives = ?2 AND in_flight = 1",
            )?;
            Ok(update.execute((receipt.seq, receipt.receives, until_ms))? == 1)
        };
        self.database.write(PORT, extend).await
    }

    pub(crate) async fn delete(&self, receipt: &Receipt) -> PortResult<bool> {
        let receipt = receipt.clone();
        let delete = move |sql: &Connection| {
            let mut delete = sql.prepare_cached(
                "DELETE FROM messages WHERE seq = ?1 AND receives = ?2 AND in_flight = 1",
            )?;
            Ok(delete.execute((receipt.seq, receipt.receives))? == 1)
        };
        self.database.write(PORT, delete).await
    }

    pub(crate) async fn release(&self, receipt: &Receipt, at_ms: UnixMs) -> PortResult<bool> {
        let woken = self.arrivals.of(receipt.lane);
        let receipt = receipt.clone();
        let release = move |sql: &Connection| {
            let mut update = sql.prepare_cached(
                "UPDATE messages SET in_flight = 0, visible_ms = ?3
                 WHERE seq = ?1 AND receives = ?2 AND in_flight = 1",
            )?;
            Ok(update.execute((receipt.seq, receipt.receives, at_ms))? == 1)
        };
        self.database.write_then_wake(PORT, woken, release).await
    }

    pub(crate) async fn wait(&self, lane: Lane, now_ms: UnixMs) {
        let arrived = self.arrivals.of(lane).notified();
        told_or_due(arrived, self.next_visible_ms(lane).await, now_ms).await;
    }

    /// Jobs that have work left: accepted, their event not yet published.
    pub(crate) async fn open_jobs(&self) -> PortResult<u64> {
        let count = |sql: &Connection| {
            let mut select =
                sql.prepare_cached("SELECT count(*) FROM jobs WHERE event_published = 0")?;
            Ok(select.query_row([], |row| row.get::<_, u32>(0))?.into())
        };
        self.database.read(PORT, count).await
    }

    async fn next_visible_ms(&self, lane: Lane) -> PortResult<Option<UnixMs>> {
        // Each of them is one step in an index.
        let look = move |sql: &Connection| {
            let select = "SELECT min(visible_ms) FROM (
                SELECT min(visible_ms) AS visible_ms FROM messages WHERE lane = ?1
                UNION ALL SELECT min(visible_ms) FROM messages WHERE lane = ?2
                UNION ALL SELECT min(visible_ms) FROM messages WHERE lane = ?3)";
            let mut select = sql.prepare_cached(select)?;
            Ok(select.query_row(lane.columns(), |row| row.get(0))?)
        };
        self.database.read(PORT, look).await
    }
}

/// The oldest visible message of the first two columns, of which the second one has to be so much
/// older; where there is none, of the third. `+` keeps SQLite from sorting all visible ones by an
/// index.
fn receive(
    sql: &Connection,
    lane: Lane,
    now_ms: UnixMs,
    until_ms: UnixMs,
) -> SqlResult<Option<Delivery>> {
    let mut update = sql.prepare_cached(
        "UPDATE messages SET in_flight = 1, receives = receives + 1, visible_ms = ?2
         WHERE seq = coalesce(
             (SELECT seq FROM (
                 SELECT * FROM (SELECT seq, sent_ms AS turn_ms FROM messages
                     WHERE lane = ?3 AND +visible_ms <= ?1 ORDER BY seq LIMIT 1)
                 UNION ALL
                 SELECT * FROM (SELECT seq, sent_ms + ?6 AS turn_ms FROM messages
                     WHERE lane = ?4 AND +visible_ms <= ?1 ORDER BY seq LIMIT 1))
              ORDER BY turn_ms, seq LIMIT 1),
             (SELECT seq FROM messages WHERE lane = ?5 AND +visible_ms <= ?1 ORDER BY seq LIMIT 1))
         RETURNING seq, receives, body, sent_ms",
    )?;
    let (first, second, third) = lane.columns();
    let values = (now_ms, until_ms, first, second, third, PASSED_FOR_MS);
    Ok(update.query_row(values, delivery).optional()?)
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let receives = row.get("receives")?;
    let Json(message) = row.get::<_, Json<_>>("body")?;
    Ok(Delivery {
        receipt: Receipt {
            seq: row.get("seq")?,
            receives,
            lane: Lane::of(&message),
        },
        message,
        receives,
        sent_ms: row.get("sent_ms")?,
    })
}
