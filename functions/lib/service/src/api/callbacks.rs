//! SetMessageCallback and its two companions. What is set for `app-1000000` holds for every job.

use super::{Api, Reply, port_failed, reply};
use crate::model::CallbackSettings;
use contract::command::{DeleteMessageCallback, GetMessageCallback, SetMessageCallback};
use contract::error::ApiError;
use contract::response::body;

impl Api {
    pub(super) async fn set_callback(&self, command: SetMessageCallback) -> Reply {
        let settings = CallbackSettings {
            app_id: command.app_id,
            callback_type: command.callback_type,
            callback_url: command.callback_url,
            event_types: command.event_types,
            auth_key: command.auth_key.map(|key| key.expose().to_owned()),
            auth_switch: command.auth_switch,
            mns_endpoint: command.mns_endpoint,
            mns_queue_name: command.mns_queue_name,
        };
        self.ports
            .callbacks
            .put(&settings)
            .await
            .map_err(port_failed)?;
        reply(body::SetMessageCallback)
    }

    pub(super) async fn callback_info(&self, command: GetMessageCallback) -> Reply {
        let found = self.ports.callbacks.get(&command.app_id).await;
        let settings = found.map_err(port_failed)?;
        let settings = settings.ok_or_else(|| ApiError::no_such_resource(&command.app_id))?;
        reply(body::GetMessageCallback {
            app_id: settings.app_id,
            callback_type: settings.callback_type,
            callback_url: settings.callback_url,
            event_types: settings.event_types,
            auth_switch: settings.auth_switch,
            auth_key: settings.auth_key,
            mns_endpoint: settings.mns_endpoint,
            mns_queue_name: settings.mns_queue_name,
        })
    }

    pub(super) async fn delete_callback(&self, command: DeleteMessageCallback) -> Reply {
        let deleted = self.ports.callbacks.delete(&command.app_id).await;
        deleted.map_err(port_failed)?;
        reply(body::DeleteMessageCallback)
    }
}
