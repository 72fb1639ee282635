//! Why a download came to nothing, for people who know their URL and not our libraries.

use std::io::{self, ErrorKind};

/// How std begins what it says of a name that has no address.
const NO_ADDRESS: &str = "failed to lookup address information";

/// The host's name leads nowhere.
pub const HOST_UNKNOWN: &str = "the host of the URL can't be found";

/// What a connection or a read that failed means. Texts of our own stay as they are.
#[must_use]
pub fn io_reason(error: &io::Error) -> String {
    #[cfg(feature = "client")]
    if let Some(wrapped) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return call_reason(wrapped);
    }
    let text = error.to_string();
    if text.starts_with(NO_ADDRESS) {
        return HOST_UNKNOWN.to_owned();
    }
    let known = match error.kind() {
        ErrorKind::ConnectionRefused => "the server refuses the connection",
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe => "the server closed the connection",
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable => "the server can't be reached",
        ErrorKind::TimedOut | ErrorKind::WouldBlock if error.raw_os_error().is_some() => {
            "the server does not answer in time"
        }
        ErrorKind::UnexpectedEof if text == "Peer disconnected" => {
            "the server closed the connection"
        }
        _ => return text,
    };
    known.to_owned()
}

/// What a call that failed means.
#[cfg(feature = "client")]
pub(super) fn call_reason(error: &ureq::Error) -> String {
    use ureq::Error;
    let known = match error {
        Error::Io(cause) => return io_reason(cause),
        Error::HostNotFound => HOST_UNKNOWN,
        Error::ConnectionFailed => "the server can't be reached",
        Error::Timeout(_) => "the server does not answer in time",
        Error::BadUri(_) => "the URL is malformed",
        Error::Http(_)
        | Error::Protocol(_)
        | Error::LargeResponseHeader(..)
        | Error::BodyStalled => "the answer of the server is not valid HTTP",
        Error::Rustls(cause) => return tls_reason(cause),
        Error::Tls(cause) => return tls_reason(cause),
        other => return other.to_string(),
    };
    known.to_owned()
}

/// Why there is no TLS with the server.
pub fn tls_reason(cause: impl std::fmt::Display) -> String {
    format!("there is no TLS connection to the server ({cause})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_said_in_plain_words() {
        for (kind, said) in [
            (ErrorKind::ConnectionRefused, "refuses the connection"),
            (ErrorKind::ConnectionReset, "closed the connection"),
            (ErrorKind::NetworkUnreachable, "can't be reached"),
        ] {
            let reason = io_reason(&kind.into());
            assert!(reason.contains(said), "{reason}");
        }
        let unknown = io::Error::other(format!("{NO_ADDRESS}: Name or service not known"));
        assert_eq!(io_reason(&unknown), HOST_UNKNOWN);
        let own = io::Error::new(ErrorKind::TimedOut, "the bytes come too slowly");
        assert_eq!(io_reason(&own), "the bytes come too slowly");
    }
}
