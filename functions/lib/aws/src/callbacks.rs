//! [`Callbacks`] on the table.

use crate::table::{ItemKey, Table, json, put_json};
use async_trait::async_trait;
use service::model::CallbackSettings;
use service::ports::{Callbacks, PortResult};

pub(crate) struct CallbackItems(pub(crate) Table);

#[async_trait]
impl Callbacks for CallbackItems {
    async fn put(&self, settings: &CallbackSettings) -> PortResult<()> {
        let mut item = ItemKey::callback(&settings.app_id).item();
        item.insert("doc".to_owned(), put_json(settings));
        self.0.put(item).await
    }

    async fn get(&self, app_id: &str) -> PortResult<Option<CallbackSettings>> {
        let Some(item) = self.0.get(ItemKey::callback(app_id)).await? else {
            return Ok(None);
        };
        json(&item, "doc").map_err(|cause| self.0.corrupt(cause))
    }

    async fn delete(&self, app_id: &str) -> PortResult<()> {
        self.0.delete(ItemKey::callback(app_id)).await
    }
}
