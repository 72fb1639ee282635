use super::PortResult;
use crate::model::CallbackSettings;
use async_trait::async_trait;

/// SetMessageCallback's settings.
#[async_trait]
pub trait Callbacks: Send + Sync {
    /// Stores the settings of an application, in place of earlier ones.
    async fn put(&self, settings: &CallbackSettings) -> PortResult<()>;

    /// The settings of an application.
    async fn get(&self, app_id: &str) -> PortResult<Option<CallbackSettings>>;

    /// Removes the settings of an application; none there is fine.
    async fn delete(&self, app_id: &str) -> PortResult<()>;
}
