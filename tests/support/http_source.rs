//! A video behind HTTP, read by ranges.

use source::{RangeSource, ReadError};
use std::io::{self, Read};
use ureq::http::{Response, header};
use ureq::{Agent, Body};

/// What a server holds at a URL. Connections are kept open and used again.
#[derive(Debug)]
pub struct HttpSource {
    agent: Agent,
    url: String,
    bytes: u64,
}

impl HttpSource {
    /// Asks the server how long it is.
    ///
    /// # Errors
    /// Where the server does not answer, or knows no ranges.
    pub fn open(url: &str) -> io::Result<Self> {
        let agent = Agent::new_with_defaults();
        let answer = range(&agent, url, 0, 1)?;
        let total = answer.headers().get(header::CONTENT_RANGE);
        let total = total.and_then(|range| range.to_str().ok()?.rsplit_once('/')?.1.parse().ok());
        let bytes = total.ok_or_else(|| io::Error::other("the server says no length"))?;
        Ok(Self {
            agent,
            url: url.to_owned(),
            bytes,
        })
    }
}

impl RangeSource for HttpSource {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        if into.is_empty() {
            return Ok(());
        }
        let answer = range(&self.agent, &self.url, offset, into.len() as u64)?;
        Ok(answer.into_body().as_reader().read_exact(into)?)
    }

    /// About what passes in the time of a request.
    fn gap_bytes(&self) -> u64 {
        256 << 10
    }
}

fn range(agent: &Agent, url: &str, offset: u64, length: u64) -> io::Result<Response<Body>> {
    let range = format!("bytes={offset}-{}", offset + length - 1);
    let answer = agent.get(url).header(header::RANGE, range).call();
    let answer = answer.map_err(io::Error::other)?;
    if answer.status() == 206 {
        Ok(answer)
    } else {
        Err(io::Error::other(format!("status {}", answer.status())))
    }
}
