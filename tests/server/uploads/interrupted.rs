use super::site::{self, Site};
use super::{files, info, upload, wait};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::bench::clip;
use support::server::{PATIENCE, Server, Setup};
use support::subscriber::Subscriber;

/// A server that says nothing more after half of a file holds up no job and no stop; what was
/// written of it goes with the process that wrote it.
#[test]
fn a_kill_amid_a_download_leaves_one_whole_file_in_the_end() {
    let (bytes, stalls) = (
        std::fs::read(clip()).unwrap(),
        Arc::new(AtomicBool::new(true)),
    );
    let still = stalls.clone();
    let site = Site::start(move |_, into| {
        if still.load(Ordering::SeqCst) {
            into.write_all(&site::head("200 OK", "content-length: 50000000\r\n"))?;
            into.write_all(&vec![7; 3 << 20])?;
            std::thread::sleep(PATIENCE);
        }
        site::file(into, &bytes)
    });
    let folder = tempfile::TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[]);
    let arguments = ["--upload-allow", &site.host(), "--notify", &subscriber.url];
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: arguments.map(str::to_owned).to_vec(),
    };
    let mut server = Server::start(&setup);
    let uploads: Vec<_> = (0..3)
        .map(|_| upload(&server, &site.url("/a.mp4")))
        .collect();
    let partial = || {
        let names = files(&setup.data.join("tmp")).into_iter();
        let sizes = names.filter_map(|name| setup.data.join("tmp").join(name).metadata().ok());
        sizes
            .map(|metadata| metadata.len())
            .max()
            .unwrap_or_default()
    };
    let begun = Instant::now();
    while partial() < 1 << 20 {
        assert!(begun.elapsed() < PATIENCE, "no download begins");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(info(&server, &uploads[0])["Status"], "PROCESSING");
    assert_eq!(info(&server, &uploads[2])["Status"], "PENDING");
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success", "a job waits for no download");

    let stopping = Instant::now();
    assert!(server.terminate());
    assert!(
        stopping.elapsed() < Duration::from_secs(4),
        "{:?}",
        stopping.elapsed()
    );
    let mut server = Server::start(&setup);
    let begun = Instant::now();
    while partial() < 1 << 20 {
        assert!(begun.elapsed() < PATIENCE, "no download goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill();
    assert!(
        partial() > 0,
        "killed too late for this test to say anything"
    );
    stalls.store(false, Ordering::SeqCst);
    let server = Server::start(&setup);
    for upload in &uploads {
        assert_eq!(wait(&server, upload)["Status"], "SUCCESS");
    }
    assert_eq!(files(&setup.data.join("uploads")).len(), 3);
    assert!(files(&setup.data.join("tmp")).is_empty());
    // One of the job, two of each upload.
    let events: Vec<_> = (0..7).map(|_| subscriber.next().json()).collect();
    assert!(subscriber.is_quiet(), "{events:?}");
}
