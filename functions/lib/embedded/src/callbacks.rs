//! [`Callbacks`] on a table.

use crate::database::{Database, Json};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};
use service::model::CallbackSettings;
use service::ports::{Callbacks, PortResult};

const PORT: &str = "callbacks";

pub(crate) struct CallbackTable(pub(crate) Database);

#[async_trait]
impl Callbacks for CallbackTable {
    async fn put(&self, settings: &CallbackSettings) -> PortResult<()> {
        let settings = settings.clone();
        let put = move |sql: &Connection| {
            let replace = "INSERT OR REPLACE INTO callbacks VALUES (?1, ?2)";
            sql.prepare_cached(replace)?
                .execute((&settings.app_id, Json(&settings)))?;
            Ok(())
        };
        self.0.write(PORT, put).await
    }

    async fn get(&self, app_id: &str) -> PortResult<Option<CallbackSettings>> {
        let app_id = app_id.to_owned();
        let get = move |sql: &Connection| {
            let mut select =
                sql.prepare_cached("SELECT settings FROM callbacks WHERE app_id = ?1")?;
            Ok(select
                .query_row([app_id], |row| Ok(row.get::<_, Json<_>>(0)?.0))
                .optional()?)
        };
        self.0.read(PORT, get).await
    }

    async fn delete(&self, app_id: &str) -> PortResult<()> {
        let app_id = app_id.to_owned();
        let delete = move |sql: &Connection| {
            sql.prepare_cached("DELETE FROM callbacks WHERE app_id = ?1")?
                .execute([app_id])?;
            Ok(())
        };
        self.0.write(PORT, delete).await
    }
}
