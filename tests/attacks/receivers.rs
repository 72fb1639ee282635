//! Receivers of events that never answer, beside healthy ones.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::server::{PATIENCE, Server, Setup};
use support::subscriber::Subscriber;

/// How soon a healthy receiver is told, whatever others do.
const AT_ONCE: Duration = Duration::from_secs(1);

fn setup(data: &Path, arguments: &[&str]) -> Setup {
    let loopback = ["--callback-allow", "127.0.0.0/8"];
    Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.to_owned(),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: loopback
            .iter()
            .chain(arguments)
            .map(|&a| a.to_owned())
            .collect(),
    }
}

/// A receiver that takes connections and never answers. Its backlog is the kernel's.
fn silent(address: &str) -> (TcpListener, String) {
    let listener = TcpListener::bind((address, 0)).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

/// Puts an open delivery for each URL into a folder that no server runs on, as jobs would have.
fn plant(data: &Path, urls: impl Iterator<Item = String>) {
    let mut sql = rusqlite::Connection::open(data.join("vod-snapshot.db")).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(now.as_millis()).unwrap();
    let transaction = sql.transaction().unwrap();
    for (number, url) in urls.enumerate() {
        let event = "INSERT INTO events (id, event_type, status, video_id, job_id, at_ms,
            callback_url, body) VALUES (?1, 'SnapshotComplete', 'success', 'v', 'j', ?2, ?3, '{}')";
        let id = format!("planted-{number}");
        let body = (id, now_ms, &url);
        transaction
            .execute(&event.replace("'{}'", "x'7b7d'"), body)
            .unwrap();
        let seq = transaction.last_insert_rowid();
        let delivery = "INSERT INTO deliveries (event_seq, url, first_ms) VALUES (?1, ?2, ?3)";
        transaction.execute(delivery, (seq, &url, now_ms)).unwrap();
    }
    transaction.commit().unwrap();
}

/// Makes the data folder, with all jobs' callbacks switched on, and a video in it.
fn prepare(data: &Path) -> String {
    let mut server = Server::start(&setup(data, &[]));
    let nowhere = [
        ("CallbackType", "HTTP"),
        ("CallbackURL", "http://127.0.0.1:9/"),
    ];
    let _ = server.ok("SetMessageCallback", &nowhere);
    let video = server.register(support::bench::clip());
    assert!(server.terminate());
    video
}

/// Runs a job for `receiver`, and says how long after its end the receiver was told.
fn told_after(server: &Server, video: &str, receiver: &Subscriber) -> Duration {
    let callback = serde_json::json!({"MessageCallback": {"CallbackType": "http", "CallbackURL": receiver.url}});
    let callback = callback.to_string();
    let parameters = [("Count", "1"), ("Width", "160"), ("UserData", &callback)];
    let job = server.submit(video, &parameters);
    assert_eq!(server.wait(&job), "Success");
    let ended = Instant::now();
    let post = receiver.next();
    assert_eq!(post.json()["SnapshotInfos"][0]["JobId"], job.as_str());
    ended.elapsed()
}

