//! The ports of the service on AWS: one table of DynamoDB, buckets of S3, a queue of SQS, a topic
//! of SNS and a secret of Secrets Manager.
//!
//! **Purpose.** [`Deployment`] is what a function is told by its environment, [`Clients`] the
//! connections of its process, [`ports()`] the ports over both.
//!
//! **Promises.** What a port promised to keep is kept by its service when the method returns.
//! Every write that must happen once is one conditional write, or one transaction. Reads of the
//! table are strongly consistent, so that whoever got an answer or an event finds what it tells
//! of. Every call has a time-out and a bounded number of tries (see [`CallTimeouts`]).
//!
//! **Not here.** The function handlers, the retry policy of messages, the template that makes the
//! resources. [`table`] says what the table must look like.
//!
//! ```
//! use aws::{CallTimeouts, Clients, Deployment};
//!
//! let variable = |name: &str| match name {
//!     "TABLE" | "BUCKET" | "QUEUE_URL" => Some("x".to_owned()),
//!     "AUTH" => Some("none".to_owned()),
//!     _ => None,
//! };
//! let deployment = Deployment::read(&variable).unwrap();
//! assert_eq!(deployment.auth_secret(), Ok(None));
//!
//! # async fn example(deployment: &Deployment) -> service::ports::PortResult<()> {
//! let clients = Clients::load(CallTimeouts::Answer, deployment).await;
//! let ports = aws::ports(&clients, deployment).await?;
//! # drop(ports);
//! # Ok(())
//! # }
//! ```
//!
//! What each function may do, and needs to:
//!
//! | on | submit | worker | notify |
//! |---|---|---|---|
//! | the table | `GetItem BatchGetItem Query PutItem UpdateItem DeleteItem` | the same | `GetItem` of SetMessageCallback's settings |
//! | the queue | `SendMessage` | `SendMessage ChangeMessageVisibility`, and what its event source takes: `ReceiveMessage DeleteMessage GetQueueAttributes` | |
//! | the queue of what was given up | | what its event source takes: `ReceiveMessage DeleteMessage GetQueueAttributes` | |
//! | the dead-letter queue | | `SendMessage` | |
//! | the queue of callbacks | | `SendMessage` | `SendMessage ChangeMessageVisibility`, and what its event source takes: `ReceiveMessage DeleteMessage GetQueueAttributes` |
//! | the dead-letter queue of callbacks | | | `SendMessage` |
//! | the bucket | `ListBucket GetObject`; `DeleteObject` of animated images and manifests | `ListBucket GetObject PutObject DeleteObject` | |
//! | source buckets | `ListBucket GetObject GetObjectVersion` | the same | |
//! | the bucket of uploads | `ListBucket GetObject` | `ListBucket GetObject PutObject AbortMultipartUpload DeleteObject` | |
//! | the topic | | `Publish` | |
//! | the secret | `GetSecretValue` | | |
//! | the file of templates | `GetObject` | | |
//!
//! `ListBucket` since S3 tells who may not list that an object is forbidden, not that it is not
//! there.

mod api_name;
mod call_error;
mod callback_queue;
mod callbacks;
mod clients;
mod connector;
mod deployment;
mod events;
mod jobs;
mod keys;
mod nonces;
mod objects;
mod picture_keys;
mod player;
mod ports;
mod queue;
mod rate_limiter;
mod sources;
mod submissions;
pub mod table;
pub mod telemetry;
mod template_file;
mod templates;
mod uploads;
mod videos;
mod webhooks;

pub use callback_queue::{CallbackMessage, CallbackQueue, Refused};
pub use clients::{CallTimeouts, Clients};
pub use deployment::{Deployment, DeploymentError};
pub use keys::SecretKeys;
pub use objects::{PictureRedirect, PictureRedirects, PictureRequest};
pub use player::{PlayError, Player};
pub use ports::{
    Addresses, callback_dead_letters, callback_queue, callback_settings, dead_letters, ports,
    ports_and_addresses, queue, rate_limiter,
};
pub use queue::{MessageQueue, ReceivedMessage};
pub use sources::version_url;
pub use template_file::template_file;
pub use uploads::PinnedClient;
pub use webhooks::WebhookSender;
