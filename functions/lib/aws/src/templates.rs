//! [`Templates`] on the table: each once by its id and once in the list of its application.

use crate::table::{
    Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, json, put_json,
};
use async_trait::async_trait;
use service::model::{Template, TemplateId};
use service::ports::{PortResult, Templates};

/// More templates of an application than this are not listed.
const MAX_LISTED: usize = 10_000;

pub(crate) struct TemplateItems(pub(crate) Table);

#[async_trait]
impl Templates for TemplateItems {
    async fn put(&self, template: &Template) -> PortResult<()> {
        let writes = [
            put(ItemKey::template(&template.id), template),
            listed(template),
        ];
        self.0.transact(&writes).await.map(drop)
    }

    async fn replace(&self, known: &Template, now: &Template) -> PortResult<bool> {
        let change = ItemChange::new(
            "SET doc = :now",
            "doc = :known",
            [(":now", put_json(now)), (":known", put_json(known))],
        );
        let writes = [
            ItemWrite::Update(ItemKey::template(&known.id), change),
            listed(now),
        ];
        Ok(self.0.transact(&writes).await? == TransactionOutcome::Done)
    }

    async fn get(&self, id: &TemplateId) -> PortResult<Option<Template>> {
        let item = self.0.get(ItemKey::template(id)).await?;
        item.map(|item| self.read(&item)).transpose()
    }

    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>> {
        let listed = ItemKey::templates(app_id);
        let items = self.0.query(&listed, false, MAX_LISTED).await?;
        items.iter().map(|item| self.read(item)).collect()
    }

    async fn delete(&self, id: &TemplateId) -> PortResult<bool> {
        let Some(template) = self.get(id).await? else {
            return Ok(false);
        };
        let writes = [
            ItemWrite::Remove(ItemKey::template(id)),
            ItemWrite::Delete(ItemKey::template_of_app(&template)),
        ];
        Ok(self.0.transact(&writes).await? == TransactionOutcome::Done)
    }
}

fn listed(template: &Template) -> ItemWrite {
    put(ItemKey::template_of_app(template), template)
}

fn put(key: ItemKey, template: &Template) -> ItemWrite {
    let mut item = key.item();
    item.insert("doc".to_owned(), put_json(template));
    ItemWrite::Put(item)
}

impl TemplateItems {
    fn read(&self, item: &Item) -> PortResult<Template> {
        let doc = json(item, "doc").and_then(|doc| doc.ok_or_else(|| bad("doc")));
        doc.map_err(|cause| self.0.corrupt(cause))
    }
}
