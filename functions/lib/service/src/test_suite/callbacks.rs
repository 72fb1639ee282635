use super::hostile::HOSTILE;
use super::sample::id;
use crate::model::{CallbackSettings, CallbackType};
use crate::ports::Callbacks;

/// The promises of [`Callbacks`].
pub async fn callbacks(port: &dyn Callbacks) {
    let first = CallbackSettings {
        app_id: format!("app-{}", id()),
        callback_type: CallbackType::Http,
        callback_url: Some("https://example.com/?a=b&c".to_owned()),
        event_types: vec!["SnapshotComplete".to_owned(), "ALL".to_owned()],
        auth_key: Some("key'1".to_owned()),
        auth_switch: true,
        mns_endpoint: Some("https://mns.example.com".to_owned()),
        mns_queue_name: Some("q".to_owned()),
    };
    port.put(&first).await.unwrap();
    assert_eq!(port.get(&first.app_id).await.unwrap(), Some(first.clone()));
    let second = CallbackSettings {
        callback_url: None,
        event_types: Vec::new(),
        ..first
    };
    port.put(&second).await.unwrap();
    assert_eq!(
        port.get(&second.app_id).await.unwrap(),
        Some(second.clone())
    );
    port.delete(&second.app_id).await.unwrap();
    port.delete(&second.app_id).await.unwrap();
    assert_eq!(port.get(&second.app_id).await.unwrap(), None);
    for text in HOSTILE {
        assert_eq!(port.get(text).await.unwrap(), None, "{text:?}");
    }
}
