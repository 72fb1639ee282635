//! [`Templates`] on a table.

use crate::database::Database;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row};
use service::model::{Template, TemplateId};
use service::ports::{PortResult, Templates};

const PORT: &str = "templates";

pub(crate) struct TemplateTable(pub(crate) Database);

#[async_trait]
impl Templates for TemplateTable {
    async fn put(&self, template: &Template) -> PortResult<()> {
        let Template {
            id,
            name,
            config,
            app_id,
            created_ms,
            modified_ms,
        } = template.clone();
        let put = move |sql: &Connection| {
            let replace = "INSERT OR REPLACE INTO templates VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let values = (
                id.to_string(),
                name,
                config,
                app_id,
                created_ms,
                modified_ms,
            );
            sql.prepare_cached(replace)?.execute(values)?;
            Ok(())
        };
        self.0.write(PORT, put).await
    }

    async fn replace(&self, known: &Template, now: &Template) -> PortResult<bool> {
        let (known, now) = (known.clone(), now.clone());
        let replace = move |sql: &Connection| {
            let mut update = sql.prepare_cached(
                "UPDATE templates SET name = ?1, config = ?2, modified_ms = ?3
                 WHERE id = ?4 AND name = ?5 AND config = ?6 AND modified_ms = ?7",
            )?;
            let values = (
                now.name,
                now.config,
                now.modified_ms,
                known.id.to_string(),
                known.name,
                known.config,
                known.modified_ms,
            );
            Ok(update.execute(values)? == 1)
        };
        self.0.write(PORT, replace).await
    }

    async fn get(&self, id: &TemplateId) -> PortResult<Option<Template>> {
        let id = id.to_string();
        let get = move |sql: &Connection| {
            let mut select = sql.prepare_cached("SELECT * FROM templates WHERE id = ?1")?;
            Ok(select.query_row([id], template).optional()?)
        };
        self.0.read(PORT, get).await
    }

    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>> {
        let app_id = app_id.to_owned();
        let list = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT * FROM templates WHERE app_id = ?1 ORDER BY created_ms, id",
            )?;
            Ok(select
                .query_map([app_id], template)?
                .collect::<Result<_, _>>()?)
        };
        self.0.read(PORT, list).await
    }

    async fn delete(&self, id: &TemplateId) -> PortResult<bool> {
        let id = id.to_string();
        let delete = move |sql: &Connection| {
            let mut delete = sql.prepare_cached("DELETE FROM templates WHERE id = ?1")?;
            Ok(delete.execute([id])? == 1)
        };
        self.0.write(PORT, delete).await
    }
}

fn template(row: &Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template {
        id: row.get::<_, String>("id")?.into(),
        name: row.get("name")?,
        config: row.get("config")?,
        app_id: row.get("app_id")?,
        created_ms: row.get("created_ms")?,
        modified_ms: row.get("modified_ms")?,
    })
}
