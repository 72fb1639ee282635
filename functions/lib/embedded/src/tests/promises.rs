use super::{folder, open};
use service::test_suite as suite;

#[tokio::test]
async fn the_ports_keep_their_promises() {
    let data = folder();
    let ports = open(data.path()).ports();
    suite::all(&ports).await;
    suite::uploads(&*ports.uploads).await;
    suite::upload_files(&*ports.upload_files).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_registrations_of_a_url_one_is_new() {
    let data = folder();
    suite::registrations(&open(data.path()).ports().videos, 50).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_completions_one_holds() {
    let data = folder();
    suite::completions(&open(data.path()).ports().jobs, 50).await;
}
