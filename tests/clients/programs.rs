//! What programs do with snapshots, by the vendor's own clients: `programs.py`, `programs.js`.

use super::{Bench, Scheme, bench, clip};
use contract::action::Action;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use support::clients::Runtime;

/// Actions of these programs that the service does not have yet: they check that it says so. Take
/// out of the list what it has.
const ABSENT: &[&str] = &[
    "GetPlayInfo",
    "GetVideoInfos",
    "GetVideoList",
    "SearchMedia",
    "UpdateVideoInfo",
    "DeleteVideo",
    "UploadMediaByURL",
    "GetURLUploadInfos",
];

#[test]
fn the_programs_know_which_actions_there_are() {
    let there: Vec<_> = ABSENT
        .iter()
        .filter(|name| Action::named(name).is_some())
        .collect();
    assert!(there.is_empty(), "take out of ABSENT: {there:?}");
}

fn arguments() -> Vec<&'static str> {
    let mut arguments = vec!["--qps", "0", "--callback-allow", "127.0.0.1"];
    if !ABSENT.contains(&"UploadMediaByURL") {
        arguments.extend(["--upload-allow", "127.0.0.1"]);
    }
    arguments
}

fn run(program: &str, runtime: Runtime, mode: &str, scheme: Scheme) {
    let bench: Bench = bench(scheme, &arguments());
    let mut setup = bench.setup();
    setup["absent"] = ABSENT.into();
    setup["clip_url"] = served_clip().into();
    runtime.run("programs", &[program, mode], &setup);
}

/// The URL of a web server that has the clip.
fn served_clip() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/clip.mp4", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // A client that left, or asks for the head alone, is answered as well as any.
            let _ = serve(stream);
        }
    });
    url
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    let asked: Vec<_> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let clip = std::fs::read(clip())?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nConnection: close";
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n", clip.len())?;
    match asked.first() {
        Some(first) if first.starts_with("HEAD") => Ok(()),
        _ => stream.write_all(&clip),
    }
}

/// Each program by a client of either runtime; they differ in signature, method and scheme.
macro_rules! programs {
    ($($name:ident, $program:literal: $python:literal $node:literal $scheme:ident;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn in_python() {
                run($program, Runtime::Python, $python, Scheme::$scheme);
            }

            #[test]
            #[cfg_attr(not(node), ignore = "needs node and npm")]
            fn in_node() {
                run($program, Runtime::Node, $node, Scheme::$scheme);
            }
        }
    )*};
}

programs! {
    courses, "courses": "tea-v3" "pop-get" Https;
    covers, "covers": "legacy-post" "openapi-v3" Http;
    scrub_bar, "scrub-bar": "tea-v1" "pop-post" Http;
    cover_of_event, "cover-of-event": "tea-v3" "openapi-v1" Https;
    numbers_of_event, "numbers-of-event": "legacy-get" "pop-post" Https;
    gallery, "gallery": "tea-v3" "pop-get" Http;
    uploads, "uploads": "legacy-post" "openapi-v3" Http;
}
