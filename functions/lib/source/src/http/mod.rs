//! A file behind HTTP, read by ranges (RFC 9110, section 14).
//!
//! Which addresses may be called, how long to wait and whom to trust is for the client, an
//! [`Agent`], that the caller brings. What a server answers is believed as far as it can be
//! checked: an answer must be the range that was asked for, of a file of the same length and with
//! the same `ETag` and `Last-Modified` as when it was opened, and not a byte longer. A server that
//! says otherwise has another file by now: [`ReadError::Changed`](crate::ReadError::Changed).

mod content_range;
mod error;
mod recent_reads;
mod validators;

pub use error::HttpError;

use crate::{RangeSource, ReadError};
use content_range::ContentRange;
use recent_reads::RecentReads;
use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use ureq::http::{Response, header};
use ureq::{Agent, Body, BodyReader, ResponseExt};
use validators::Validators;

/// What lies between two wanted ranges is read through up to this many bytes. More would save
/// requests, of which eight run at once, and cost bytes that somebody pays for.
const GAP_BYTES: u64 = 16 << 10;

/// What a server has at a URL.
#[derive(Debug)]
pub enum HttpFile {
    /// It gives ranges.
    Ranges(HttpSource),
    /// It gives all or nothing: this is all.
    Whole(WholeBody),
}

/// The whole of a file, as it comes.
pub struct WholeBody {
    /// As the server says.
    pub length_bytes: Option<u64>,
    /// The bytes; an error where the server closes the connection before their end.
    pub reader: BodyReader<'static>,
}

impl fmt::Debug for WholeBody {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("WholeBody")
            .field("length_bytes", &self.length_bytes)
            .finish_non_exhaustive()
    }
}

/// A file that is read by ranges.
#[derive(Debug)]
pub struct HttpSource {
    agent: Agent,
    url: String,
    /// Where redirects led at last.
    led_to: Mutex<String>,
    bytes: u64,
    validators: Validators,
    recent: RecentReads,
}

/// Asks for the first byte of the file at `url`, which tells how long it is. Follows redirects as
/// `agent` does; later reads go to where they led, for as long as the file is there.
///
/// # Errors
/// See [`HttpError`].
pub fn open(agent: &Agent, url: &str) -> Result<HttpFile, HttpError> {
    let answer = call(agent, url, Some((0, 0)), None)?;
    let led_to = answer.get_uri().to_string();
    match answer.status().as_u16() {
        200 => Ok(HttpFile::Whole(whole(answer)?)),
        206 => match ContentRange::of(answer.headers()) {
            Some(ContentRange {
                first: 0,
                total: Some(bytes),
                ..
            }) => {
                let validators = Validators::of(answer.headers());
                fill(answer, &mut [0])?;
                Ok(HttpFile::Ranges(HttpSource {
                    agent: agent.clone(),
                    url: url.to_owned(),
                    led_to: Mutex::new(led_to),
                    bytes,
                    validators,
                    recent: RecentReads::default(),
                }))
            }
            // Ranges of who knows how much are of no use.
            _ => Ok(HttpFile::Whole(whole(call(agent, &led_to, None, None)?)?)),
        },
        // There is not even a first byte.
        416 => Err(HttpError::Empty),
        status => Err(HttpError::Status(status)),
    }
}

fn whole(answer: Response<Body>) -> Result<WholeBody, HttpError> {
    match answer.status().as_u16() {
        200 if is_encoded(&answer) => Err(HttpError::Encoded),
        200 => Ok(WholeBody {
            length_bytes: answer.body().content_length(),
            reader: answer.into_body().into_reader(),
        }),
        status => Err(HttpError::Status(status)),
    }
}

/// Ranges of what was compressed on the way are not those of the file.
fn is_encoded(answer: &Response<Body>) -> bool {
    let coding = answer.headers().get(header::CONTENT_ENCODING);
    coding.is_some_and(|coding| coding != "identity")
}

