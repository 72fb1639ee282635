//! Promise: `template.yaml` as it stands makes the whole service. AWS's own tool deploys it into an
//! emulator that runs the functions, the queue between them, the table, the buckets and the topic;
//! the vendor's own client uses it; what comes out is looked at where a user finds it.
//!
//! The emulator checks no signature of a presigned URL and no right of a role.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod artefacts;
mod deployment;
mod front;
mod hearing;
mod jobs;
mod service;

use cloud::Emulator;
use deployment::Deployment;
use service::Service;
use support::clients::Runtime;

/// Whoever is named here may call, but for one that is switched off.
const KEYS: &str = r#"{"testid":"test/secret+","off":{"secret":"offsecret","active":false}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_template_makes_the_whole_service() {
    let Some(emulator) = Emulator::of_templates() else {
        return;
    };
    let service = Service::deploy(&emulator, "whole", 0).await;
    jobs::each_kind_of_job_gives_its_pictures_and_events(&service).await;
    jobs::a_video_that_is_none_ends_in_a_failed_event(&service).await;
    jobs::an_upload_registers_itself(&service).await;
    jobs::real_videos_give_what_a_plain_decoder_shows(&service).await;
    // A second deployment in the same account, which lets one call a second pass.
    let slow = Service::deploy(&emulator, "slow", 1).await;
    assert_ne!(service.outputs(), slow.outputs());
    the_vendors_client_finds_what_it_knows(&service, &slow).await;
}

async fn the_vendors_client_finds_what_it_knows(service: &Service, slow: &Service) {
    let clip = support::numbered_clip();
    let setup = serde_json::json!({
        "endpoint": service.host(), "slow_endpoint": slow.host(),
        "id": "testid", "secret": "test/secret+",
        "inactive_id": "off", "inactive_secret": "offsecret",
        "clip": service.put_source("numbered.mp4", std::fs::read(clip).unwrap()).await,
    });
    let drive = move || Runtime::Python.drive("tea-v3", &setup);
    tokio::task::spawn_blocking(drive).await.unwrap();
}
