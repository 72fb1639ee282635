//! Who is to be told, when they have their next turn, and what is known of how they answer.

use super::table::{EventTable, PORT};
use crate::database::{Named, SqlResult};
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use service::model::UnixMs;
use service::ports::PortResult;

/// How a receiver answered last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It was not called yet.
    New,
    /// At once, whatever it said.
    Quick,
    /// After a while, or not at all.
    Slow,
}

impl Standing {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Quick => "quick",
            Self::Slow => "slow",
        }
    }
}

/// A receiver whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Scheme, host and port of its URLs.
    pub origin: String,
    /// How it answered last.
    pub standing: Standing,
}

impl EventTable {
    pub(crate) async fn due_receivers(
        &self,
        standing: Standing,
        now_ms: UnixMs,
        limit: usize,
    ) -> PortResult<Vec<Receiver>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let list = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT origin, standing FROM receivers WHERE standing = ?1 AND turn_ms <= ?2
                 ORDER BY turn_ms LIMIT ?3",
            )?;
            let found = select.query_map((standing.name(), now_ms, limit), receiver)?;
            Ok(found.collect::<Result<_, _>>()?)
        };
        self.database.read(PORT, list).await
    }

    /// The next turn after `now_ms`: what has its turn by then was seen by whoever asks.
    pub(crate) async fn next_turn_ms(&self, now_ms: UnixMs) -> PortResult<Option<UnixMs>> {
        let look = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT min(turn_ms) FROM receivers WHERE standing = ?1 AND turn_ms > ?2",
            )?;
            let mut next = None;
            for standing in [Standing::New, Standing::Quick, Standing::Slow] {
                let turn: Option<UnixMs> =
                    select.query_row((standing.name(), now_ms), |row| row.get(0))?;
                next = [next, turn].into_iter().flatten().min();
            }
            Ok(next)
        };
        self.database.read(PORT, look).await
    }
}

fn receiver(row: &Row<'_>) -> rusqlite::Result<Receiver> {
    Ok(Receiver {
        origin: row.get("origin")?,
        standing: row.get::<_, Named<_>>("standing")?.0,
    })
}

/// Gives a receiver a turn for what was just published.
///
/// One that nobody knows begins as `standing`; one that is paused stays so.
pub(super) fn give_turn(
    sql: &Connection,
    origin: &str,
    standing: Standing,
    now_ms: UnixMs,
) -> SqlResult<()> {
    let mut upsert = sql.prepare_cached(
        "INSERT INTO receivers (origin, standing, turn_ms, seen_ms) VALUES (?1, ?2, ?3, ?3)
         ON CONFLICT (origin) DO UPDATE SET seen_ms = ?3, turn_ms = min(
             coalesce(turn_ms, max(paused_until_ms, ?3)), max(paused_until_ms, ?3))",
    )?;
    upsert.execute((origin, standing.name(), now_ms))?;
    Ok(())
}

/// It answered, within `quick` or not: what it takes is taken from now on.
pub(super) fn answered(
    sql: &Connection,
    origin: &str,
    quick: bool,
    now_ms: UnixMs,
) -> SqlResult<()> {
    let standing = match quick {
        true => Standing::Quick,
        false => Standing::Slow,
    };
    let mut update = sql.prepare_cached(
        "UPDATE receivers SET standing = ?2, unanswered = 0, silent_since_ms = NULL,
             paused_until_ms = 0, seen_ms = ?3
         WHERE origin = ?1",
    )?;
    update.execute((origin, standing.name(), now_ms))?;
    Ok(())
}

/// It did not answer: nobody calls it before the pause is over. Several attempts that fail at
/// once are one failure.
pub(super) fn silent(
    sql: &Connection,
    origin: &str,
    now_ms: UnixMs,
    pause_ms: fn(u32) -> i64,
) -> SqlResult<()> {
    let mut select =
        sql.prepare_cached("SELECT unanswered, paused_until_ms FROM receivers WHERE origin = ?1")?;
    let (unanswered, paused_until_ms): (u32, UnixMs) =
        select.query_row([origin], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if paused_until_ms > now_ms {
        return Ok(());
    }
    let mut update = sql.prepare_cached(
        "UPDATE receivers SET standing = 'slow', unanswered = ?2, paused_until_ms = ?3,
             silent_since_ms = coalesce(silent_since_ms, ?4), seen_ms = ?4
         WHERE origin = ?1",
    )?;
    let until_ms = now_ms.saturating_add(pause_ms(unanswered));
    update.execute((origin, unanswered.saturating_add(1), until_ms, now_ms))?;
    Ok(())
}

/// It may be called now, however long it has been silent: a person says so.
pub(super) fn end_pause(sql: &Connection, origin: &str) -> SqlResult<()> {
    let update = "UPDATE receivers SET paused_until_ms = 0, silent_since_ms = NULL, unanswered = 0
        WHERE origin = ?1";
    sql.prepare_cached(update)?.execute([origin])?;
    Ok(())
}

/// After its turn it goes to the end of the line: never before `now_ms`.
pub(super) fn end_turn(sql: &Connection, origin: &str, now_ms: UnixMs) -> SqlResult<()> {
    let mut update = sql.prepare_cached(
        "UPDATE receivers SET turn_ms = max(paused_until_ms, ?2, (
             SELECT min(next_ms) FROM deliveries WHERE receiver = ?1 AND outcome IS NULL))
         WHERE origin = ?1",
    )?;
    update.execute((origin, now_ms))?;
    Ok(())
}

/// Tells the receivers of deliveries that an earlier release left open.
pub(crate) fn recover(sql: &Connection, now_ms: UnixMs) -> rusqlite::Result<()> {
    let mut select =
        sql.prepare("SELECT id, url FROM deliveries WHERE outcome IS NULL AND receiver IS NULL")?;
    let open = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let open: Vec<(i64, String)> = open.collect::<Result<_, _>>()?;
    let mut update = sql.prepare("UPDATE deliveries SET receiver = ?2 WHERE id = ?1")?;
    let mut insert = sql.prepare(
        "INSERT INTO receivers (origin, standing, turn_ms, seen_ms) VALUES (?1, 'new', ?2, ?2)
         ON CONFLICT (origin) DO UPDATE SET turn_ms = ?2",
    )?;
    for (id, url) in open {
        let origin = service::receiver::receiver(&url);
        update.execute((id, &origin))?;
        insert.execute((&origin, now_ms))?;
    }
    Ok(())
}
