use super::*;
use async_trait::async_trait;
use contract::signature::{Secret, client::Signer};
use embedded::StoreOptions;
use service::api::{Auth, Settings};
use service::ports::{AccessKey, Clock, Keys, PortResult, SystemClock};
use std::sync::Arc;
use std::time::Duration;

/// A key store that fails in a way that no port may.
enum BrokenKeys {
    Panics,
    NeverAnswers,
}

#[async_trait]
impl Keys for BrokenKeys {
    async fn get(&self, _id: &str) -> PortResult<Option<AccessKey>> {
        match self {
            Self::Panics => panic!("as told"),
            Self::NeverAnswers => std::future::pending().await,
        }
    }
}

async fn answer_of(keys: BrokenKeys, format: &str) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
    let api = Api::new(store.ports(), Settings::new(Auth::Keys(Arc::new(keys))));
    let secret = Secret::new("secret");
    let signer = Signer::now("key", &secret, SystemClock.now_ms());
    let parameters = [("TemplateType", "Snapshot"), ("Format", format)];
    let raw = signer.v1("GET", "ListVodTemplate", &parameters);
    api.handle_within(raw, ANSWER_WITHIN, ()).await
}

#[tokio::test]
async fn a_panic_inside_is_answered_with_the_envelope() {
    let answer = answer_of(BrokenKeys::Panics, "JSON").await;
    let body = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 500);
    assert!(
        body.contains(r#""Code":"InternalError""#) && body.contains("RequestId"),
        "{body}"
    );
    assert!(
        !body.contains("as told"),
        "what went wrong is for the log: {body}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stall_inside_is_answered_with_the_envelope_before_clients_give_up() {
    let started = tokio::time::Instant::now();
    let answer = answer_of(BrokenKeys::NeverAnswers, "XML").await;
    assert!(started.elapsed() < Duration::from_secs(3));
    let body = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 503);
    assert!(
        body.contains("<Error>") && body.contains("<Code>ServiceUnAvailable</Code>"),
        "{body}"
    );
    let content_type = answer
        .headers
        .iter()
        .find(|(name, _)| name == "content-type");
    assert_eq!(content_type.unwrap().1, "text/xml;charset=utf-8");
}
