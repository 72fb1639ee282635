//! Who is told of events.

use super::{Body, present};
use crate::action::Action;
use crate::command::CallbackType;
use serde_json::{Value, json};

/// The settings of an application.
#[derive(Clone, PartialEq, Eq)]
pub struct GetMessageCallback {
    /// `app-1000000` by default.
    pub app_id: String,
    /// How subscribers are told.
    pub callback_type: CallbackType,
    /// Where to.
    pub callback_url: Option<String>,
    /// Names, or `ALL` alone.
    pub event_types: Vec<String>,
    /// Whether deliveries are signed.
    pub auth_switch: bool,
    /// With what. It is the caller's own and goes back to them.
    pub auth_key: Option<String>,
    /// As given.
    pub mns_endpoint: Option<String>,
    /// As given.
    pub mns_queue_name: Option<String>,
}

impl std::fmt::Debug for GetMessageCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GetMessageCallback")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

impl Body for GetMessageCallback {
    const ACTION: Action = Action::GetMessageCallback;

    fn fields(&self) -> Value {
        json!({"MessageCallback": present(json!({
            "AppId": self.app_id,
            "CallbackType": self.callback_type.name(),
            "CallbackURL": self.callback_url,
            "EventTypeList": self.event_types.join(","),
            "AuthSwitch": if self.auth_switch { "on" } else { "off" },
            "AuthKey": self.auth_key,
            "MnsEndpoint": self.mns_endpoint,
            "MnsQueueName": self.mns_queue_name,
        }))})
    }
}

/// The settings are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMessageCallback;

impl Body for SetMessageCallback {
    const ACTION: Action = Action::SetMessageCallback;

    fn fields(&self) -> Value {
        json!({})
    }
}

/// The settings are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteMessageCallback;

impl Body for DeleteMessageCallback {
    const ACTION: Action = Action::DeleteMessageCallback;

    fn fields(&self) -> Value {
        json!({})
    }
}
