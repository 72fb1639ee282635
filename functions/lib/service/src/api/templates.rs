//! Templates: stored, changed, and resolved when a job is submitted.

use super::{Api, Reply, port_failed, reply};
use crate::model::{SnapshotType, Template, TemplateId, UnixMs};
use contract::command::{
    AddVodTemplate, DeleteVodTemplate, GetVodTemplate, ListVodTemplate, UpdateVodTemplate,
};
use contract::error::ApiError;
use contract::response::body::{self, TemplateInfo};
use contract::snapshot::SnapshotSpec;
use contract::template_config::{TemplateConfig, TemplateKind, TemplateType};
use tracing::warn;

/// Changes of a template that met another one, which each time has come to its end.
const MAX_TRIES: u32 = 20;

impl Api {
    pub(super) async fn add_template(&self, command: AddVodTemplate) -> Reply {
        let now_ms = self.now_ms();
        let template = Template {
            id: TemplateId::random(),
            name: command.name,
            config: command.config.json().to_owned(),
            app_id: command.app_id,
            created_ms: now_ms,
            modified_ms: now_ms,
        };
        self.ports
            .templates
            .put(&template)
            .await
            .map_err(port_failed)?;
        reply(body::AddVodTemplate(template.id))
    }

    pub(super) async fn template_info(&self, command: GetVodTemplate) -> Reply {
        let template = self.template(&command.vod_template_id).await?;
        reply(body::GetVodTemplate(info(template)))
    }

    pub(super) async fn list_templates(&self, command: ListVodTemplate) -> Reply {
        let templates = self.ports.templates.list(&command.app_id).await;
        let all = templates.map_err(port_failed)?.into_iter().map(info);
        let list = all.filter(|template| template.template_type == command.template_type);
        reply(body::ListVodTemplate(list.collect()))
    }

    pub(super) async fn update_template(&self, command: UpdateVodTemplate) -> Reply {
        for _ in 0..MAX_TRIES {
            let known = self.template(&command.vod_template_id).await?;
            if let Some(config) = &command.config {
                same_type(&known, config)?;
            }
            let now = changed(&known, &command, self.now_ms());
            let templates = &self.ports.templates;
            if templates.replace(&known, &now).await.map_err(port_failed)? {
                return reply(body::UpdateVodTemplate(now.id));
            }
        }
        warn!(
            template_id = %command.vod_template_id,
            "concurrent changes of the template did not end"
        );
        Err(ApiError::unavailable())
    }

    pub(super) async fn delete_template(&self, command: DeleteVodTemplate) -> Reply {
        let id = command.vod_template_id;
        if !self
            .ports
            .templates
            .delete(&id)
            .await
            .map_err(port_failed)?
        {
            return Err(ApiError::no_such_resource(&id));
        }
        reply(body::DeleteVodTemplate(id))
    }

    /// What a job of this template makes and takes.
    pub(super) async fn resolve_template(
        &self,
        id: &TemplateId,
    ) -> Result<(SnapshotType, SnapshotSpec), ApiError> {
        let config = self.template_config(id, TemplateType::Snapshot).await?;
        let mut spec = config.spec().clone();
        let kind = match config.kind() {
            TemplateKind::DynamicImage => SnapshotType::DynamicImage,
            TemplateKind::Normal => SnapshotType::NormalSnapshot,
            TemplateKind::Sprite => SnapshotType::SpriteSnapshot,
            TemplateKind::WebVtt { .. } => SnapshotType::WebVttSnapshot,
        };
        if let (SnapshotType::WebVttSnapshot, Some(sprite)) = (kind, &mut spec.sprite) {
            // Nothing names the cells of such a sheet but its own file.
            sprite.keep_cell_pic = false;
        }
        Ok((kind, spec))
    }

    /// Of a template of this type: one of another is none to whoever asks.
    pub(super) async fn template_config(
        &self,
        id: &TemplateId,
        template_type: TemplateType,
    ) -> Result<TemplateConfig, ApiError> {
        let template = self.template(id).await?;
        let config = TemplateConfig::read(&template.config, self.settings.max_snapshots)?;
        match config.template_type() == template_type {
            true => Ok(config),
            false => Err(ApiError::no_such_resource(id)),
        }
    }

    async fn template(&self, id: &TemplateId) -> Result<Template, ApiError> {
        let found = self.ports.templates.get(id).await.map_err(port_failed)?;
        found.ok_or_else(|| ApiError::no_such_resource(id))
    }
}

/// Which type a template is of never changes: jobs of another kind have its id in their code.
fn same_type(known: &Template, config: &TemplateConfig) -> Result<(), ApiError> {
    let template_type = type_of(&known.config);
    if template_type == config.template_type() {
        return Ok(());
    }
    let rule = format!("It must be of TemplateType {}.", template_type.name());
    Err(ApiError::invalid("TemplateConfig", &rule))
}

/// What a stored config is of; limits may have changed since it was stored.
fn type_of(config: &str) -> TemplateType {
    let config = TemplateConfig::read(config, u32::MAX);
    config.map_or(TemplateType::Snapshot, |config| config.template_type())
}

fn changed(known: &Template, command: &UpdateVodTemplate, now_ms: UnixMs) -> Template {
    let config = command.config.as_ref().map(TemplateConfig::json);
    Template {
        name: command.name.as_ref().unwrap_or(&known.name).clone(),
        config: config.unwrap_or(&known.config).to_owned(),
        modified_ms: now_ms,
        ..known.clone()
    }
}

fn info(template: Template) -> TemplateInfo {
    TemplateInfo {
        name: template.name,
        vod_template_id: template.id,
        template_type: type_of(&template.config),
        template_config: template.config,
        created_ms: template.created_ms,
        modified_ms: template.modified_ms,
        app_id: template.app_id,
    }
}
