//! Uploads by URL, system covers and given templates, through the real program.

mod covers;
mod deleted;
mod given_templates;
mod hostile;
mod interrupted;
mod moved;
mod site;
mod whole;

use serde_json::Value;
use site::Site;
use std::path::Path;
use std::time::{Duration, Instant};
use support::bench::Bench;
use support::server::{PATIENCE, Server};

/// A server that downloads from `site` and from no other address of this machine.
fn bench(site: &Site, arguments: &[&str]) -> Bench {
    let allowed = site.host();
    let mut all = vec!["--upload-allow", allowed.as_str()];
    all.extend_from_slice(arguments);
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), &all)
}

/// Uploads one URL; its JobId.
fn upload(server: &Server, url: &str) -> String {
    let answer = server.ok("UploadMediaByURL", &[("UploadURLs", url)]);
    let job = &answer["UploadJobs"][0];
    assert_eq!(job["SourceURL"], url);
    job["JobId"].as_str().unwrap().to_owned()
}

fn info(server: &Server, job: &str) -> Value {
    let answer = server.ok("GetURLUploadInfos", &[("JobIds", job)]);
    answer["URLUploadInfoList"][0].clone()
}

/// What is told of an upload once it has ended.
fn wait(server: &Server, job: &str) -> Value {
    let begun = Instant::now();
    loop {
        let info = info(server, job);
        if info["Status"] == "SUCCESS" || info["Status"] == "FAIL" {
            return info;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "the upload does not end: {info}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}
