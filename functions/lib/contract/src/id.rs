//! Ids, each with a type of its own, so that none is passed where another belongs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;
use uuid::Uuid;

/// A new id of no kind: 32 lower-case hex digits.
#[must_use]
pub fn new() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Whether `id` can be the id of anything here, and so may become part of a key:
/// `[A-Za-z0-9_-]`, 1 to 64.
#[must_use]
pub fn is_plausible(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&id.len()) && id.bytes().all(allowed)
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident = $random:expr) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// One that nothing has.
            #[must_use]
            pub fn random() -> Self {
                Self($random)
            }

            /// As the wire spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

id_type! {
    /// The id of a video: 32 lower-case hex digits where it is one of ours. A caller may ask for
    /// any text; one that is part of a key is [`is_plausible`].
    VideoId = new()
}

id_type! {
    /// The id of a job: 32 lower-case hex digits where it is one of ours. A caller may ask for any
    /// text.
    JobId = new()
}

id_type! {
    /// The id of a template: 32 lower-case hex digits where it is one of ours. A caller may ask
    /// for any text.
    TemplateId = new()
}

id_type! {
    /// What tells one call from all others: an upper-case UUID.
    RequestId = Uuid::new_v4().hyphenated().to_string().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_the_contract() {
        let id = new();
        assert_eq!(id.len(), 32);
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            "{id}"
        );
        let request_id = RequestId::random();
        assert_eq!(request_id.len(), 36);
        assert_eq!(request_id.as_str(), request_id.to_uppercase());
        assert_eq!(
            request_id.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
    }

    #[test]
    fn an_id_that_could_leave_its_folder_is_not_plausible() {
        assert!(is_plausible("d3e680e618708fef7cefbf2cae7cc931"));
        let long = "a".repeat(65);
        for id in ["", ".", "../x", "a/b", "a b", "ä", long.as_str()] {
            assert!(!is_plausible(id), "{id}");
        }
    }
}