/// Waits until so many deliveries are known to have come: one that a kill comes in between with is
/// told again.
fn until_noted(data: &Path, deliveries: i64) {
    let sql = rusqlite::Connection::open(data.join("vod-snapshot.db")).unwrap();
    let count = "SELECT count(*) FROM deliveries WHERE outcome = 'delivered'";
    let begun = Instant::now();
    while sql.query_row(count, [], |row| row.get(0)) != Ok(deliveries) {
        assert!(begun.elapsed() < PATIENCE, "they are not noted");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The posts that came to a silent receiver: it never took one, so all of them still wait.
fn posts(listener: &TcpListener) -> usize {
    listener.set_nonblocking(true).unwrap();
    listener.incoming().map_while(Result::ok).count()
}

#[test]
fn two_hundred_jobs_of_a_receiver_that_never_answers_delay_nobody_else() {
    let folder = tempfile::TempDir::new().unwrap();
    let video = prepare(folder.path());
    let (listener, origin) = silent("127.0.0.1");
    plant(
        folder.path(),
        (0..200).map(|job| format!("{origin}/hook?job={job}")),
    );
    let healthy = Subscriber::start(&[]);
    let server = Server::start(&setup(folder.path(), &[]));
    let begun = Instant::now();
    for _ in 0..4 {
        let delay = told_after(&server, &video, &healthy);
        assert!(delay < AT_ONCE, "told after {delay:?}");
        std::thread::sleep(Duration::from_millis(500));
    }
    // One at a time, each for 5 seconds.
    let most = 1 + usize::try_from(begun.elapsed().as_secs()).unwrap() / 5;
    let posts = posts(&listener);
    assert!((1..=most + 1).contains(&posts), "{posts} posts");
}

#[test]
fn two_thousand_jobs_of_a_hundred_silent_receivers_do_not_delay_one_that_answers() {
    let folder = tempfile::TempDir::new().unwrap();
    let video = prepare(folder.path());
    let (healthy, subscriber) = (Subscriber::start(&[]), Subscriber::start(&[]));
    let setup = setup(folder.path(), &["--notify", &subscriber.url]);
    let mut server = Server::start(&setup);
    let _ = told_after(&server, &video, &healthy);
    let _ = subscriber.next();
    until_noted(folder.path(), 2);
    server.kill();
    let away: Vec<_> = (1..=100)
        .map(|host| silent(&format!("127.0.1.{host}")))
        .collect();
    let urls = away
        .iter()
        .flat_map(|(_, origin)| (0..20).map(move |job| format!("{origin}/hook/{job}")));
    plant(folder.path(), urls);
    let server = Server::start(&setup);
    for _ in 0..4 {
        let delay = told_after(&server, &video, &healthy);
        assert!(delay < AT_ONCE, "told after {delay:?}");
        let _ = subscriber.next();
        std::thread::sleep(Duration::from_millis(500));
    }
    let posts: usize = away.iter().map(|(listener, _)| posts(listener)).sum();
    assert!((16..=64).contains(&posts), "{posts} posts");
}

/// A receiver that hangs up until it is told to answer; the ids of the events it took.
struct Moody {
    origin: String,
    well: Arc<AtomicBool>,
    took: Arc<Mutex<Vec<String>>>,
}

impl Moody {
    fn start() -> Self {
        let (listener, origin) = silent("127.0.0.1");
        let moody = Self {
            origin,
            well: Arc::default(),
            took: Arc::default(),
        };
        let (well, took) = (Arc::clone(&moody.well), Arc::clone(&moody.took));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if well.load(Ordering::Relaxed) {
                    let took = Arc::clone(&took);
                    std::thread::spawn(move || take(stream, &took));
                }
            }
        });
        moody
    }
}

fn take(mut stream: TcpStream, took: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut id = None;
    for line in lines.by_ref().map_while(Result::ok) {
        if let Some(value) = line.strip_prefix("x-vod-event-id: ") {
            id = Some(value.to_owned());
        }
        if line.is_empty() {
            break;
        }
    }
    took.lock().unwrap().push(id?);
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer.as_bytes()).ok()
}

#[test]
fn nothing_is_lost_for_a_receiver_that_comes_back_whatever_stops_us_meanwhile() {
    const EVENTS: usize = 150;
    let folder = tempfile::TempDir::new().unwrap();
    let _ = prepare(folder.path());
    let moody = Moody::start();
    plant(
        folder.path(),
        (0..EVENTS).map(|job| format!("{}/{job}", moody.origin)),
    );
    let mut server = Server::start(&setup(folder.path(), &[]));
    std::thread::sleep(Duration::from_millis(300));
    server.kill();
    moody.well.store(true, Ordering::Relaxed);
    let took = || moody.took.lock().unwrap().clone();
    let mut server = Server::start(&setup(folder.path(), &[]));
    let begun = Instant::now();
    while took().len() < 20 {
        assert!(begun.elapsed() < PATIENCE, "{} came", took().len());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(server.terminate());
    let _server = Server::start(&setup(folder.path(), &[]));
    let mut ids = took();
    while ids.len() < EVENTS {
        assert!(begun.elapsed() < PATIENCE, "{} came", ids.len());
        std::thread::sleep(Duration::from_millis(20));
        ids = took();
    }
    std::thread::sleep(Duration::from_millis(300));
    let mut ids = took();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), EVENTS);
    assert_eq!(took().len(), EVENTS, "an orderly stop repeats none");
}
