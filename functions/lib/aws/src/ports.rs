//! All ports of one deployment.

use crate::callbacks::CallbackItems;
use crate::clients::Clients;
use crate::deployment::Deployment;
use crate::events::EventTopic;
use crate::jobs::JobItems;
use crate::nonces::NonceItems;
use crate::objects::{ObjectLinks, PictureBucket};
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
use service::ports::{NoUploads, PortResult, Ports, RateLimiter, SystemClock, UploadFiles};
use std::sync::Arc;

/// The ports of `deployment`, with the machine's clock.
///
/// # Errors
/// There are no credentials to sign URLs with.
pub async fn ports(clients: &Clients, deployment: &Deployment) -> PortResult<Ports> {
    Ok(ports_and_player(clients, deployment).await?.0)
}

/// The same, with what answers the PlayURLs that they give out.
///
/// # Errors
/// There are no credentials to sign URLs with.
pub async fn ports_and_player(
    clients: &Clients,
    deployment: &Deployment,
) -> PortResult<(Ports, Player)> {
    let base = deployment.public_base_url.as_deref();
    let objects = PictureBucket {
        client: clients.s3.clone(),
        name: deployment.bucket.clone(),
        links: ObjectLinks::new(&clients.s3, &deployment.bucket, base).await?,
    };
    let table = |port| Table::new(&clients.dynamodb, &deployment.table, port);
    let links = Arc::new(PlayLinks::new(table("play links")));
    let player = Player {
        links: links.clone(),
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
        }),
        sources: player.buckets.clone(),
        uploads: Arc::new(UploadItems(table("uploads"))),
        upload_files: upload_files(clients, deployment),
        clock: Arc::new(SystemClock),
    };
    Ok((ports, player))
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

/// The calls of each access key, counted over all environments of a function.
#[must_use]
pub fn rate_limiter(clients: &Clients, deployment: &Deployment) -> Arc<dyn RateLimiter> {
    Arc::new(SharedRateLimiter {
        table: Table::new(&clients.dynamodb, &deployment.table, "rates"),
        own: GcraLimiter::new(deployment.max_qps),
        per_second: deployment.max_qps,
    })
}
