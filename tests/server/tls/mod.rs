//! https: what is served, what a new certificate changes, and what is wrong with the files.

mod reload;
mod start;

use std::path::PathBuf;
use support::bench::clip;
use support::server::{Server, Setup};
use support::subscriber::Subscriber;
use support::tls::{Authority, Identity};
use tempfile::TempDir;

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
}

fn server(folder: &TempDir, authority: &Authority, identity: &Identity, more: &[&str]) -> Server {
    let mut arguments = identity.arguments();
    arguments.extend(more.iter().map(|&text| text.to_owned()));
    let setup = Setup {
        program: program(),
        data: folder.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments,
    };
    Server::start_with(&setup, Some(&authority.certificate()))
}

#[test]
fn every_address_that_is_given_out_is_https() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let subscriber = Subscriber::start(&[]);
    let identity = authority.issue("server");
    let server = server(
        &folder,
        &authority,
        &identity,
        &["--notify", &subscriber.url, "--covers", "on"],
    );
    let base = &server.url;
    assert!(base.starts_with("https://"), "{base}");
    let openapi = server.get(&format!("{base}/openapi.json")).json();
    assert_eq!(&openapi["servers"][0]["url"], base);
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Interval", "1")]);
    assert_eq!(server.wait(&job), "Success");
    let asked = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
    ];
    let listed = server.ok("ListSnapshots", &asked);
    let picture = listed["MediaSnapshot"]["Snapshots"]["Snapshot"][0]["Url"].as_str();
    let event = subscriber.next().json();
    let cover = event["CoverUrl"].as_str();
    let regular = event["SnapshotInfos"][0]["SnapshotRegular"].as_str();
    let play = server.ok("GetPlayInfo", &[("VideoId", &video)]);
    let played = play["PlayInfoList"]["PlayInfo"][0]["PlayURL"].as_str();
    let shown = play["VideoBase"]["CoverURL"].as_str();
    for url in [picture, cover, regular, played, shown] {
        let url = url.unwrap();
        assert!(url.starts_with(&format!("{base}/")), "{url}");
    }
    let reply = server.get(picture.unwrap());
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "image/jpeg")
    );
    let file = server.get(played.unwrap());
    let clip = std::fs::read(clip()).unwrap();
    assert_eq!((file.status, file.bytes), (200, clip));
    let unknown = server.call("SubmitTranscodeJobs", &[]).json();
    assert_eq!(unknown["Recommend"], format!("{base}/openapi.json"));
    assert_eq!(server.log_lines("PRIVATE KEY"), Vec::<String>::new());
}
