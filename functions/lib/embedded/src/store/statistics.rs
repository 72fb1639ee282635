//! How much there is of what, for those who watch a server.

use super::Store;
use crate::database::SqlResult;
use rusqlite::{Connection, Row};
use service::model::UnixMs;
use service::ports::PortResult;

const PORT: &str = "statistics";

/// How much there is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreStatistics {
    /// Jobs by their status: Queued, Processing, Success, Fail.
    pub jobs: Vec<(String, u64)>,
    /// What waits for a worker, or is being worked on.
    pub queue: Vec<QueueStatistics>,
    /// Events that a subscriber is still to get, each counted once for each subscriber.
    pub deliveries_open: u64,
    /// Of these, the ones with an attempt that failed.
    pub deliveries_failing: u64,
    /// Events that a subscriber never got, until they are forgotten.
    pub deliveries_given_up: u64,
}

/// The messages of one kind of workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatistics {
    /// Whose workers take them: jobs, uploads or deletions.
    pub lane: &'static str,
    /// Nobody works on them.
    pub waiting: u64,
    /// Somebody works on them.
    pub in_flight: u64,
    /// When the oldest one that waits was sent.
    pub oldest_sent_ms: Option<UnixMs>,
}

impl Store {
    /// What there is now.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn statistics(&self) -> PortResult<StoreStatistics> {
        self.database.read(PORT, statistics).await
    }
}

fn statistics(sql: &Connection) -> SqlResult<StoreStatistics> {
    let mut statistics = StoreStatistics {
        jobs: jobs(sql)?,
        queue: queue(sql)?,
        ..StoreStatistics::default()
    };
    for (number, condition) in [
        (&mut statistics.deliveries_open, "outcome IS NULL"),
        (
            &mut statistics.deliveries_failing,
            "outcome IS NULL AND attempts > 0",
        ),
        (&mut statistics.deliveries_given_up, "outcome = 'given up'"),
    ] {
        let select = format!("SELECT count(*) FROM deliveries WHERE {condition}");
        *number = sql
            .prepare_cached(&select)?
            .query_row([], |row| count(row, 0))?;
    }
    Ok(statistics)
}

fn jobs(sql: &Connection) -> SqlResult<Vec<(String, u64)>> {
    let select = "SELECT status, count(*) FROM jobs GROUP BY status";
    let mut select = sql.prepare_cached(select)?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, count(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A message that waits for its next try waits as well.
fn queue(sql: &Connection) -> SqlResult<Vec<QueueStatistics>> {
    let select = "SELECT lane, sum(in_flight = 0), sum(in_flight = 1),
        min(CASE in_flight WHEN 0 THEN sent_ms END) FROM messages GROUP BY lane";
    let mut lanes: Vec<QueueStatistics> = crate::queue::LANES
        .into_iter()
        .map(|lane| QueueStatistics {
            lane,
            waiting: 0,
            in_flight: 0,
            oldest_sent_ms: None,
        })
        .collect();
    let mut select = sql.prepare_cached(select)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let name = crate::queue::lane_of_column(row.get(0)?);
        let oldest: Option<UnixMs> = row.get(3)?;
        for lane in lanes.iter_mut().filter(|lane| lane.lane == name) {
            lane.waiting += count(row, 1)?;
            lane.in_flight += count(row, 2)?;
            lane.oldest_sent_ms = [lane.oldest_sent_ms, oldest].into_iter().flatten().min();
        }
    }
    Ok(lanes)
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}
