//! One DynamoDB table that holds all a deployment remembers but its pictures.
//!
//! It needs a partition key `pk` and a sort key `sk`, both strings, and time to live on the
//! attribute `expires` (Unix seconds). There is no index beside it: indexes follow their table
//! late, and a subscriber who asks for the pictures that an event just told of has to find them.
//!
//! | item | `pk` | `sk` | attributes |
//! |---|---|---|---|
//! | video | `VIDEO#<id>` | `VIDEO` | `doc` as registered or changed, `facts`, `size_bytes`, `modified_ms`, `deleted_<kind>` and `deleted_All`: until when jobs were accepted whose pictures are deleted, `listed` where it is in the list |
//! | list of videos | `VIDEOS` | `VIDEO#<created, 19 digits>#<id>` | `doc`, of it what filters ask for |
//! | its place, or its FileURL where it was registered before places were kept | `URL#<SHA-256, hex>` | `URL` | `id` of the video |
//! | its ReferenceId | `REFERENCE#<text>` | `REFERENCE` | `id` of the video |
//! | job | `JOB#<id>` | `JOB` | `doc` as accepted, `phase`, `completion`, `published`, `progress`, and of its runs `unended_runs`, `faults`, `missing_since_ms`, `waiting_since_ms` |
//! | a job that is not to be | the same | `JOB` | `taken_back`; `expires` where it never was |
//! | jobs of a video | `VIDEO#<video>` | `JOB#<created, 19 digits>#<id>` | `id` of the job |
//! | its successes | `VIDEO#<video>` | `SUCCESS#<kind>#<created, 19 digits>#<id>` | `id` of the job |
//! | upload by URL | `UPLOAD#<id>` | `UPLOAD` | `doc` as accepted, `begun`, `ending`, `published` |
//! | uploads of a URL, as spelt in the call and by its `url_key` | `SOURCE#<SHA-256, hex>` | `UPLOAD#<created, 19 digits>#<id>` | `id` of the upload |
//! | template | `TEMPLATE#<id>` | `TEMPLATE` | `doc` |
//! | templates of an application | `APP#<app>` | `TEMPLATE#<created, 19 digits>#<id>` | `doc` |
//! | callback settings | `APP#<app>` | `CALLBACK` | `doc` |
//! | used nonce | `NONCE#<length of key id>#<key id>#<nonce>` | `NONCE` | `token`, `expires` |
//! | ClientToken of a call | `TOKEN#<length of key id>#<key id>#<token>` | `TOKEN` | `id` of the job, `fingerprint`, `expires` |
//! | the key that signs PlayURLs | `KEY#play` | `KEY` | `secret`, 64 bytes in hex |
//! | the key that signs URLs of pictures | `KEY#pictures` | `KEY` | `secret`, 32 bytes in hex; only where the secret with the access keys holds none for it |
//! | where the API was called last | `API#name` | `API` | `host` |
//! | calls in one second | `RATE#<Unix second>#<key id>` | `RATE` | `calls`, `expires` |
//!
//! Videos that a release without the list registered are entered when anything of them is written:
//! a change, another registration, a deletion of pictures, or what a job finds of their file.
//!
//! `doc`, `facts` and `completion` are JSON. A text too long for a key stands in it as its
//! SHA-256, behind `~` instead of `#`.
//!
//! What each access costs, and how it happens once:
//!
//! | access | requests |
//! |---|---|
//! | RegisterMedia | up to 5 reads for the spellings of its place, then one transaction of 3 or 4 puts, each but that to the list only if the item is not there; of a known video 2 reads or 3, and a transaction of 2 to 4 writes where it had no place, no ReferenceId or no entry in the list |
//! | a video changed; deleted | 1 read, then one transaction of 2 writes; 3 or 4 reads, then one of 3 to 5 deletes |
//! | facts of a file, or a deletion of pictures | 1 update, and a transaction of 2 writes where there was no entry in the list |
//! | a page of the list of videos | queries of 1 MB each, up to 20,000 entries, + 1 read of up to 100 videos |
//! | a video by id; by ReferenceId | 1 read; 2 reads |
//! | a job accepted | one transaction of 2 puts, only if the id is new; with a ClientToken 1 read before and 3 puts |
//! | the same, its outcome not known | 1 put, only if it is not there |
//! | a job begun, a run that did not end it, its event published | 1 conditional update each |
//! | a job completed | 1 read, then one transaction: the update only if there is no completion |
//! | jobs of a video; its newest success | 1 query + 1 read of up to 100 jobs each; 1 query + 1 read |
//! | an upload accepted; begun, ended, its events published; by its URL | one transaction of 2 or 3 puts; 1 conditional update each; 1 or 2 times 1 query + 1 read |
//! | a PlayURL given; called | once for an environment 1 read of the key, and 1 put if there is none; 1 read |
//! | a picture asked for | 2 reads at once, of its video and its job, each 10 s for an environment; 1 read of the key each 5 minutes |
//! | a job accepted by an environment | 1 read of the API's name each 5 minutes, and 1 put if it is another |
//! | a nonce used | 1 put, only if it is not there |
//! | a call counted | 1 update that adds and tells |

mod item;
mod key;
mod read;
mod write;

pub(crate) use item::{
    BadItem, Item, bad, flag, json, number, optional_number, put_json, put_number, text,
};
pub(crate) use key::ItemKey;
pub(crate) use write::{ItemChange, ItemWrite, TransactionOutcome};

use crate::call_error::CallError;
use aws_sdk_dynamodb::Client;
use service::backoff::Backoff;
use service::ports::PortError;
use std::error::Error;
use std::time::Duration;

/// Between tries of what the table is too busy for.
pub(crate) const BUSY: Backoff = Backoff {
    first: Duration::from_millis(20),
    longest: Duration::from_secs(1),
};

/// The table, for one of the ports on it.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    client: Client,
    name: String,
    port: &'static str,
}

impl Table {
    /// Where it lies; empty where the client was not told.
    pub(crate) fn region(&self) -> &str {
        self.client.config().region().map_or("", AsRef::as_ref)
    }

    pub(crate) fn new(client: &Client, name: &str, port: &'static str) -> Self {
        Self {
            client: client.clone(),
            name: name.to_owned(),
            port,
        }
    }

    /// The table did not answer: `cause` is the SDK's. Missing rights count as this too, since an
    /// operator can grant them while jobs wait.
    pub(crate) fn call_failed(&self, cause: impl Error + Send + Sync + 'static) -> PortError {
        PortError::unavailable(self.port, CallError(cause))
    }

    /// The table can't answer now, for a reason of our own.
    pub(crate) fn unavailable(&self, reason: impl Into<Box<dyn Error + Send + Sync>>) -> PortError {
        PortError::unavailable(self.port, reason)
    }

    /// An item is not what was written.
    pub(crate) fn corrupt(&self, reason: impl Into<Box<dyn Error + Send + Sync>>) -> PortError {
        PortError::corrupt(self.port, reason)
    }

    /// The port never does what it was asked for.
    pub(crate) fn refused(&self, reason: impl Into<Box<dyn Error + Send + Sync>>) -> PortError {
        PortError::refused(self.port, reason)
    }
}