fn call(
    agent: &Agent,
    url: &str,
    range: Option<(u64, u64)>,
    only_if: Option<&str>,
) -> Result<Response<Body>, HttpError> {
    let mut request = agent.get(url).header(header::ACCEPT_ENCODING, "identity");
    if let Some((first, last)) = range {
        request = request.header(header::RANGE, format!("bytes={first}-{last}"));
    }
    if let Some(validator) = only_if {
        request = request.header(header::IF_RANGE, validator);
    }
    let request = request.config().http_status_as_error(false).build();
    request.call().map_err(HttpError::from)
}

/// Just as many bytes as were asked for, or an error.
fn fill(answer: Response<Body>, into: &mut [u8]) -> io::Result<()> {
    if is_encoded(&answer) {
        return Err(io::Error::other("the server compresses parts of the file"));
    }
    let mut reader = answer.into_body().into_reader();
    reader
        .read_exact(into)
        .map_err(|cause| match cause.kind() {
            ErrorKind::UnexpectedEof => io::Error::other("fewer bytes came than were asked for"),
            _ => cause,
        })?;
    // To its end, so that the connection can be used again.
    match reader.read(&mut [0]) {
        Ok(0) => Ok(()),
        Ok(_) => Err(io::Error::other("more bytes came than were asked for")),
        Err(cause) => Err(cause),
    }
}

impl HttpSource {
    /// Of where redirects led; where the file is there no more, of where they lead now. What a
    /// redirect names may hold for a while only, such as a presigned URL.
    fn answer(
        &self,
        range: (u64, u64),
        only_if: Option<&str>,
    ) -> Result<Response<Body>, HttpError> {
        let led_to = self.led_to().clone();
        let answer = call(&self.agent, &led_to, Some(range), only_if)?;
        if led_to == self.url || !matches!(answer.status().as_u16(), 400 | 401 | 403 | 404 | 410) {
            return Ok(answer);
        }
        let answer = call(&self.agent, &self.url, Some(range), only_if)?;
        *self.led_to() = answer.get_uri().to_string();
        Ok(answer)
    }

    fn led_to(&self) -> MutexGuard<'_, String> {
        self.led_to.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills `into`, or the front of it; how much came.
    fn read_some(&self, offset: u64, into: &mut [u8]) -> Result<usize, ReadError> {
        let length = into.len() as u64;
        let last = offset.checked_add(length).map(|end| end - 1);
        let last = last.filter(|last| *last < self.bytes);
        let last = last.ok_or(ReadError::Changed)?;
        let only_if = self.validators.for_if_range();
        let answer = self.answer((offset, last), only_if)?;
        match answer.status().as_u16() {
            206 => {}
            200 if only_if.is_some() => return Err(ReadError::Changed),
            200 => return Err(denied("the server gives no ranges of it any more")),
            401 | 403 => return Err(denied("access denied")),
            412 | 416 => return Err(ReadError::Changed),
            status => return Err(HttpError::Status(status).into()),
        }
        let range = ContentRange::of(answer.headers());
        let range = range.ok_or_else(|| transient("the answer does not say its range"))?;
        let is_same = Validators::of(answer.headers()).fit(&self.validators);
        if range.total.is_some_and(|total| total != self.bytes) || !is_same {
            return Err(ReadError::Changed);
        }
        if range.first != offset || range.last > last {
            return Err(transient("the answer is another range"));
        }
        // A server may give less than was asked for.
        let came = usize::try_from(range.last - offset + 1).unwrap_or(usize::MAX);
        let into = into.get_mut(..came);
        fill(answer, into.ok_or(ReadError::Changed)?)?;
        Ok(came)
    }
}

fn transient(cause: &str) -> ReadError {
    ReadError::Transient(io::Error::other(cause.to_owned()))
}

fn denied(cause: &str) -> ReadError {
    ReadError::Denied(cause.to_owned())
}

impl RangeSource for HttpSource {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        if into.is_empty() || self.recent.fill(offset, into) {
            return Ok(());
        }
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            filled += self.read_some(offset + filled as u64, rest)?;
        }
        self.recent.keep(offset, into);
        Ok(())
    }

    fn identity(&self) -> Option<String> {
        let version = self.validators.version()?;
        Some(format!("{} {version}", self.bytes))
    }

    fn gap_bytes(&self) -> u64 {
        GAP_BYTES
    }
}

#[cfg(test)]
mod tests;
