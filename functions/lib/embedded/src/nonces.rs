//! [`Nonces`] on a table.

use crate::database::{Database, SqlResult};
use async_trait::async_trait;
use rusqlite::Connection;
use service::model::UnixMs;
use service::ports::{Clock, Nonces, PortResult, SystemClock};
use std::sync::atomic::{AtomicU32, Ordering};

const PORT: &str = "nonces";
/// Every so many uses what has expired is forgotten.
const SWEEP_EVERY: u32 = 512;
/// Rows of one sweep: more than come between two, and few enough to delay nobody.
const SWEEP_ROWS: u32 = 2048;

pub(crate) struct NonceTable {
    pub(crate) database: Database,
    pub(crate) uses: AtomicU32,
}

#[async_trait]
impl Nonces for NonceTable {
    async fn use_once(&self, key_id: &str, nonce: &str, expires_ms: UnixMs) -> PortResult<bool> {
        let (key_id, nonce) = (key_id.to_owned(), nonce.to_owned());
        let sweeps = self
            .uses
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(SWEEP_EVERY);
        let use_it = move |sql: &Connection| {
            if sweeps {
                forget_expired(sql, SystemClock.now_ms())?;
            }
            let insert = "INSERT OR IGNORE INTO nonces VALUES (?1, ?2, ?3)";
            Ok(sql
                .prepare_cached(insert)?
                .execute((key_id, nonce, expires_ms))?
                == 1)
        };
        self.database.write(PORT, use_it).await
    }
}

pub(crate) fn forget_expired(sql: &Connection, now_ms: UnixMs) -> SqlResult<usize> {
    let delete = "DELETE FROM nonces WHERE (key_id, nonce) IN
        (SELECT key_id, nonce FROM nonces WHERE expires_ms < ?1 LIMIT ?2)";
    Ok(sql.prepare_cached(delete)?.execute((now_ms, SWEEP_ROWS))?)
}
