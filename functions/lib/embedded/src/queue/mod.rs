//! [`Queue`] on a table, and the other end of it.

mod inbox;
mod lane;
mod recovery;

pub use inbox::{Delivery, Receipt};
pub(crate) use lane::Arrivals;
pub use lane::Lane;
pub(crate) use lane::{LANES, lane_of_column};
pub(crate) use recovery::recover;

use crate::database::{Database, Json};
use async_trait::async_trait;
use rusqlite::Connection;
use service::model::{Job, Message};
use service::ports::{Clock, PortResult, Queue, SystemClock};

const PORT: &str = "queue";

/// Both ends of the way to the workers.
#[derive(Clone)]
pub(crate) struct MessageTable {
    pub(crate) database: Database,
    pub(crate) arrivals: Arrivals,
}

#[async_trait]
impl Queue for MessageTable {
    async fn send(&self, message: &Message) -> PortResult<()> {
        let woken = self.arrivals.of(Lane::of(message));
        let message = message.clone();
        let send = move |sql: &Connection| Ok(insert(sql, &message)?);
        self.database.write_then_wake(PORT, woken, send).await
    }
}

pub(crate) fn insert(sql: &Connection, message: &Message) -> rusqlite::Result<()> {
    let job_id = message.job().map(|job_id| job_id.as_str());
    let insert = "INSERT INTO messages (job_id, body, sent_ms, lane) VALUES (?1, ?2, ?3, ?4)";
    let sent_ms = SystemClock.now_ms();
    let job = job_id.and_then(|id| job(sql, id));
    let column = lane::column_of(message, job.as_ref());
    sql.prepare_cached(insert)?
        .execute((job_id, Json(message), sent_ms, column))?;
    Ok(())
}

/// A job, where it is stored already. A record that can't be read is for its worker to find.
fn job(sql: &Connection, job_id: &str) -> Option<Job> {
    let select = sql.prepare_cached("SELECT * FROM jobs WHERE id = ?1");
    select
        .and_then(|mut select| select.query_row([job_id], crate::jobs::job))
        .ok()
}
