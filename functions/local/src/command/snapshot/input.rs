//! Where a video comes from.

mod copy;
mod remote;

use super::interrupt::Interrupt;
use crate::error::CommandError;
use crate::printable;
use contract::redacted::RedactedUrl;
use plan::Limits;
use source::{FileSource, RangeSource, ReadError};
use std::borrow::Cow;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// One of the videos of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    File(PathBuf),
    /// http or https.
    Url(Url),
    Stdin,
}

impl Input {
    /// What an argument names. What looks like a URL is one: a file of such a name is `./https:...`.
    pub(super) fn parse(argument: &Path) -> Result<Self, CommandError> {
        let Some(text) = argument.to_str() else {
            return Ok(Self::File(argument.to_owned()));
        };
        if text == "-" {
            return Ok(Self::Stdin);
        }
        let refused = |rule: String| CommandError::OptionValue {
            option: "VIDEO",
            rule,
        };
        let Some(scheme) = scheme(text) else {
            return Ok(Self::File(argument.to_owned()));
        };
        match &*scheme {
            "http" | "https" => match Url::parse(text) {
                Ok(url) => Ok(Self::Url(url)),
                Err(cause) => Err(refused(format!("the URL is malformed: {cause}"))),
            },
            "s3" => Err(refused(
                "s3:// is not built in; give an https:// URL, such as one by `aws s3 presign`"
                    .to_owned(),
            )),
            _ => Err(refused(format!(
                "{scheme}:// is not supported; give a file, an http:// or https:// URL, or -"
            ))),
        }
    }

    /// For people: no user, password or query.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::File(path) => printable::line(&path.to_string_lossy()).into_owned(),
            Self::Url(url) => printable::line(&RedactedUrl(url.as_str()).to_string()).into_owned(),
            Self::Stdin => "standard input".to_owned(),
        }
    }

    /// The name of the file, for the manifest.
    pub(super) fn name(&self) -> String {
        let name = match self {
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy(),
            Self::Url(url) => {
                let mut segments = url.path_segments().into_iter().flatten();
                Cow::from(segments.next_back().unwrap_or_default().to_owned())
            }
            Self::Stdin => Cow::from("stdin"),
        };
        match &*name {
            "" | "." | ".." => "video".to_owned(),
            name => name.to_owned(),
        }
    }

    /// Opens it for reading.
    pub(super) fn open(
        &self,
        limits: &Limits,
        interrupt: &Interrupt,
    ) -> Result<Arc<dyn RangeSource>, CommandError> {
        match self {
            Self::File(path) => Ok(Arc::new(
                FileSource::open(path).map_err(|c| self.failed(c))?,
            )),
            Self::Url(url) => remote::open(url, &self.shown(), limits, interrupt),
            Self::Stdin => self.open_stdin(limits, interrupt),
        }
    }

    /// A file that standard input was redirected from is read where it is; all else is copied.
    fn open_stdin(
        &self,
        limits: &Limits,
        interrupt: &Interrupt,
    ) -> Result<Arc<dyn RangeSource>, CommandError> {
        if std::io::stdin().is_terminal() {
            return Err(CommandError::OptionValue {
                option: "VIDEO",
                rule: "- is standard input, which is a terminal here".to_owned(),
            });
        }
        let stdin = std::fs::metadata("/proc/self/fd/0");
        // Opened anew it begins at its front: ours may have been read from.
        let begun = rustix::fs::tell(std::io::stdin()).is_ok_and(|at| at != 0);
        let is_file = stdin.is_ok_and(|metadata| metadata.is_file());
        if is_file && !begun {
            let source = FileSource::open(Path::new("/proc/self/fd/0"));
            return Ok(Arc::new(source.map_err(|cause| self.failed(cause))?));
        }
        let mut stdin = std::io::stdin().lock();
        copy::copied(&self.shown(), &mut stdin, None, limits, interrupt)
    }

    fn failed(&self, cause: impl Into<ReadError>) -> CommandError {
        CommandError::Video(format!("{}: {}", self.shown(), cause.into()))
    }
}

/// What stands before `://`, in lower case.
fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Input, String> {
        Input::parse(Path::new(text)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_argument_is_a_file_a_url_or_standard_input() {
        assert_eq!(parsed("-"), Ok(Input::Stdin));
        for file in ["a.mp4", "./https://x/a.mp4", "a:b", "c://d e"] {
            let is_file = matches!(parsed(file), Ok(Input::File(_)));
            assert_eq!(is_file, file != "c://d e", "{file}");
        }
        for url in ["https://x.example/a.mp4", "HTTP://x.example/"] {
            assert!(matches!(parsed(url), Ok(Input::Url(_))), "{url}");
        }
        let s3 = parsed("s3://bucket/key.mp4").unwrap_err();
        assert!(s3.contains("s3:// is not built in"), "{s3}");
        assert!(parsed("ftp://x/a").unwrap_err().contains("ftp://"));
    }

    #[test]
    fn a_name_leads_nowhere_else_and_a_secret_is_not_shown() {
        for (argument, name) in [
            ("https://x.example/a/clip.mp4?Signature=s", "clip.mp4"),
            ("https://x.example/a/..%2f", "..%2f"),
            ("https://x.example/", "video"),
            ("/a/..", "video"),
            ("a/b.mkv", "b.mkv"),
            ("-", "stdin"),
        ] {
            assert_eq!(parsed(argument).unwrap().name(), name, "{argument}");
        }
        let shown = parsed("https://u:p@x.example/clip.mp4?Signature=s")
            .unwrap()
            .shown();
        assert!(
            !shown.contains("Signature") && !shown.contains("u:p"),
            "{shown}"
        );
        let shown = parsed("a\u{1b}[2J.mp4").unwrap().shown();
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}
