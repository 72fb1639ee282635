//! What the functions of a deployment are told, by environment variables.
//!
//! | variable | of | meaning |
//! |---|---|---|
//! | `TABLE` | all | name of the DynamoDB table, see [`crate::table`] |
//! | `BUCKET` | all | bucket of the pictures |
//! | `QUEUE_URL` | all | URL of the SQS queue |
//! | `TOPIC_ARN` | worker | ARN of the SNS topic |
//! | `CALLBACKS_URL` | worker notify | URL of the queue of callbacks, a FIFO queue |
//! | `CALLBACK_DEAD_LETTERS_URL` | notify | URL of the FIFO queue of callbacks that nobody took; without it such a message stays where it is |
//! | `CALLBACK_ALLOW` | notify | hosts or networks that callbacks may reach besides public addresses, comma-separated: `HOST[:PORT]` or `ADDRESS/BITS` |
//! | `SOURCE_BUCKETS` | all | buckets whose files may be registered, comma-separated |
//! | `KEYS_SECRET` | submit | id or ARN of the secret with the access keys |
//! | `ACCESS_KEY_ID` | submit | another id of the key that `GENERATED_KEY_ID` names; empty: it has none |
//! | `GENERATED_KEY_ID` | submit | id under which the secret was generated |
//! | `AUTH` | submit | `keys` (default) or `none` |
//! | `PUBLIC_BASE_URL` | all | where clients get the pictures, such as a CDN; empty: URLs of the API |
//! | `PICTURES` | all | who gets a picture by its plain address: `public` (default), whoever knows it, or `signed`, nobody |
//! | `BUCKET_CDN` | all | the distribution that reads the bucket of pictures by itself; empty: none. `PICTURES=signed` is refused beside it |
//! | `MAX_SNAPSHOTS` | all | the most pictures of one job; 20000 |
//! | `MAX_QPS` | submit | calls a second of one access key, over all environments; 30, 0: no limit |
//! | `USER_ID` | submit | UserId of jobs, a number; 0 |
//! | `GIVEN_UP_ARN` | worker | ARN of the queue of messages that the queue gave up: their jobs are ended |
//! | `DEAD_LETTERS_URL` | worker | URL of the queue of what nobody can work on; without it such a message stays where it is |
//! | `TEMPLATES_URI` | submit | `s3://bucket/key` of a JSON file with templates whose ids are given; empty: none |
//! | `SYSTEM_COVERS` | worker | `on`: up to 8 keyframes of each new video are taken as its covers; `off` (default) |
//! | `UPLOADS_BUCKET` | all | bucket of what is uploaded by URL, and of nothing else; empty: there are no uploads |
//! | `UPLOAD_MAX_MB` | worker | the largest file that is uploaded by URL, MB; 10240 |
//! | `UPLOAD_QUOTA_MB` | worker | all uploaded files together, MB; 102400 |
//! | `UPLOAD_ALLOW` | worker | hosts or networks that uploads may come from besides public addresses, comma-separated: `HOST[:PORT]` or `ADDRESS/BITS` |
//! | `JPEG_QUALITY` | worker | 1 to 100 |
//! | `PART_SECONDS` | worker | about the most work of one run, in seconds of one processor: a job of more is divided into parts; 15, 0: each job is one run |
//! | `PARTS_AT_ONCE` | worker | parts of one job that run at once; 50 |
//! | `WORKER_CONCURRENCY` | worker | how many workers there are: five in six of them, at most, run parts of one job; 60 |
//! | `WORKER_MEMORY_MB` | all | memory of the worker, MB, of which limits follow; not set: no limit follows of it |
//! | `SCRATCH_MB` | worker | size of the disk that `TMPDIR` lies on, MB, if it is this function's alone; not set: others use it too |
//! | `LIMITS` | all | what a video may cost where it is not the default: `name=value`, comma-separated |
//! | `REQUIRE_CONFINEMENT` | worker | how much decoders must be confined for it to start: `limits` (default), `syscalls`, `files` or `full` |
//! | `VOD_SNAPSHOT_FFMPEG` | worker | the decoder, such as `/opt/bin/ffmpeg` |
//! | `TMPDIR` | worker | where jobs write, emptied between them if it is called so: `/tmp/vod-snapshot` |
//! | `ENDPOINT_URL` | all | where AWS is, for emulators; empty: AWS itself, or where `AWS_ENDPOINT_URL` says |
//! | `RUST_LOG` | all | the level of logs; `info` |
//!
//! A variable that is empty counts as not set, since templates can leave a value empty more easily
//! than leave it out.

