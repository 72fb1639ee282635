use super::PortResult;
use async_trait::async_trait;
use contract::signature::Secret;

/// What a client signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Known to the client and to us alone.
    pub secret: Secret,
    /// False: it is known, and may not be used.
    pub active: bool,
}

/// The access keys of those who may call.
#[async_trait]
pub trait Keys: Send + Sync {
    /// The key with this id; any string may be asked for.
    async fn get(&self, id: &str) -> PortResult<Option<AccessKey>>;
}
