//! Jobs of all videos, events and their deliveries, as the page shows them.

use super::answers::{Answered, json_response, store_failed};
use artifacts::key;
use contract::error::ApiError;
use contract::redacted::RedactedUrl;
use contract::snapshot::SnapshotSpec;
use embedded::{JobPlace, ListedDelivery, ListedEvent, ListedJob, Store};
use serde_json::{Value, json};
use service::api::Api;
use service::model::{JobResult, JobState};
use service::ports::{Clock, SystemClock};
use std::collections::HashMap;

/// Rows of one answer.
const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// How long the pictures of a job that is looked at can be loaded.
const PICTURES_VALID_MS: i64 = 60 * 60 * 1000;

type Query = HashMap<String, String>;

/// The newest jobs, or those before one.
pub(super) async fn jobs(store: &Store, query: &Query) -> Answered {
    let before = match (number(query, "before_ms")?, query.get("before_id")) {
        (Some(created_ms), Some(id)) => Some(JobPlace {
            created_ms,
            id: id.as_str().into(),
        }),
        _ => None,
    };
    let video = query.get("video").map(|id| id.as_str().into());
    let jobs = store.recent_jobs(video, before, limit(query)?).await;
    let jobs: Vec<_> = jobs.map_err(store_failed)?.iter().map(job_value).collect();
    Ok(json_response(&json!({ "Jobs": jobs })))
}

/// One job, and where what it made is.
pub(super) async fn job(api: &Api, store: &Store, query: &Query) -> Answered {
    let id = query.get("id").map(String::as_str).unwrap_or_default();
    let found = store.listed_job(&id.into()).await.map_err(store_failed)?;
    let listed = found.ok_or_else(|| ApiError::no_such_resource(id))?;
    let job = &listed.job;
    let mut value = job_value(&listed);
    value["Manifest"] = key::manifest(&job.video_id, &job.id).into();
    value["Query"] = api.job_query(job, PICTURES_VALID_MS).await?.into();
    Ok(json_response(&value))
}

/// The newest events, or those before one.
pub(super) async fn events(store: &Store, query: &Query) -> Answered {
    let before = number(query, "before")?;
    let events = store.recent_events(before, limit(query)?).await;
    let events = events.map_err(store_failed)?;
    let events: Vec<_> = events.iter().map(event_value).collect();
    Ok(json_response(&json!({ "Events": events })))
}

/// Has a delivery tried again now.
pub(super) async fn retry(store: &Store, query: &Query) -> Answered {
    let id = number(query, "id")?.unwrap_or_default();
    let retried = store.retry_delivery(id, SystemClock.now_ms()).await;
    match retried.map_err(store_failed)? {
        true => Ok(json_response(&json!({}))),
        false => Err(ApiError::no_such_resource(&id.to_string())),
    }
}

fn number(query: &Query, name: &str) -> Result<Option<i64>, ApiError> {
    let given = query.get(name).map(|text| text.parse());
    let number = given.transpose();
    number.map_err(|_| ApiError::invalid(name, "It must be a whole number."))
}

fn limit(query: &Query) -> Result<u32, ApiError> {
    let rule = format!("It must be a whole number from 1 to {MAX_LIMIT}.");
    let given = number(query, "limit")?.unwrap_or(DEFAULT_LIMIT.into());
    let limit = u32::try_from(given).ok();
    let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| ApiError::invalid("limit", &rule))
}

/// A job in the names of the page.
pub(super) fn job_value(listed: &ListedJob) -> Value {
    let job = &listed.job;
    let mut value = json!({
        "Id": job.id.as_str(),
        "VideoId": job.video_id.as_str(),
        "VideoTitle": listed.video_title,
        "Kind": job.kind.name(),
        "CreatedMs": job.created_ms,
        "Done": job.progress.map(|progress| progress.done),
        "Total": job.progress.map(|progress| progress.total),
        "Sprite": sprite(&job.spec),
    });
    let (status, ended_ms) = match &job.state {
        JobState::Queued => ("Queued", None),
        JobState::Processing => ("Processing", None),
        JobState::Completed(completion) => {
            let status = match &completion.result {
                JobResult::Success {
                    pictures, sheets, ..
                } => {
                    value["Pictures"] = (*pictures).into();
                    value["Sheets"] = (*sheets).into();
                    "Success"
                }
                JobResult::Fail { code, message } => {
                    value["Code"] = code.as_str().into();
                    value["Message"] = message.as_str().into();
                    "Fail"
                }
            };
            (status, Some(completion.at_ms))
        }
    };
    value["Status"] = status.into();
    value["EndedMs"] = ended_ms.into();
    value
}

fn sprite(spec: &SnapshotSpec) -> Option<Value> {
    let sprite = spec.sprite.as_ref()?;
    Some(json!({
        "Columns": sprite.columns,
        "Lines": sprite.lines,
        "Padding": sprite.padding,
        "Margin": sprite.margin,
    }))
}

fn event_value(listed: &ListedEvent) -> Value {
    let event = &listed.event;
    let body: Option<Value> = serde_json::from_slice(&event.body).ok();
    json!({
        "Number": listed.number,
        "Type": event.event_type.name(),
        "Status": event.status.name(),
        "VideoId": event.video_id.as_str(),
        "JobId": event.job_id.as_ref().map(|id| id.as_str()),
        "AtMs": event.at_ms,
        "Body": body,
        "Deliveries": listed.deliveries.iter().map(delivery_value).collect::<Vec<_>>(),
    })
}

fn delivery_value(delivery: &ListedDelivery) -> Value {
    json!({
        "Id": delivery.id,
        // Its query may be a secret, which the page has no need of.
        "Url": RedactedUrl(&delivery.url).to_string(),
        "FailedAttempts": delivery.failed_attempts,
        "NextMs": delivery.next_ms,
        "IsDelivered": delivery.is_delivered,
    })
}
