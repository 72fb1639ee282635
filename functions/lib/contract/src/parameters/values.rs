//! Reading values by the table: what must be there first, then each by its rule.

use super::parameter::{Kind, Limits, Parameter, Required};
use super::table;
use crate::error::ApiError;
use crate::form::{self, Parameters};
use crate::http_url::is_http_url;
use crate::lenient;
use crate::lenient::bare;
use crate::number::{digits, signed, whole, whole_value};
use crate::plain_text::is_plain;
use crate::request::Request;
use crate::user_data::minify;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The parameters of one call, by the table of its action. Getters give what was said, or the
/// default; names that are not in the table give nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    request: &'a Request,
    table: &'static [Parameter],
    limits: &'a Limits,
}

impl<'a> Values<'a> {
    /// The values of `request`, once all that must be there is there.
    pub(crate) fn new(request: &'a Request, limits: &'a Limits) -> Result<Self, ApiError> {
        let values = Self {
            request,
            table: table::of(request.action()),
            limits,
        };
        values
            .table
            .iter()
            .try_for_each(|parameter| values.check_presence(parameter))?;
        Ok(values)
    }

    fn check_presence(&self, parameter: &Parameter) -> Result<(), ApiError> {
        match parameter.required {
            Required::Always if !self.is_given(parameter.name) => {
                Err(ApiError::missing(parameter.name))
            }
            Required::OneOf { set, named } if !set.iter().any(|name| self.is_given(name)) => {
                Err(ApiError::missing_parameter(named))
            }
            _ => Ok(()),
        }
    }

