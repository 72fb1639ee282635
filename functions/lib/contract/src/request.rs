//! A call as said: its parameters decoded, its action known, nothing more.

use crate::action::Action;
use crate::error::ApiError;
use crate::form::{self, Parameters};
use crate::lenient;
pub use crate::response::Format;
use std::collections::{BTreeMap, HashSet};

/// The version of the API that is spoken here.
pub const VERSION: &str = "2017-03-21";

/// Headers that come once, as do all that begin with `x-acs-`.
const ONCE: [&str; 3] = ["authorization", "content-type", "host"];

/// The name of the path among the headers, as HTTP/2 has it: no client can send a header of such a
/// name over HTTP/1.
const PATH: &str = ":path";

/// The address of whoever sent it, named in the same way.
const CLIENT: &str = ":client";

/// The longest part of a text that a client chose, in log lines: no key id or action is longer.
const LONGEST_CLAIM: usize = 128;

/// A call as it came over HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawRequest {
    /// `GET`, `POST`...
    pub method: String,
    /// What follows the `?`, not decoded.
    pub raw_query: String,
    /// In the order they came; names in any case.
    pub headers: Vec<(String, String)>,
    /// As it came.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The same, sent to this path of a URL, which is not decoded. Nothing is done by a path; some
    /// clients sign it.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.headers.retain(|(name, _)| name != PATH);
        if !matches!(path, "" | "/") {
            self.headers.push((PATH.to_owned(), path.to_owned()));
        }
        self
    }

    /// The path it was sent to; `/` where nobody said.
    #[must_use]
    pub fn path(&self) -> &str {
        self.header(PATH).unwrap_or("/")
    }

    /// The same, sent from this address. For the log alone.
    #[must_use]
    pub fn from_client(mut self, address: &str) -> Self {
        self.headers.retain(|(name, _)| name != CLIENT);
        self.headers.push((CLIENT.to_owned(), address.to_owned()));
        self
    }

    /// The address it was sent from, where the transport knows it.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.header(CLIENT)
    }

    /// The action that it names, known or not; cut short. Empty where it names none.
    #[must_use]
    pub fn claimed_action(&self) -> String {
        self.claimed("Action", self.header("x-acs-action"))
    }

    /// The access key id that it names, whoever signed it; cut short. Empty where it names none.
    #[must_use]
    pub fn claimed_access_key_id(&self) -> String {
        let authorization = self.header("authorization").unwrap_or_default();
        let credential = authorization.split([' ', ',']);
        let credential = credential.filter_map(|part| part.strip_prefix("Credential="));
        self.claimed("AccessKeyId", credential.into_iter().next())
    }

    fn claimed(&self, parameter: &str, header: Option<&str>) -> String {
        let header = header.map(str::to_owned);
        let given = |text: &String| !text.is_empty();
        let found = header.filter(given).or_else(|| {
            let mut forms = self.forms();
            forms.find_map(|text| form::find(text, parameter).filter(given))
        });
        let found = found.unwrap_or_default();
        found.chars().take(LONGEST_CLAIM).collect()
    }

    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim())
    }

    /// A header that is acted upon and comes more than once. Whoever reads the first one and
    /// whoever joins them all, as signatures do, would see different calls.
    fn repeated_header(&self) -> Option<String> {
        let mut seen = HashSet::new();
        let mut names = self
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .filter(|name| ONCE.contains(&name.as_str()) || name.starts_with("x-acs-"));
        names.find(|name| !seen.insert(name.clone()))
    }

    /// The host that was asked, for the HostId of errors.
    #[must_use]
    pub fn host(&self) -> &str {
        self.header("host").unwrap_or_default()
    }

    /// Whether its body is a form, and so holds parameters.
    #[must_use]
    pub fn has_form(&self) -> bool {
        let form = "application/x-www-form-urlencoded";
        let media_type = self
            .header("content-type")
            .and_then(|value| value.split(';').next());
        media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case(form))
    }

    /// The texts that hold parameters: the query, and the body if it is a form.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &[u8]> {
        let body = self.has_form().then_some(self.body.as_slice());
        [Some(self.raw_query.as_bytes()), body]
            .into_iter()
            .flatten()
    }

    /// The action whose name is the last part of the path, such as `/SubmitSnapshotJob`, also behind
    /// a stage.
    fn action_of_path(&self) -> Option<&str> {
        let name = self.path().rsplit('/').next()?;
        Action::is_known(name).then_some(name)
    }

    /// Whether it claims to be signed, rightly or not.
    fn is_signed(&self) -> bool {
        self.header("authorization").is_some()
            || self
                .forms()
                .any(|text| form::find(text, "Signature").is_some())
    }

    /// Whether it is to be answered as a call of the API: it names an action, or has a form that may
    /// name one.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.names_action() || (self.method == "POST" && self.has_form())
    }

    /// Whether it names an action: one that is known by its path, or any in a parameter or header,
    /// whatever the path.
    fn names_action(&self) -> bool {
        let is_named = |name: String| !name.is_empty();
        let header = self.header("x-acs-action").map(str::to_owned);
        let mut forms = self.forms();
        self.action_of_path().is_some()
            || header.is_some_and(is_named)
            || forms.any(|text| form::find(text, "Action").is_some_and(is_named))
    }
}