use plan::{InvalidSetting, Limits};
use service::picture_access::PictureAccess;
use service::worker::PartSettings;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;
use webhook::{AddressRules, ParseDestinationError};

/// Lambda's MB.
const MIB: u64 = 1 << 20;

/// What a deployment is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Name of the table.
    pub table: String,
    /// Bucket of the pictures.
    pub bucket: String,
    /// URL of the queue.
    pub queue_url: String,
    /// ARN of the topic; a function that publishes nothing has none.
    pub topic_arn: Option<String>,
    /// URL of the queue of callbacks; a function that publishes nothing has none.
    pub callbacks_url: Option<String>,
    /// URL of the queue of callbacks that nobody took.
    pub callback_dead_letters_url: Option<String>,
    /// What callbacks may reach besides public addresses.
    pub callback_allow: Vec<String>,
    /// Buckets whose files may be registered.
    pub source_buckets: Vec<String>,
    /// Whether whoever calls is answered.
    pub open: bool,
    /// Id or ARN of the secret with the access keys.
    pub keys_secret: Option<String>,
    /// Another id of a key of the secret, and the one that the secret knows it by.
    pub key_alias: Option<(String, String)>,
    /// No `/` at its end; none: URLs of the API.
    pub public_base_url: Option<String>,
    /// Who gets a picture by its plain address.
    pub pictures: PictureAccess,
    /// The most pictures of one job.
    pub max_snapshots: u32,
    /// Calls a second of one access key; 0: no limit.
    pub max_qps: u32,
    /// Where AWS is, if it is an emulator.
    pub endpoint_url: Option<String>,
    /// UserId of jobs.
    pub user_id: i64,
    /// ARN of the queue of messages that the queue gave up.
    pub given_up_arn: Option<String>,
    /// URL of the queue of what nobody can work on.
    pub dead_letters_url: Option<String>,
    /// `s3://` URL of a file with templates whose ids are given.
    pub templates_uri: Option<String>,
    /// Whether system covers are taken of new videos.
    pub system_covers: bool,
    /// Bucket of what is uploaded by URL; none: there are no uploads.
    pub uploads_bucket: Option<String>,
    /// The largest file that is uploaded by URL, MB.
    pub upload_max_mb: u64,
    /// All uploaded files together, MB.
    pub upload_quota_mb: u64,
    /// What uploads may come from besides public addresses.
    pub upload_allow: Vec<String>,
    /// Of every JPEG; none: as the service decides.
    pub jpeg_quality: Option<u8>,
    /// When a job is divided; none: each is one run.
    pub parts: Option<PartSettings>,
    /// Memory of the worker, MB; none: unknown.
    pub worker_memory_mb: Option<u64>,
    /// Size of the worker's own disk, MB; none: it shares one.
    pub scratch_mb: Option<u64>,
    /// Limits set otherwise, each as `name=value`.
    pub limits: Vec<String>,
    /// How much decoders must be confined, by the name of a level; none: as little as may be.
    pub require_confinement: Option<String>,
}

/// A variable is missing or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeploymentError {
    /// It must be there.
    #[error("the variable {0} is not set")]
    Missing(&'static str),
    /// Its value is none.
    #[error("invalid value {value:?} of the variable {name}")]
    Invalid {
        /// Which.
        name: &'static str,
        /// What it says.
        value: String,
    },
    /// Whoever reads the bucket by itself gives pictures without a look at any signature.
    #[error("PICTURES=signed is refused while a CDN reads the bucket of pictures (BUCKET_CDN)")]
    SignedBesideCdn,
    /// Nobody gets an open endpoint without having said so.
    #[error("KEYS_SECRET is not set; AUTH=none accepts unsigned requests")]
    NoKeys,
}

