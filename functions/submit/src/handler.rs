//! An answer of the contract, whatever happens behind it.

use crate::convert::{request, response};
use crate::resource::Resource;
use aws::telemetry::{Metrics, Unit};
use aws::{Addresses, CallTimeouts, Clients, Deployment, SecretKeys};
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use contract::error::ApiError;
use contract::response::{Answer, Format};
use lambda_runtime::{Context, Error, LambdaEvent};
use serde_json::Value;
use service::api::{ANSWER_WITHIN, Api, Auth, MAX_BODY_BYTES, Settings};
use service::ports::{Clock, Keys, Ports, SystemClock};
use service::templates_file;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing::{error, info};

/// What the answer itself needs of the function's time.
const MARGIN_MS: i64 = 250;

/// How long a picture that was deleted is still shown by an environment that has just shown another
/// one of its job. With the time that S3 shows it then, it stays below a minute.
const PICTURES_REMEMBERED: Duration = Duration::from_secs(10);

/// Answers events.
pub(crate) struct CallHandler {
    api: Api,
    addresses: Addresses,
    warm: AtomicBool,
}

/// Templates with ids of the operator's choice, as the file says now.
async fn store_templates(
    clients: &Clients,
    ports: &Ports,
    uri: &str,
    max_snapshots: u32,
) -> Result<(), Error> {
    let text = aws::template_file(clients, uri).await?;
    let templates = templates_file::read(&text, max_snapshots)?;
    let changed = templates_file::apply(ports, &templates).await?;
    if changed > 0 {
        info!(changed, "templates of the file were stored");
    }
    Ok(())
}

impl CallHandler {
    /// Over the deployment that the environment tells of.
    pub(crate) async fn open() -> Result<Self, Error> {
        let deployment = Deployment::from_environment()?;
        let clients = Clients::load(CallTimeouts::Answer, &deployment).await;
        let keys = |secret| {
            let keys = SecretKeys::new(&clients, secret);
            Arc::new(keys.with_alias(deployment.key_alias.clone()))
        };
        let secret = deployment.auth_secret()?.map(keys);
        let auth = match &secret {
            Some(secret) => Auth::Keys(Arc::clone(secret) as Arc<dyn Keys>),
            None => Auth::None,
        };
        let settings = Settings {
            max_snapshots: deployment.max_snapshots,
            max_sheet_pixels: deployment.media_limits()?.sheet_pixels,
            max_qps: deployment.max_qps,
            user_id: deployment.user_id,
            takes_uploads: deployment.uploads_bucket.is_some(),
            pictures_remembered: PICTURES_REMEMBERED,
            ..Settings::new(auth)
        };
        let (ports, addresses) = aws::ports_and_addresses(&clients, &deployment, secret).await?;
        if let Some(uri) = &deployment.templates_uri {
            let stored = store_templates(&clients, &ports, uri, deployment.max_snapshots).await;
            // Calls are answered all the same: what an earlier file said still holds.
            if let Err(cause) = stored {
                error!(%cause, uri, "the file of templates was not stored");
            }
        }
        let rate_limiter = aws::rate_limiter(&clients, &deployment);
        Ok(Self {
            api: Api::new(ports, settings).with_rate_limiter(rate_limiter),
            addresses,
            warm: AtomicBool::new(false),
        })
    }

    /// Never an error: that would be an answer of somebody else's.
    pub(crate) async fn answer(
        &self,
        event: LambdaEvent<Value>,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let cold = !self.warm.swap(true, Ordering::Relaxed);
        let answer = self.answer_event(event).await;
        Metrics::new()
            .with("ColdStart", Unit::Count, cold.into())
            .with("Requests", Unit::Count, 1)
            .with("ServerErrors", Unit::Count, (answer.status >= 500).into())
            .print();
        Ok(response(answer))
    }

    async fn answer_event(&self, event: LambdaEvent<Value>) -> Answer {
        let read = serde_json::from_value::<ApiGatewayV2httpRequest>(event.payload);
        let event_request = match read {
            Ok(event_request) => event_request,
            Err(cause) => {
                error!(%cause, "not an event of an HTTP API");
                return self.api.internal_error(Format::default());
            }
        };
        let path = event_request.raw_path.clone().unwrap_or_default();
        let host = event_request.request_context.domain_name.clone();
        self.addresses.called_at(host.clone());
        let Some(raw) = request(event_request) else {
            let format = Format::default();
            let refusal = ApiError::incomplete_signature("The body is not valid Base64.");
            return self.api.refused(&refusal, format);
        };
        if let Some(resource) = Resource::of(&raw, &path) {
            let host = host.as_deref().unwrap_or_else(|| raw.host());
            let answered = resource.answer(&self.api, &self.addresses, host, &raw);
            return answered.await;
        }
        if raw.body.len() > MAX_BODY_BYTES {
            let error = ApiError::body_too_long(MAX_BODY_BYTES);
            return self.api.refused(&error, Format::of(&raw));
        }
        let time = time_for(&event.context);
        self.api.handle_within(raw, time, ()).await
    }
}

/// No longer than clients wait, and than this function may run.
fn time_for(context: &Context) -> Duration {
    let deadline_ms = i64::try_from(context.deadline).unwrap_or(i64::MAX);
    let left_ms = deadline_ms - SystemClock.now_ms() - MARGIN_MS;
    let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or_default());
    left.min(ANSWER_WITHIN)
}
