//! [`Templates`] on the table: each once by its id and once in the list of its application.

use crate::table::{Item, Key, Table, Transacted, Write, bad, json, put_json};
use async_trait::async_trait;
use service::model::Template;
use service::ports::{PortResult, Templates};

/// More templates of an application than this are not listed.
const MAX_LISTED: usize = 10_000;

pub(crate) struct TemplateItems(pub(crate) Table);

#[async_trait]
impl Templates for TemplateItems {
    async fn put(&self, template: &Template) -> PortResult<()> {
        let keys = [Key::template(&template.id), Key::template_of_app(template)];
        let writes = keys.map(|key| {
            let mut item = key.item();
            item.insert("doc".to_owned(), put_json(template));
            Write::Put(item)
        });
        self.0.transact(&writes).await.map(drop)
    }

    async fn get(&self, id: &str) -> PortResult<Option<Template>> {
        let item = self.0.get(Key::template(id)).await?;
        item.map(|item| self.read(&item)).transpose()
    }

    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>> {
        let listed = Key::templates(app_id);
        let items = self.0.query(&listed, false, MAX_LISTED).await?;
        items.iter().map(|item| self.read(item)).collect()
    }

    async fn delete(&self, id: &str) -> PortResult<bool> {
        let Some(template) = self.get(id).await? else {
            return Ok(false);
        };
        let writes = [
            Write::Remove(Key::template(id)),
            Write::Delete(Key::template_of_app(&template)),
        ];
        Ok(self.0.transact(&writes).await? == Transacted::Done)
    }
}

impl TemplateItems {
    fn read(&self, item: &Item) -> PortResult<Template> {
        let doc = json(item, "doc").and_then(|doc| doc.ok_or_else(|| bad("doc")));
        doc.map_err(|cause| self.0.wrong(cause))
    }
}
