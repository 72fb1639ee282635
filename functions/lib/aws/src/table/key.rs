//! Where items lie.

use super::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{Job, SnapshotType, Template, UnixMs, Upload, Video};
use sha2::{Digest, Sha256};

/// Longer texts stand in keys as their SHA-256; a partition key has at most 2048 bytes.
const LONGEST_TEXT: usize = 1024;

/// The partition of the list of videos.
const LIST: &str = "VIDEOS";

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemKey {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl ItemKey {
    fn new(kind: &str, text: &str, sk: impl Into<String>) -> Self {
        Self {
            pk: partition(kind, text),
            sk: sk.into(),
        }
    }

    pub(crate) fn video(id: &str) -> Self {
        Self::new("VIDEO", id, "VIDEO")
    }

    /// Its entry in the list of all videos.
    pub(crate) fn listed_video(video: &Video) -> Self {
        Self {
            pk: LIST.to_owned(),
            sk: format!("VIDEO#{}#{}", digits(video.created_ms), video.id),
        }
    }

    /// Before all entries of that time, and after all of earlier times.
    pub(crate) fn listed_from(created_ms: UnixMs) -> Self {
        Self {
            pk: LIST.to_owned(),
            sk: format!("VIDEO#{}", digits(created_ms)),
        }
    }

    /// What follows all entries.
    pub(crate) fn end_of_list() -> Self {
        Self {
            pk: LIST.to_owned(),
            sk: "VIDEO$".to_owned(),
        }
    }

    /// Just before the entries of a time whose ids begin like this, and whatever comes after them.
    pub(crate) fn listed_at(created_ms: UnixMs, id_prefix: &str) -> Self {
        Self {
            pk: LIST.to_owned(),
            sk: format!("VIDEO#{}#{id_prefix}", digits(created_ms)),
        }
    }

    pub(crate) fn url(file_url: &str) -> Self {
        Self::new("URL", &sha256(file_url.as_bytes()), "URL")
    }

    pub(crate) fn reference(text: &str) -> Self {
        Self::new("REFERENCE", text, "REFERENCE")
    }

    pub(crate) fn job(id: &str) -> Self {
        Self::new("JOB", id, "JOB")
    }

    pub(crate) fn job_of_video(job: &Job) -> Self {
        let sk = format!("JOB#{}#{}", digits(job.created_ms), job.id);
        Self::new("VIDEO", &job.video_id, sk)
    }

    pub(crate) fn success(job: &Job) -> Self {
        let kind = job.kind.name();
        let sk = format!("SUCCESS#{kind}#{}#{}", digits(job.created_ms), job.id);
        Self::new("VIDEO", &job.video_id, sk)
    }

    /// What the sort keys of all jobs of a video begin with.
    pub(crate) fn jobs(video_id: &str) -> Self {
        Self::new("VIDEO", video_id, "JOB#")
    }

    /// What the sort keys of all successes of a kind begin with.
    pub(crate) fn successes(video_id: &str, kind: SnapshotType) -> Self {
        Self::new("VIDEO", video_id, format!("SUCCESS#{}#", kind.name()))
    }

    pub(crate) fn template(id: &str) -> Self {
        Self::new("TEMPLATE", id, "TEMPLATE")
    }

    pub(crate) fn template_of_app(template: &Template) -> Self {
        let sk = format!("TEMPLATE#{}#{}", digits(template.created_ms), template.id);
        Self::new("APP", &template.app_id, sk)
    }

    /// What the sort keys of all templates of an application begin with.
    pub(crate) fn templates(app_id: &str) -> Self {
        Self::new("APP", app_id, "TEMPLATE#")
    }

    pub(crate) fn callback(app_id: &str) -> Self {
        Self::new("APP", app_id, "CALLBACK")
    }

    /// The length keeps two pairs apart whose texts run together alike.
    pub(crate) fn nonce(key_id: &str, nonce: &str) -> Self {
        Self::new(
            "NONCE",
            &format!("{}#{key_id}#{nonce}", key_id.len()),
            "NONCE",
        )
    }

    pub(crate) fn client_token(key_id: &str, token: &str) -> Self {
        let text = format!("{}#{key_id}#{token}", key_id.len());
        Self::new("TOKEN", &text, "TOKEN")
    }

    pub(crate) fn upload(id: &str) -> Self {
        Self::new("UPLOAD", id, "UPLOAD")
    }

    pub(crate) fn upload_of_url(upload: &Upload, spelling: &str) -> Self {
        let sk = format!("UPLOAD#{}#{}", digits(upload.created_ms), upload.id);
        Self {
            sk,
            ..Self::uploads(spelling)
        }
    }

    /// What the sort keys of all uploads of a spelling of a URL begin with.
    pub(crate) fn uploads(spelling: &str) -> Self {
        Self::new("SOURCE", &sha256(spelling.as_bytes()), "UPLOAD#")
    }

    /// The key that signs PlayURLs.
    pub(crate) fn play_key() -> Self {
        Self::new("KEY", "play", "KEY")
    }

    /// The key that signs URLs of pictures where the secret holds none for it.
    pub(crate) fn picture_key() -> Self {
        Self::new("KEY", "pictures", "KEY")
    }

    /// Where the API was called last.
    pub(crate) fn api_name() -> Self {
        Self::new("API", "name", "API")
    }

    pub(crate) fn rate(user: &str, second: i64) -> Self {
        Self::new("RATE", &format!("{second}#{user}"), "RATE")
    }

    /// The item with nothing but its key.
    pub(crate) fn item(self) -> Item {
        Item::from([
            ("pk".to_owned(), AttributeValue::S(self.pk)),
            ("sk".to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}

fn partition(kind: &str, text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        format!("{kind}#{text}")
    } else {
        format!("{kind}~{}", sha256(text.as_bytes()))
    }
}

/// Sorts as text as it does as a number.
pub(crate) fn digits(time_ms: UnixMs) -> String {
    format!("{:019}", time_ms.max(0))
}

/// In lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_texts_share_a_key() {
        let long = "x".repeat(2000);
        assert_ne!(ItemKey::nonce("ab", "c"), ItemKey::nonce("a", "bc"));
        assert_ne!(ItemKey::nonce("a#b", "c"), ItemKey::nonce("a", "b#c"));
        assert_ne!(ItemKey::job(&long), ItemKey::job(&format!("{long}x")));
        assert!(ItemKey::job(&long).pk.len() < 100);
        let hashed = ItemKey::job(&long).pk;
        let same_text = hashed.trim_start_matches("JOB~");
        assert_ne!(ItemKey::job(same_text).pk, hashed);
    }

    #[test]
    fn later_times_sort_behind() {
        let times = [-1, 0, 9, 10, 1_700_000_000_000, i64::MAX].map(digits);
        assert!(times.is_sorted());
        assert_eq!(times[5].len(), 19);
    }
}
