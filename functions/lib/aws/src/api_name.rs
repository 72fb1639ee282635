//! Where clients reach the API of a deployment.
//!
//! No function can be told: the API's name in the environment of the function behind it would be a
//! circle. So it is taken from the call in hand. A job takes it along: the URLs of its event are made
//! when it is submitted.
//!
//! Jobs of a release that did not make them so may still be in the queue when a stack is upgraded. The
//! worker that completes one gets no call: it uses the name of the last call that submitted a job, which
//! is kept in the table. System covers have no such URLs either, and no event that would name them.

use crate::table::{ItemKey, Table, text};
use aws_sdk_dynamodb::types::AttributeValue;
use service::ports::PortResult;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A name that was given to the API since is used after this.
const STALE: Duration = Duration::from_secs(300);

/// The host name of the API, such as `abc.execute-api.us-east-1.amazonaws.com`.
pub(crate) struct ApiName {
    table: Table,
    names: Mutex<Names>,
}

#[derive(Default)]
struct Names {
    /// Where the call in hand came to. An environment of a function has one at a time.
    called: Option<String>,
    /// What the table holds, as far as is known here, and since when.
    kept: Option<(Option<String>, Instant)>,
}

impl ApiName {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            names: Mutex::default(),
        }
    }

    pub(crate) fn called_at(&self, host: Option<String>) {
        self.lock().called = host.filter(|host| !host.is_empty());
    }

    pub(crate) fn called(&self) -> Option<String> {
        self.lock().called.clone()
    }

    /// That of the call in hand, or else the last one that was called.
    pub(crate) async fn known(&self) -> PortResult<Option<String>> {
        match self.called() {
            Some(host) => Ok(Some(host)),
            None => self.kept().await,
        }
    }

    /// Keeps the name of the call in hand, for those who get none.
    pub(crate) async fn keep(&self) -> PortResult<()> {
        let Some(host) = self.called() else {
            return Ok(());
        };
        if self.kept().await?.as_ref() == Some(&host) {
            return Ok(());
        }
        let mut item = ItemKey::api_name().item();
        item.insert("host".to_owned(), AttributeValue::S(host.clone()));
        self.table.put(item).await?;
        self.lock().kept = Some((Some(host), Instant::now()));
        Ok(())
    }

    async fn kept(&self) -> PortResult<Option<String>> {
        if let Some((host, since)) = &self.lock().kept
            && since.elapsed() < STALE
        {
            return Ok(host.clone());
        }
        let item = self.table.get(ItemKey::api_name()).await?;
        let host = item.map(|item| text(&item, "host").map(str::to_owned));
        let host = host
            .transpose()
            .map_err(|cause| self.table.corrupt(cause))?;
        self.lock().kept = Some((host.clone(), Instant::now()));
        Ok(host)
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
