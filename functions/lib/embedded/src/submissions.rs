//! [`Submissions`] in one transaction: the job, its message, and the token of its call.

use crate::database::{Database, SqlResult};
use crate::{jobs, queue};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};
use service::model::{Job, JobId, UnixMs};
use service::ports::{Acceptance, CallToken, Clock, PortResult, Submissions, SystemClock};
use std::sync::Arc;
use tokio::sync::Notify;

const PORT: &str = "submissions";

/// How long a token is remembered.
const KEPT_MS: UnixMs = 48 * 60 * 60 * 1000;

/// Tokens forgotten at each new one: more than come, and few enough to delay nobody.
const SWEEP_ROWS: u32 = 16;

pub(crate) struct SubmissionTable {
    pub(crate) database: Database,
    /// Told after every commit that may let a waiting worker receive something.
    pub(crate) arrived: Arc<Notify>,
}

#[async_trait]
impl Submissions for SubmissionTable {
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        // A look costs no sync of the disk, and most tokens are new.
        let (of, look) = (token.clone(), move |sql: &Connection, of: &CallToken| {
            Ok(held(sql, of)?.is_some())
        });
        let known = self.database.read(PORT, move |sql| look(sql, &of)).await?;
        if !known {
            return Ok(None);
        }
        let (take, back) = (token.clone(), token.clone());
        self.database
            .write_if_accepted(
                PORT,
                &self.arrived,
                move |sql| take_part(sql, &take),
                move |sql, taken| match taken {
                    Some(Acceptance::Earlier { job_id }) => leave(sql, &back, job_id),
                    _ => Ok(()),
                },
            )
            .await
            .map(|taken| taken.unwrap_or(Some(Acceptance::TooLate)))
    }

    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance> {
        let (job, id, token) = (job.clone(), job.id.clone(), token.cloned());
        let back = token.clone();
        self.database
            .write_if_accepted(
                PORT,
                &self.arrived,
                move |sql| accept(sql, &job, token.as_ref()),
                move |sql, accepted| match (accepted, &back) {
                    (Acceptance::New, None) => remove(sql, &id),
                    (Acceptance::New, Some(token)) => leave(sql, token, &id),
                    (Acceptance::Earlier { job_id }, Some(token)) => leave(sql, token, job_id),
                    _ => Ok(()),
                },
            )
            .await
            .map(|accepted| accepted.unwrap_or(Acceptance::TooLate))
    }
}

fn accept(sql: &Connection, job: &Job, token: Option<&CallToken>) -> SqlResult<Acceptance> {
    if let Some(token) = token {
        if let Some(earlier) = take_part(sql, token)? {
            return Ok(earlier);
        }
        keep(sql, token, &job.id, SystemClock.now_ms())?;
    }
    jobs::insert(sql, job)?;
    queue::insert(sql, &job.message())?;
    Ok(Acceptance::New)
}

/// The job and the fingerprint of an earlier call with this token.
fn held(sql: &Connection, token: &CallToken) -> SqlResult<Option<(JobId, String)>> {
    let select = "SELECT job_id, fingerprint FROM client_tokens WHERE key_id = ?1 AND token = ?2";
    let found = sql
        .prepare_cached(select)?
        .query_row((&token.key_id, &token.token), |row| {
            Ok((row.get::<_, String>(0)?.into(), row.get(1)?))
        })
        .optional()?;
    Ok(found)
}

/// One more call that is told of the token's job.
fn take_part(sql: &Connection, token: &CallToken) -> SqlResult<Option<Acceptance>> {
    let Some((job_id, fingerprint)) = held(sql, token)? else {
        return Ok(None);
    };
    if fingerprint != token.fingerprint {
        return Ok(Some(Acceptance::OtherParameters));
    }
    let update = "UPDATE client_tokens SET answers = answers + 1 WHERE key_id = ?1 AND token = ?2";
    sql.prepare_cached(update)?
        .execute((&token.key_id, &token.token))?;
    Ok(Some(Acceptance::Earlier { job_id }))
}

