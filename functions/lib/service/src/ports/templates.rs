use super::PortResult;
use crate::model::{Template, TemplateId};
use async_trait::async_trait;

/// The templates of SubmitSnapshotJob.
#[async_trait]
pub trait Templates: Send + Sync {
    /// Stores a template, in place of one of the same id whatever that was.
    async fn put(&self, template: &Template) -> PortResult<()>;

    /// Stores `now` in place of `known`, which has the same id; whether it did: nobody else has
    /// changed or deleted that before.
    async fn replace(&self, known: &Template, now: &Template) -> PortResult<bool>;

    /// The template with this id; any string may be asked for.
    async fn get(&self, id: &TemplateId) -> PortResult<Option<Template>>;

    /// All templates of an application, oldest first.
    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>>;

    /// Removes a template; whether there was one.
    async fn delete(&self, id: &TemplateId) -> PortResult<bool>;
}