impl Format {
    /// The format to answer `raw` in, even if nothing else of it can be read.
    #[must_use]
    pub fn of(raw: &RawRequest) -> Self {
        let asked = raw.forms().find_map(|text| form::find(text, "Format"));
        asked
            .and_then(|name| Self::named(&name))
            .unwrap_or_default()
    }
}

/// A decoded call. Whether its signature is right, and its parameters make sense, is not yet
/// known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    raw: RawRequest,
    parameters: Parameters,
    format: Format,
    action: Action,
}

impl Request {
    /// Decodes `raw`: query and form body merged, common parameters or `x-acs-` headers read.
    ///
    /// # Errors
    /// In this order: UnsupportedHTTPMethod, InvalidParameter (a header or parameter given twice,
    /// or no percent-encoded UTF-8), InvalidParameter.Format, MissingVersion or InvalidVersion,
    /// MissingAction or InvalidAction.NotFound. A parameter and its header that disagree are
    /// InvalidParameter, and so are an Action and a path that names another one. An unsigned call
    /// may leave both out at the path of its action. Answer them in [`Format::of`].
    pub fn decode(raw: RawRequest) -> Result<Self, ApiError> {
        if raw.method != "GET" && raw.method != "POST" {
            return Err(ApiError::unsupported_method());
        }
        if let Some(name) = raw.repeated_header() {
            return Err(ApiError::invalid(
                &form::truncate_for_error(&name),
                "It is given twice.",
            ));
        }
        let mut parameters = Parameters::new();
        for text in raw.forms() {
            form::read(text, &mut parameters)?;
        }
        let format = format(&parameters)?;
        let said = |parameter: &str, header: &str| {
            let (own, other) = (parameters.get(parameter), raw.header(header));
            match (own.map(String::as_str), other) {
                (Some(own), Some(other)) if own != other => {
                    let rule = format!("The header {header} says otherwise.");
                    Err(ApiError::invalid(parameter, &rule))
                }
                (own, other) => Ok(own.or(other).filter(|text| !text.is_empty())),
            }
        };
        let of_path = raw.action_of_path();
        // Signatures are good for any path: a path that alone said what is called could be changed
        // on the way.
        let default = of_path.filter(|_| !raw.is_signed());
        let version = said("Version", "x-acs-version")?.or(default.map(|_| VERSION));
        if version.ok_or_else(|| ApiError::missing("Version"))? != VERSION {
            return Err(ApiError::invalid_version());
        }
        let action = said("Action", "x-acs-action")?;
        if of_path.is_some_and(|name| action.is_some_and(|action| action != name)) {
            return Err(ApiError::invalid("Action", "The path says otherwise."));
        }
        let action = action
            .or(default)
            .ok_or_else(|| ApiError::missing("Action"))?;
        let action =
            Action::named(action).ok_or_else(|| match Action::NEEDS_VENDOR.contains(&action) {
                true => ApiError::operation_denied(action),
                false => ApiError::action_not_found(),
            })?;
        Ok(Self {
            raw,
            parameters,
            format,
            action,
        })
    }

    /// What is asked for.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// How to answer.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// All parameters, decoded, sorted by name; the common ones and unknown ones too.
    #[must_use]
    pub fn parameters(&self) -> &BTreeMap<String, String> {
        &self.parameters
    }

    /// One parameter, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The call as it came.
    #[must_use]
    pub fn raw(&self) -> &RawRequest {
        &self.raw
    }
}

fn format(parameters: &Parameters) -> Result<Format, ApiError> {
    match parameters.get("Format").map(String::as_str) {
        None => Ok(Format::default()),
        Some(text) if lenient::says_nothing(text) => Ok(Format::default()),
        Some(name) => Format::named(name).ok_or_else(ApiError::invalid_format),
    }
}

#[cfg(test)]
mod tests;
