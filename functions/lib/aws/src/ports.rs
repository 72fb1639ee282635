//! All ports of one deployment.

use crate::api_name::ApiName;
use crate::callback_queue::CallbackQueue;
use crate::callbacks::CallbackItems;
use crate::clients::Clients;
use crate::deployment::Deployment;
use crate::events::EventTopic;
use crate::jobs::JobItems;
use crate::keys::SecretKeys;
use crate::nonces::NonceItems;
use crate::objects::{ObjectLinks, PictureBucket, PictureRedirects};
use crate::picture_keys::PictureKeys;
use crate::player::Player;
use crate::queue::MessageQueue;
use crate::rate_limiter::SharedRateLimiter;
use crate::sources::{PlayLinks, RegionalClients, SourceBuckets};
use crate::submissions::SubmissionItems;
use crate::table::Table;
use crate::templates::TemplateItems;
use crate::uploads::{UploadBucket, UploadItems};
use crate::videos::VideoItems;
use service::api::GcraLimiter;
use service::ports::{
    Callbacks, NoUploads, PortResult, Ports, RateLimiter, SystemClock, UploadFiles,
};
use std::sync::Arc;

/// The ports of `deployment`, with the machine's clock.
///
/// # Errors
/// There are no credentials to sign URLs with.
pub async fn ports(clients: &Clients, deployment: &Deployment) -> PortResult<Ports> {
    Ok(ports_and_addresses(clients, deployment, None).await?.0)
}

/// What answers calls of the URLs that the ports give out.
#[derive(Clone)]
pub struct Addresses {
    api: Arc<ApiName>,
    /// PlayURLs.
    pub player: Player,
    /// URLs of pictures.
    pub pictures: PictureRedirects,
}

impl Addresses {
    /// Notes where the call in hand came to: the URLs that it gives out begin there.
    pub fn called_at(&self, host: Option<String>) {
        self.api.called_at(host);
    }
}

/// The same, with what answers the URLs that they give out. `secret` may hold keys that sign them.
///
/// # Errors
/// There are no credentials to sign URLs with.
pub async fn ports_and_addresses(
    clients: &Clients,
    deployment: &Deployment,
    secret: Option<Arc<SecretKeys>>,
) -> PortResult<(Ports, Addresses)> {
    let table = |port| Table::new(&clients.dynamodb, &deployment.table, port);
    let api = Arc::new(ApiName::new(table("API name")));
    let keys = Arc::new(PictureKeys::new(secret, table("picture keys")));
    let (base, access) = (deployment.public_base_url.as_deref(), deployment.pictures);
    let links = ObjectLinks::new(
        &clients.s3,
        &deployment.bucket,
        (base, access),
        (Arc::clone(&api), keys),
    );
    let objects = PictureBucket {
        client: clients.s3.clone(),
        name: deployment.bucket.clone(),
        links: links.await?,
    };
    let links = Arc::new(PlayLinks::new(table("play links"), Arc::clone(&api)));
    let player = Player {
        links: Arc::clone(&links),
        buckets: Arc::new(SourceBuckets {
            clients: RegionalClients::new(clients.s3.clone()),
            names: deployment.readable_buckets(),
            links,
        }),
        videos: Arc::new(VideoItems(table("videos"))),
    };
    let ports = Ports {
        videos: player.videos.clone(),
        jobs: Arc::new(JobItems(table("jobs"))),
        submissions: Arc::new(SubmissionItems {
            table: table("submissions"),
            queue: queue(clients, deployment),
        }),
        templates: Arc::new(TemplateItems(table("templates"))),
        callbacks: Arc::new(CallbackItems(table("callbacks"))),
        nonces: Arc::new(NonceItems(table("nonces"))),
        queue: Arc::new(queue(clients, deployment)),
        objects: Arc::new(objects),
        events: Arc::new(EventTopic {
            client: clients.sns.clone(),
            arn: deployment.topic_arn.clone(),
            callbacks: callback_queue(clients, deployment),
        }),
        sources: player.buckets.clone(),
        uploads: Arc::new(UploadItems(table("uploads"))),
        upload_files: upload_files(clients, deployment),
        clock: Arc::new(SystemClock),
    };
    let pictures = PictureRedirects {
        client: clients.s3.clone(),
        bucket: deployment.bucket.clone(),
    };
    let addresses = Addresses {
        api,
        player,
        pictures,
    };
    Ok((ports, addresses))
}

fn upload_files(clients: &Clients, deployment: &Deployment) -> Arc<dyn UploadFiles> {
    match &deployment.uploads_bucket {
        None => Arc::new(NoUploads),
        Some(name) => Arc::new(UploadBucket {
            client: clients.s3.clone(),
            name: name.clone(),
        }),
    }
}

/// The queue of `deployment`, both ends.
#[must_use]
pub fn queue(clients: &Clients, deployment: &Deployment) -> MessageQueue {
    MessageQueue::new(&clients.sqs, &deployment.queue_url)
}

/// Where that lies which nobody could work on, if this function is told.
#[must_use]
pub fn dead_letters(clients: &Clients, deployment: &Deployment) -> Option<MessageQueue> {
    let url = deployment.dead_letters_url.as_deref()?;
    Some(MessageQueue::new(&clients.sqs, url))
}

/// The queue of callbacks, if this function is told.
#[must_use]
pub fn callback_queue(clients: &Clients, deployment: &Deployment) -> Option<CallbackQueue> {
    let url = deployment.callbacks_url.as_deref()?;
    Some(CallbackQueue::new(&clients.sqs, url))
}

/// Where callbacks lie that nobody took, if this function is told.
#[must_use]
pub fn callback_dead_letters(clients: &Clients, deployment: &Deployment) -> Option<CallbackQueue> {
    let url = deployment.callback_dead_letters_url.as_deref()?;
    Some(CallbackQueue::new(&clients.sqs, url))
}

/// SetMessageCallback's settings, for a function that needs no other port.
#[must_use]
pub fn callback_settings(clients: &Clients, deployment: &Deployment) -> Arc<dyn Callbacks> {
    let table = Table::new(&clients.dynamodb, &deployment.table, "callbacks");
    Arc::new(CallbackItems(table))
}

/// The calls of each access key, counted over all environments of a function.
#[must_use]
pub fn rate_limiter(clients: &Clients, deployment: &Deployment) -> Arc<dyn RateLimiter> {
    Arc::new(SharedRateLimiter {
        table: Table::new(&clients.dynamodb, &deployment.table, "rates"),
        own: GcraLimiter::new(deployment.max_qps),
        per_second: deployment.max_qps,
    })
}
