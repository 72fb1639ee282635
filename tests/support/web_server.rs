//! A web server with one file, whose manners can be chosen, and which counts what it gives.

use crate::tls::{Authority, Identity};
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// As RFC 9110 asks for.
    Ranges,
    /// The whole file, whatever range is asked for.
    NoRanges,
    /// A body without an end.
    Endless,
    /// Another ETag with each answer.
    Changing,
    /// More bytes than were asked for.
    TooMuch,
    /// A redirect to the file, at another path.
    Redirect,
}

/// Serves the numbered clip until the test ends.
pub struct WebServer {
    /// Of the clip.
    pub url: String,
    given: Arc<AtomicU64>,
    /// Its certificate is there while this is.
    pub authority: Option<Authority>,
}

trait Connection: Read + Write + Send {}
impl<T: Read + Write + Send> Connection for T {}

impl WebServer {
    /// By plain HTTP.
    ///
    /// # Panics
    /// There is no clip, or no port.
    #[must_use]
    pub fn start(manners: Manners) -> Self {
        Self::serve(manners, None)
    }

    /// By TLS.
    ///
    /// # Panics
    /// There is no clip, or no port.
    #[must_use]
    pub fn start_tls(manners: Manners) -> Self {
        let authority = Authority::new();
        Self::serve(manners, Some(authority))
    }

    fn serve(manners: Manners, authority: Option<Authority>) -> Self {
        let file: Arc<[u8]> = fs::read(crate::bench::clip()).unwrap().into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let tls = authority
            .as_ref()
            .map(|authority| config(&authority.issue("web")));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}/clip.mp4", listener.local_addr().unwrap());
        let given = Arc::new(AtomicU64::new(0));
        let counting = Arc::clone(&given);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let connection = connection.unwrap();
                let tls = tls.clone();
                let mut site = Site {
                    file: Arc::clone(&file),
                    given: Arc::clone(&counting),
                    manners,
                };
                std::thread::spawn(move || {
                    let mut connection = wrapped(connection, tls);
                    while site.answer(&mut *connection).is_ok() {}
                });
            }
        });
        Self {
            url,
            given,
            authority,
        }
    }

    /// Bytes of bodies.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }
}

fn config(identity: &Identity) -> Arc<ServerConfig> {
    let certificates = CertificateDer::pem_file_iter(&identity.certificate).unwrap();
    let key = PrivateKeyDer::from_pem_file(&identity.key).unwrap();
    // Named, since another part of the build may bring a second one.
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth();
    let certificates = certificates.map(Result::unwrap).collect();
    Arc::new(config.with_single_cert(certificates, key).unwrap())
}

fn wrapped(connection: TcpStream, tls: Option<Arc<ServerConfig>>) -> Box<dyn Connection> {
    match tls {
        Some(config) => Box::new(StreamOwned::new(
            ServerConnection::new(config).unwrap(),
            connection,
        )),
        None => Box::new(connection),
    }
}

struct Site {
    file: Arc<[u8]>,
    given: Arc<AtomicU64>,
    manners: Manners,
}

impl Site {
    fn answer(&mut self, connection: &mut dyn Connection) -> io::Result<()> {
        let head = head(connection)?;
        let range = head.split_once("range: bytes=").map(|(_, rest)| {
            let (first, last) = rest.split_once('\r').unwrap().0.split_once('-').unwrap();
            (
                first.parse::<usize>().unwrap(),
                last.parse::<usize>().unwrap(),
            )
        });
        let range = range.filter(|_| self.manners != Manners::NoRanges);
        let all = self.file.len();
        if self.manners == Manners::Redirect && !head.contains("/moved") {
            let answer =
                "HTTP/1.1 302 Found\r\nLocation: /moved/clip.mp4\r\nContent-Length: 0\r\n\r\n";
            return connection.write_all(answer.as_bytes());
        }
        if self.manners == Manners::Endless {
            connection.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                connection.write_all(&[0; 65536])?;
            }
        }
        let Some((first, last)) = range else {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {all}\r\n\r\n");
            connection.write_all(answer.as_bytes())?;
            return self.give(connection, 0, all);
        };
        let etag = match self.manners {
            Manners::Changing => self.given() + first as u64,
            _ => 1,
        };
        let more = usize::from(self.manners == Manners::TooMuch && first > 0);
        let length = last + 1 - first + more;
        let answer = format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: {length}\r\n\
             Content-Range: bytes {first}-{last}/{all}\r\nETag: \"{etag}\"\r\n\r\n"
        );
        connection.write_all(answer.as_bytes())?;
        self.give(connection, first, last + 1)?;
        connection.write_all(&[0][..more])
    }

    fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    fn give(&self, connection: &mut dyn Connection, from: usize, to: usize) -> io::Result<()> {
        self.given.fetch_add((to - from) as u64, Ordering::Relaxed);
        connection.write_all(&self.file[from..to])?;
        connection.flush()
    }
}

/// In lower case, to the empty line.
fn head(connection: &mut dyn Connection) -> io::Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).to_lowercase())
}