    /// Whether it was said. What says nothing, as SDKs write what was not set, is as good as absent
    /// whatever the parameter is; only a text that must be there may be the word null.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        let text = self.raw(name).filter(|text| !text.is_empty());
        match self.parameter(name) {
            Some(Parameter {
                kind: Kind::Text { .. },
                required: Required::Always,
                ..
            }) => text.is_some(),
            Some(Parameter {
                kind: Kind::Longs { .. },
                ..
            }) if self.items(name).next().is_some() => true,
            _ => text.is_some_and(|text| !lenient::says_nothing(text)),
        }
    }

    /// What was said, word for word.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.request.parameter(name)
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.table.iter().find(|parameter| parameter.name == name)
    }

    /// What was said or else holds, with its place in the table.
    fn effective(&self, name: &str) -> Option<(&'static Parameter, &'a str)> {
        let parameter = self.parameter(name)?;
        let said = if self.is_given(name) {
            self.raw(name)
        } else {
            None
        };
        Some((parameter, said.or(parameter.default)?))
    }

    /// InvalidParameter with the rule of `parameter`.
    fn invalid(&self, parameter: &Parameter) -> ApiError {
        ApiError::invalid(parameter.name, &parameter.kind.rule(self.limits))
    }

    /// A Long or Count.
    pub(crate) fn long(&self, name: &str) -> Result<Option<u64>, ApiError> {
        let Some((parameter, text)) = self.effective(name) else {
            return Ok(None);
        };
        let (min, max) = match parameter.kind {
            Kind::Long { min, max, .. } => (min, max),
            Kind::LongText { min, max, .. } => (min, Some(max)),
            _ => (1, Some(u64::from(self.limits.max_snapshots))),
        };
        let fits = |value: &u64| (min..=max.unwrap_or(u64::MAX)).contains(value);
        whole(bare(text))
            .filter(fits)
            .map(Some)
            .ok_or_else(|| self.invalid(parameter))
    }

    /// A Long that may be negative.
    pub(crate) fn signed_long(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some((parameter, text)) = self.effective(name) else {
            return Ok(None);
        };
        signed(bare(text))
            .map(Some)
            .ok_or_else(|| self.invalid(parameter))
    }

    /// A Long or Count of which the table says that 32 bits hold it.
    pub(crate) fn u32(&self, name: &str) -> Result<Option<u32>, ApiError> {
        Ok(self
            .long(name)?
            .map(|value| u32::try_from(value).unwrap_or(u32::MAX)))
    }

    /// A word of the table's list.
    pub(crate) fn word(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.effective(name) {
            Some((
                parameter @ Parameter {
                    kind: Kind::Word(words),
                    ..
                },
                text,
            )) => {
                let text = bare(text);
                let known = words.contains(&text).then_some(text);
                known.map(Some).ok_or_else(|| self.invalid(parameter))
            }
            _ => Ok(None),
        }
    }

    /// Any text, no longer than the table says.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        let Some((parameter, text)) = self.effective(name) else {
            return Ok(None);
        };
        match parameter.kind {
            Kind::Text { max_bytes } if text.len() > max_bytes => {
                Err(ApiError::length_exceeded(name, max_bytes))
            }
            Kind::Text { .. } if !is_plain(text) => Err(ApiError::illegal_characters(name)),
            Kind::Json {
                max_bytes: Some(max_bytes),
            } if text.len() > max_bytes => Err(self.invalid(parameter)),
            Kind::HttpUrl { max_bytes } if !is_http_url(text, max_bytes) => {
                Err(self.invalid(parameter))
            }
            Kind::ReferenceId if !is_reference_id(text) => Err(self.invalid(parameter)),
            Kind::ClientToken if !crate::id::is_plausible(text) => Err(self.invalid(parameter)),
            _ => Ok(Some(text)),
        }
    }

    /// An id, whether or not it can be one.
    pub(crate) fn id(&self, name: &str) -> Option<&'a str> {
        self.effective(name).map(|(_, text)| text)
    }

    /// A list, in either of its forms; an empty one is none.
    pub(crate) fn longs(&self, name: &str) -> Result<Option<Vec<u64>>, ApiError> {
        let Some(parameter) = self.parameter(name).filter(|_| self.is_given(name)) else {
            return Ok(None);
        };
        let Kind::Longs { max_items, .. } = parameter.kind else {
            return Ok(None);
        };
        let list = match self.raw(name).filter(|text| !lenient::says_nothing(text)) {
            Some(text) => array(text),
            None => self.flattened(name),
        };
        let list = list.filter(|items| items.len() <= max_items);
        list.map(Some).ok_or_else(|| self.invalid(parameter))
    }

    /// The SHA-256, in hex, of all that was said of this action but `without`: two calls that say
    /// the same have the same, however they spell a number or white space of JSON.
    pub(crate) fn fingerprint(&self, without: &str) -> String {
        let mut said = Parameters::new();
        let given = self.table.iter();
        for parameter in given.filter(|p| p.name != without && self.is_given(p.name)) {
            said.insert(parameter.name.to_owned(), self.meant(parameter));
        }
        hex::encode(Sha256::digest(form::canonical(said.iter())))
    }

    /// A value in the one spelling of all that mean the same; as it stands where it is not valid.
    fn meant(&self, parameter: &Parameter) -> String {
        let text = self.raw(parameter.name).unwrap_or_default();
        let meant = match parameter.kind {
            Kind::Long { .. } | Kind::LongText { .. } | Kind::Count => {
                whole(bare(text)).map(|number| number.to_string())
            }
            Kind::SignedLong => signed(bare(text)).map(|number| number.to_string()),
            Kind::Longs { .. } => {
                let list = self.longs(parameter.name).ok().flatten();
                list.map(|items| format!("{items:?}").replace(' ', ""))
            }
            Kind::Json { .. } => lenient::strict(text).ok().map(|json| minify(&json)),
            Kind::Word(_) => Some(bare(text).to_owned()),
            _ => None,
        };
        meant.unwrap_or_else(|| text.to_owned())
    }

    /// The same of all letter for letter, as earlier releases made it.
    pub(crate) fn literal_fingerprint(&self, without: &str) -> String {
        let mut said = Parameters::new();
        let given = self.table.iter().map(|parameter| parameter.name);
        for name in given.filter(|&name| name != without && self.is_given(name)) {
            let text = self.raw(name).unwrap_or_default();
            said.insert(name.to_owned(), text.to_owned());
            // The other form of a list.
            let items = self.items(name);
            said.extend(items.map(|(index, value)| (format!("{name}.{index}"), value.to_owned())));
        }
        hex::encode(Sha256::digest(form::canonical(said.iter())))
    }

    /// `name.1`, `name.2`... with what follows the point. An item that says nothing is none.
    fn items(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = format!("{name}.");
        let from = self.request.parameters().range(prefix.clone()..);
        from.map_while(move |(key, value)| Some((key.strip_prefix(&prefix)?, value.as_str())))
            .filter(|(_, value)| !lenient::says_nothing(value))
    }

    fn flattened(&self, name: &str) -> Option<Vec<u64>> {
        let item = |(index, value)| Some((digits(index)?, whole(bare(value))?));
        let mut items = self.items(name).map(item).collect::<Option<Vec<_>>>()?;
        items.sort_unstable_by_key(|&(index, _)| index);
        Some(items.into_iter().map(|(_, value)| value).collect())
    }
}

fn array(text: &str) -> Option<Vec<u64>> {
    let items: Vec<Value> = lenient::read(text).ok()?;
    let given = items.iter().filter(|item| !lenient::is_nothing(item));
    given.map(whole_value).collect()
}

fn is_reference_id(text: &str) -> bool {
    text.len() >= 6 && crate::id::is_plausible(text)
}
