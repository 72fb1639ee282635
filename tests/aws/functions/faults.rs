use crate::stack;
use crate::system::{System, WORKER, clip, delivery, none_failed};
use cloud::Function;
use cloud::faults::Faults;
use cloud::http_api::event;
use contract::request::RawRequest;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// The variables of a deployment whose stores refuse, lose and delay calls.
async fn troubled(stack: &cloud::Stack) -> Vec<(String, String)> {
    let mut environment = stack.environment();
    let endpoint = stack.config.endpoint_url().unwrap();
    let (url, _) = Faults::default().way_to(endpoint).await;
    environment.push(("AWS_ENDPOINT_URL".to_owned(), url));
    environment
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_among_faults_has_one_result() {
    let system = System::start(stack!()).await;
    let worker = Function::start(WORKER, &troubled(&system.stack).await).await;
    let video = system.register("clip.mp4", clip(20, "320x180")).await;
    let job = system
        .job(&video, &[("Count", "20"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    let mut answer = worker.answer(delivery(&message)).await;
    // What comes again is delivered again.
    while !none_failed(&answer) {
        answer = worker.answer(delivery(&message)).await;
    }
    let first = system.heard().await.unwrap();
    assert_eq!(first["Status"], "success", "{first}");
    while let Some(again) = system.heard().await {
        assert_eq!(again, first);
    }
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 20);
    let keys = system.objects(&format!("{video}/snapshots/{job}")).await;
    assert_eq!(keys.len(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_among_faults_happen_once() {
    let mut stack = stack!();
    stack.deployment.open = true;
    let submit = Function::start(crate::system::SUBMIT, &troubled(&stack).await).await;
    let url = stack.put_source("clip.mp4", vec![7; 10]).await;
    let metadata = json!([{"FileURL": url, "Title": "t"}]).to_string();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("RegisterMetadatas", &metadata)
        .finish();
    let mut ids = Vec::new();
    for _ in 0..12 {
        let raw = RawRequest {
            method: "POST".to_owned(),
            raw_query: "Action=RegisterMedia&Version=2017-03-21".to_owned(),
            headers: vec![(
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: form.clone().into(),
        };
        let answer = submit.answer(event(&raw)).await;
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        match answer["statusCode"].as_u64().unwrap() {
            200 => ids.push(body["RegisteredMediaList"][0]["MediaId"].clone()),
            503 => assert_eq!(body["Code"], "ServiceUnAvailable"),
            _ => panic!("{answer}"),
        }
    }
    assert!(ids.len() > 6, "{ids:?}");
    assert!(
        ids.iter().all(|id| *id == ids[0] && id.is_string()),
        "{ids:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_whose_answer_was_lost_is_still_the_first_use() {
    let stack = stack!();
    let endpoint = stack.config.endpoint_url().unwrap();
    let faults = Faults {
        unanswered_every: 2,
        ..Faults::NONE
    };
    let (url, calls) = faults.way_to(endpoint).await;
    let config = stack.config.to_builder().endpoint_url(url).build();
    let clients = aws::Clients::new(&config);
    let ports = aws::ports(&clients, &stack.deployment).await.unwrap();
    for nonce in ["a", "b", "c", "d"] {
        let never_ms = 4_000_000_000_000;
        assert!(
            ports.nonces.use_once("k", nonce, never_ms).await.unwrap(),
            "{nonce}"
        );
        assert!(
            !ports.nonces.use_once("k", nonce, never_ms).await.unwrap(),
            "{nonce}"
        );
    }
    assert!(calls.load(Ordering::Relaxed) > 8, "no answer was lost");
}