impl Deployment {
    /// As the variables of this process say.
    ///
    /// # Errors
    /// See [`DeploymentError`].
    pub fn from_environment() -> Result<Self, DeploymentError> {
        Self::read(&|name| std::env::var(name).ok())
    }

    /// As `variable` says.
    ///
    /// # Errors
    /// See [`DeploymentError`].
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, DeploymentError> {
        let said = Variables(variable);
        Ok(Self {
            table: said.must("TABLE")?,
            bucket: said.must("BUCKET")?,
            queue_url: said.must("QUEUE_URL")?,
            topic_arn: said.text("TOPIC_ARN"),
            callbacks_url: said.text("CALLBACKS_URL"),
            callback_dead_letters_url: said.text("CALLBACK_DEAD_LETTERS_URL"),
            callback_allow: said.list("CALLBACK_ALLOW"),
            source_buckets: said.list("SOURCE_BUCKETS"),
            open: said.open()?,
            keys_secret: said.text("KEYS_SECRET"),
            key_alias: said
                .text("ACCESS_KEY_ID")
                .zip(said.text("GENERATED_KEY_ID")),
            public_base_url: said.base_url(),
            pictures: said.pictures()?,
            max_snapshots: said.number("MAX_SNAPSHOTS")?.unwrap_or(20_000),
            max_qps: said.number("MAX_QPS")?.unwrap_or(30),
            endpoint_url: said.text("ENDPOINT_URL"),
            user_id: said.number("USER_ID")?.unwrap_or(0),
            given_up_arn: said.text("GIVEN_UP_ARN"),
            dead_letters_url: said.text("DEAD_LETTERS_URL"),
            templates_uri: said.text("TEMPLATES_URI"),
            system_covers: said.system_covers()?,
            uploads_bucket: said.text("UPLOADS_BUCKET"),
            upload_max_mb: said.number("UPLOAD_MAX_MB")?.unwrap_or(10_240),
            upload_quota_mb: said.number("UPLOAD_QUOTA_MB")?.unwrap_or(102_400),
            upload_allow: said.list("UPLOAD_ALLOW"),
            jpeg_quality: said.number("JPEG_QUALITY")?,
            parts: said.parts()?,
            worker_memory_mb: said.number("WORKER_MEMORY_MB")?,
            scratch_mb: said.number("SCRATCH_MB")?,
            limits: said.list("LIMITS"),
            require_confinement: said.text("REQUIRE_CONFINEMENT"),
        })
    }

    /// The buckets whose objects are videos: those that the operator names, and that of uploads.
    #[must_use]
    pub fn readable_buckets(&self) -> Vec<String> {
        let named = self.source_buckets.iter();
        named.chain(&self.uploads_bucket).cloned().collect()
    }

    /// Where uploads may come from.
    ///
    /// # Errors
    /// `UPLOAD_ALLOW` holds something else than hosts and networks.
    pub fn upload_rules(&self) -> Result<AddressRules, ParseDestinationError> {
        rules(&self.upload_allow)
    }

    /// Where callbacks may go.
    ///
    /// # Errors
    /// `CALLBACK_ALLOW` holds something else than hosts and networks.
    pub fn callback_rules(&self) -> Result<AddressRules, ParseDestinationError> {
        rules(&self.callback_allow)
    }

    /// What one video may cost here: what the worker's memory and disk hold, or what `LIMITS` says.
    ///
    /// # Errors
    /// `LIMITS` holds something else than `name=value` of known names.
    pub fn media_limits(&self) -> Result<Limits, InvalidSetting> {
        let settings: Result<Vec<_>, _> = self.limits.iter().map(|text| text.parse()).collect();
        let mut limits = Limits::default();
        if let Some(memory_mb) = self.worker_memory_mb {
            limits = limits.within_memory(memory_mb.saturating_mul(MIB));
        }
        if let Some(scratch_mb) = self.scratch_mb {
            limits = limits.within_scratch(scratch_mb.saturating_mul(MIB));
        }
        Ok(limits.with(settings?))
    }

