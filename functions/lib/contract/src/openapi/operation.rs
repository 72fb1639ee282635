//! One operation for each action, and the one that reads what a job did.

use super::examples::{self, Fill};
use super::schema::{reference, response_name};
use crate::action::Action;
use serde_json::{Map, Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

/// What an action is about.
fn tag(action: Action) -> &'static str {
    match action {
        Action::SubmitSnapshotJob
        | Action::ListSnapshots
        | Action::GetJobDetail
        | Action::ListJobInfo
        | Action::DeleteImage
        | Action::SubmitDynamicImageJob
        | Action::ListDynamicImage
        | Action::DeleteDynamicImage => "Snapshots",
        Action::AddVodTemplate
        | Action::GetVodTemplate
        | Action::ListVodTemplate
        | Action::UpdateVodTemplate
        | Action::DeleteVodTemplate => "Templates",
        Action::SetMessageCallback | Action::GetMessageCallback | Action::DeleteMessageCallback => {
            "Callbacks"
        }
        Action::RegisterMedia
        | Action::UploadMediaByURL
        | Action::GetURLUploadInfos
        | Action::GetVideoInfo
        | Action::GetMezzanineInfo
        | Action::GetPlayInfo
        | Action::GetVideoInfos
        | Action::GetVideoList
        | Action::SearchMedia
        | Action::UpdateVideoInfo
        | Action::DeleteVideo
        | Action::DeleteMezzanines => "Videos",
    }
}

pub(super) fn tags() -> Value {
    json!([
        {"name": "Snapshots", "description": "Jobs and their pictures."},
        {"name": "Videos", "description": "Videos and their files."},
        {"name": "Templates", "description": "Stored settings of jobs."},
        {"name": "Callbacks", "description": "Who is told of events."},
        {"name": "Events", "description": "What receivers get."},
    ])
}

pub(super) fn paths() -> Value {
    let mut paths = Map::new();
    for action in Action::ALL {
        paths.insert(format!("/{}", action.name()), json!({"post": of(action)}));
    }
    paths.insert(
        "/{VideoId}/snapshots/{JobId}-manifest.json".to_owned(),
        json!({"get": manifest()}),
    );
    Value::Object(paths)
}

fn of(action: Action) -> Value {
    let call = examples::call(action);
    let success = json!({
        "description": "Success.",
        "content": {"application/json": {
            "schema": reference(&response_name(action)),
            "example": examples::success(action, Fill::Usual),
        }},
    });
    json!({
        "operationId": action.name(),
        "summary": action.summary(),
        "description": action.summary(),
        "tags": [tag(action)],
        "requestBody": {
            "required": true,
            "content": {FORM: {"schema": reference(action.name()), "example": call}},
        },
        "responses": responses(success),
    })
}

fn manifest() -> Value {
    let id = |name: &str, what: &str| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "description": what,
            "schema": {"type": "string"},
        })
    };
    let success = json!({
        "description": "The manifest of a job that has ended with pictures.",
        "content": {"application/json": {"schema": reference("Manifest")}},
    });
    json!({
        "operationId": "GetManifest",
        "summary": "Returns what a job did: which frame each picture shows, and what is missing.",
        "description": "Unsigned where pictures are public. Where they are signed, the URL of a \
            picture of the job is good for its manifest too, with the same Expires and Signature.",
        "tags": ["Snapshots"],
        "security": [],
        "parameters": [id("VideoId", "The video."), id("JobId", "The job.")],
        "responses": responses(success),
    })
}

fn responses(success: Value) -> Value {
    let error = json!({"$ref": "#/components/responses/Error"});
    json!({"200": success, "4XX": error, "5XX": error})
}

pub(super) fn refusal() -> Value {
    json!({
        "description": "What was wrong with the call, or with the service.",
        "content": {"application/json": {
            "schema": reference("Error"),
            "example": examples::error(),
        }},
    })
}