fn keep(sql: &Connection, token: &CallToken, job_id: &str, now_ms: UnixMs) -> SqlResult<()> {
    let forget = "DELETE FROM client_tokens WHERE (key_id, token) IN
        (SELECT key_id, token FROM client_tokens WHERE expires_ms < ?1 LIMIT ?2)";
    sql.prepare_cached(forget)?.execute((now_ms, SWEEP_ROWS))?;
    let insert = "INSERT INTO client_tokens VALUES (?1, ?2, ?3, ?4, 1, ?5)";
    sql.prepare_cached(insert)?.execute((
        &token.key_id,
        &token.token,
        &token.fingerprint,
        job_id,
        now_ms.saturating_add(KEPT_MS),
    ))?;
    Ok(())
}

/// A call that was told otherwise; the last one takes the job with it.
fn leave(sql: &Connection, token: &CallToken, job_id: &str) -> SqlResult<()> {
    let update = "UPDATE client_tokens SET answers = answers - 1
        WHERE key_id = ?1 AND token = ?2 AND job_id = ?3 RETURNING answers";
    let answers: Option<i64> = sql
        .prepare_cached(update)?
        .query_row((&token.key_id, &token.token, job_id), |row| row.get(0))
        .optional()?;
    if answers != Some(0) {
        return Ok(());
    }
    let delete = "DELETE FROM client_tokens WHERE key_id = ?1 AND token = ?2";
    sql.prepare_cached(delete)?
        .execute((&token.key_id, &token.token))?;
    remove(sql, job_id)
}

/// A job that nobody was told of and no worker has met.
fn remove(sql: &Connection, job_id: &str) -> SqlResult<()> {
    for delete in [
        "DELETE FROM messages WHERE job_id = ?1",
        "DELETE FROM jobs WHERE id = ?1",
    ] {
        sql.prepare_cached(delete)?.execute([job_id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::model::SnapshotType;
    use service::test_suite as suite;

    fn count(sql: &Connection, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        sql.query_row(&count, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_job_goes_with_the_last_call_that_may_be_told_of_it() {
        let mut sql = Connection::open_in_memory().unwrap();
        crate::database::migrate(&mut sql, std::path::Path::new("x.db")).unwrap();
        let token = CallToken {
            key_id: "k".to_owned(),
            token: "t".to_owned(),
            fingerprint: "f".to_owned(),
        };
        let first = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
        let again = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
        let earlier = Acceptance::Earlier {
            job_id: first.id.clone(),
        };
        assert_eq!(accept(&sql, &first, Some(&token)).unwrap(), Acceptance::New);
        assert_eq!(accept(&sql, &again, Some(&token)).unwrap(), earlier);
        leave(&sql, &token, &first.id).unwrap();
        let tables = ["jobs", "messages", "client_tokens"];
        assert_eq!(tables.map(|table| count(&sql, table)), [1, 1, 1]);
        leave(&sql, &token, &first.id).unwrap();
        assert_eq!(tables.map(|table| count(&sql, table)), [0, 0, 0]);
        assert_eq!(accept(&sql, &again, Some(&token)).unwrap(), Acceptance::New);
    }

    #[test]
    fn a_token_is_forgotten_after_its_time() {
        let mut sql = Connection::open_in_memory().unwrap();
        crate::database::migrate(&mut sql, std::path::Path::new("x.db")).unwrap();
        let token = |name: &str| CallToken {
            key_id: "k".to_owned(),
            token: name.to_owned(),
            fingerprint: "f".to_owned(),
        };
        keep(&sql, &token("old"), "j", 0).unwrap();
        let day_ms = 24 * 60 * 60 * 1000;
        keep(&sql, &token("other"), "j", day_ms).unwrap();
        assert!(held(&sql, &token("old")).unwrap().is_some());
        keep(&sql, &token("new"), "j", KEPT_MS + 1).unwrap();
        assert_eq!(held(&sql, &token("old")).unwrap(), None);
        assert!(held(&sql, &token("other")).unwrap().is_some());
    }
}