    /// The secret whose keys calls are signed with; none where whoever calls is answered.
    ///
    /// # Errors
    /// Neither a secret nor `AUTH=none`.
    pub fn auth_secret(&self) -> Result<Option<&str>, DeploymentError> {
        match &self.keys_secret {
            _ if self.open => Ok(None),
            Some(secret) => Ok(Some(secret)),
            None => Err(DeploymentError::NoKeys),
        }
    }
}

fn rules(allowed: &[String]) -> Result<AddressRules, ParseDestinationError> {
    let allowed = allowed.iter().map(|text| text.parse());
    Ok(AddressRules::new(allowed.collect::<Result<_, _>>()?))
}

struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let value = (self.0)(name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    fn must(&self, name: &'static str) -> Result<String, DeploymentError> {
        self.text(name).ok_or(DeploymentError::Missing(name))
    }

    fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn number<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, DeploymentError> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        let number = value.parse();
        number
            .map(Some)
            .map_err(|_| DeploymentError::Invalid { name, value })
    }

    fn base_url(&self) -> Option<String> {
        let url = self.text("PUBLIC_BASE_URL")?;
        Some(url.trim_end_matches('/').to_owned())
    }

    fn pictures(&self) -> Result<PictureAccess, DeploymentError> {
        let name = "PICTURES";
        let Some(value) = self.text(name) else {
            return Ok(PictureAccess::default());
        };
        let invalid = |_| DeploymentError::Invalid {
            name,
            value: value.clone(),
        };
        let access = value.parse().map_err(invalid)?;
        match access {
            PictureAccess::Signed if self.text("BUCKET_CDN").is_some() => {
                Err(DeploymentError::SignedBesideCdn)
            }
            access => Ok(access),
        }
    }

    fn parts(&self) -> Result<Option<PartSettings>, DeploymentError> {
        let name = "PART_SECONDS";
        let seconds = self.number(name)?.unwrap_or(15.0);
        let work = Duration::try_from_secs_f64(seconds);
        let work = work.map_err(|_| DeploymentError::Invalid {
            name,
            value: seconds.to_string(),
        })?;
        let most: u32 = self.number("PARTS_AT_ONCE")?.unwrap_or(50);
        let workers: u32 = self.number("WORKER_CONCURRENCY")?.unwrap_or(60);
        let parts = PartSettings {
            work,
            at_once: most.min(workers - workers.div_ceil(6)).max(1),
        };
        Ok((!parts.work.is_zero()).then_some(parts))
    }

    fn system_covers(&self) -> Result<bool, DeploymentError> {
        match self.text("SYSTEM_COVERS").as_deref() {
            None | Some("off") => Ok(false),
            Some("on") => Ok(true),
            Some(other) => Err(DeploymentError::Invalid {
                name: "SYSTEM_COVERS",
                value: other.to_owned(),
            }),
        }
    }

    fn open(&self) -> Result<bool, DeploymentError> {
        match self.text("AUTH").as_deref() {
            None | Some("keys") => Ok(false),
            Some("none") => Ok(true),
            Some(other) => Err(DeploymentError::Invalid {
                name: "AUTH",
                value: other.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Deployment, DeploymentError> {
        let always = [("TABLE", "t"), ("BUCKET", "b"), ("QUEUE_URL", "q")];
        let find = |name: &str| {
            let mut pairs = pairs.iter().chain(&always);
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Deployment::read(&find)
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let empty = [("PUBLIC_BASE_URL", ""), ("MAX_QPS", " "), ("AUTH", "")];
        let deployment = read(&empty).unwrap();
        assert_eq!(deployment.public_base_url, None);
        assert_eq!(deployment.max_qps, 30);
        assert_eq!(
            read(&[("TABLE", "")]),
            Err(DeploymentError::Missing("TABLE"))
        );
    }

    #[test]
    fn nobody_gets_an_open_endpoint_without_having_said_so() {
        assert_eq!(
            read(&[]).unwrap().auth_secret(),
            Err(DeploymentError::NoKeys)
        );
        let open = read(&[("AUTH", "none"), ("KEYS_SECRET", "k")]).unwrap();
        assert_eq!(open.auth_secret(), Ok(None));
        let keys = read(&[("KEYS_SECRET", "k")]).unwrap();
        assert_eq!(keys.auth_secret(), Ok(Some("k")));
    }

    #[test]
    fn pictures_are_signed_beside_a_cdn_that_gives_them_to_anybody() {
        let cdn = ("BUCKET_CDN", "arn:aws:cloudfront::1:distribution/E");
        let refused = read(&[("PICTURES", "signed"), cdn]);
        assert_eq!(refused, Err(DeploymentError::SignedBesideCdn));
        let access = |pairs: &[_]| read(pairs).unwrap().pictures;
        assert_eq!(
            access(&[("PICTURES", "public"), cdn]),
            PictureAccess::Public
        );
        assert_eq!(access(&[cdn]), PictureAccess::Public);
        assert_eq!(access(&[("PICTURES", "signed")]), PictureAccess::Signed);
    }

    #[test]
    fn lists_and_urls_are_tidied() {
        let said = [
            ("SOURCE_BUCKETS", " one, two,,"),
            ("PUBLIC_BASE_URL", "https://cdn.example.com/p/"),
        ];
        let deployment = read(&said).unwrap();
        assert_eq!(deployment.source_buckets, ["one", "two"]);
        let base = deployment.public_base_url.unwrap();
        assert_eq!(base, "https://cdn.example.com/p");
    }

    /// They were those of a machine with 8 GB of memory and of disk.
    #[test]
    fn limits_are_beyond_the_function() {
        let small = [("WORKER_MEMORY_MB", "3008"), ("SCRATCH_MB", "2048")];
        let limits = read(&small).unwrap().media_limits().unwrap();
        assert!(limits.memory_bytes < 1504 * MIB && limits.copied_bytes < 2048 * MIB);
        assert!(limits.owns_scratch);
        let set = [
            small[0],
            small[1],
            ("LIMITS", "memory-bytes=7,copied-bytes=8"),
        ];
        let limits = read(&set).unwrap().media_limits().unwrap();
        assert_eq!((limits.memory_bytes, limits.copied_bytes), (7, 8));
        assert!(!read(&[]).unwrap().media_limits().unwrap().owns_scratch);
    }

    #[test]
    fn parts_of_one_job_leave_workers_to_others() {
        let parts = |told: &[(&str, &str)]| {
            let parts = read(told).unwrap().parts;
            parts.map(|parts| (parts.work.as_millis(), parts.at_once))
        };
        assert_eq!(parts(&[]), Some((15_000, 50)));
        assert_eq!(parts(&[("PART_SECONDS", "0.5")]), Some((500, 50)));
        assert_eq!(parts(&[("PART_SECONDS", "0")]), None);
        let few = [("WORKER_CONCURRENCY", "10")];
        assert_eq!(parts(&few), Some((15_000, 8)));
        assert_eq!(parts(&[("WORKER_CONCURRENCY", "2")]), Some((15_000, 1)));
        assert_eq!(parts(&[("PARTS_AT_ONCE", "3")]), Some((15_000, 3)));
        assert!(read(&[("PART_SECONDS", "-1")]).is_err());
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for (name, value) in [
            ("SCRATCH_MB", "2 GB"),
            ("MAX_QPS", "many"),
            ("AUTH", "nobody"),
            ("JPEG_QUALITY", "900"),
            ("SYSTEM_COVERS", "yes"),
            ("PICTURES", "private"),
        ] {
            let error = read(&[(name, value)]).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("invalid value {value:?} of the variable {name}")
            );
        }
    }
}
