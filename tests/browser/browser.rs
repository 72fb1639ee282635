//! A headless Chromium, and the small server that it gets the page and the clips from.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use support::chromium::Chromium;

/// What the browser shows at one time of one clip.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) clip: String,
    pub(crate) at_ms: u64,
    /// `mediaTime` of the frame; none where the browser showed it before already.
    pub(crate) media_ms: Option<f64>,
    pub(crate) duration_ms: f64,
    /// Its pixels, 160x90.
    pub(crate) rgb: Vec<u8>,
}

/// A clip to be opened, and the times to seek to.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) file: PathBuf,
    pub(crate) points: Vec<u64>,
}

/// Has the browser open each clip. What it can't open is an error with its words.
pub(crate) fn look(asked: &[Asked]) -> Vec<Result<Shown, String>> {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = format!("http://{}/", server.local_addr().unwrap());
    let browser = Chromium::open(&address, &[]);
    let begun = Instant::now();
    let mut seen = Vec::new();
    while begun.elapsed() < Duration::from_secs(180) {
        let Ok((stream, _)) = server.accept() else {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        // It opens connections ahead of use.
        stream
            .set_read_timeout(Some(Duration::from_millis(500)))
            .unwrap();
        if answer(stream, asked, &mut seen) == Some(Said::Done) {
            break;
        }
    }
    drop(browser);
    seen
}

#[derive(PartialEq)]
enum Said {
    On,
    Done,
}

fn answer(
    stream: TcpStream,
    asked: &[Asked],
    seen: &mut Vec<Result<Shown, String>>,
) -> Option<Said> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut bytes = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if let Some(length) = header.strip_prefix("content-length:") {
            bytes = length.trim().parse().ok()?;
        }
        if header.is_empty() {
            break;
        }
    }
    let mut body = vec![0; bytes];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let fields: HashMap<&str, &str> = query.split('&').filter_map(|f| f.split_once('=')).collect();
    let field = |name: &str| (*fields.get(name).unwrap_or(&"")).to_owned();
    let (kind, content, said) = match path {
        "/" => ("text/html", include_bytes!("page.html").to_vec(), Said::On),
        "/clips" => ("application/json", list(asked).into_bytes(), Said::On),
        "/seen" => {
            let ms = |name| field(name).parse::<f64>().ok().map(|s| s * 1000.0);
            seen.push(Ok(Shown {
                clip: field("clip"),
                at_ms: field("ms").parse().ok()?,
                media_ms: ms("media").filter(|ms| !ms.is_nan()),
                duration_ms: ms("duration")?,
                rgb: body
                    .chunks_exact(4)
                    .flat_map(|rgba| [rgba[0], rgba[1], rgba[2]])
                    .collect(),
            }));
            ("text/plain", Vec::new(), Said::On)
        }
        "/failed" => {
            seen.push(Err(format!(
                "{}: {}",
                field("clip"),
                String::from_utf8_lossy(&body)
            )));
            ("text/plain", Vec::new(), Said::On)
        }
        "/done" => ("text/plain", Vec::new(), Said::Done),
        _ => {
            let clip = asked
                .iter()
                .find(|clip| path == format!("/clip/{}", clip.name));
            let content = clip.map_or(Vec::new(), |clip| std::fs::read(&clip.file).unwrap());
            ("application/octet-stream", content, Said::On)
        }
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    let mut stream = reader.into_inner();
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&content).ok()?;
    Some(said)
}

fn list(asked: &[Asked]) -> String {
    let clips = asked.iter().map(|clip| {
        format!(
            "{{\"name\":\"{}\",\"points\":{:?}}}",
            clip.name, clip.points
        )
    });
    format!("[{}]", clips.collect::<Vec<_>>().join(","))
}
