use super::ids::other_id;
use crate::error::ApiError;
use crate::id::TemplateId;
use crate::parameters::Values;
use crate::template_config::{TemplateConfig, TemplateType};

/// Store a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddVodTemplate {
    /// At most 128 bytes.
    pub name: String,
    /// Valid.
    pub config: TemplateConfig,
    /// `app-1000000` by default.
    pub app_id: String,
}

impl AddVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let template_type = template_type(values)?;
        let config = values.text("TemplateConfig")?.unwrap_or_default();
        let max_snapshots = values.limits().max_snapshots;
        Ok(Self {
            name: values.text("Name")?.unwrap_or_default().to_owned(),
            config: TemplateConfig::read_as(config, template_type, max_snapshots)?,
            app_id: app_id(values)?,
        })
    }
}

fn template_type(values: &Values<'_>) -> Result<TemplateType, ApiError> {
    let named = values.word("TemplateType")?.and_then(TemplateType::named);
    Ok(named.unwrap_or(TemplateType::Snapshot))
}

/// The application that a call is about.
pub(super) fn app_id(values: &Values<'_>) -> Result<String, ApiError> {
    Ok(values.text("AppId")?.unwrap_or_default().to_owned())
}

/// Give a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetVodTemplate {
    /// At most 64 characters of any kind.
    pub vod_template_id: TemplateId,
}

impl GetVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            vod_template_id: other_id(values, "VodTemplateId").into(),
        })
    }
}

/// List the templates of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVodTemplate {
    /// Of this type.
    pub template_type: TemplateType,
    /// `app-1000000` by default.
    pub app_id: String,
}

impl ListVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            template_type: template_type(values)?,
            app_id: app_id(values)?,
        })
    }
}

/// Change a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateVodTemplate {
    /// At most 64 characters of any kind.
    pub vod_template_id: TemplateId,
    /// None: the old one.
    pub name: Option<String>,
    /// None: the old one.
    pub config: Option<TemplateConfig>,
}

impl UpdateVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let max_snapshots = values.limits().max_snapshots;
        let config = values.text("TemplateConfig")?;
        Ok(Self {
            vod_template_id: other_id(values, "VodTemplateId").into(),
            name: values.text("Name")?.map(str::to_owned),
            config: config
                .map(|text| TemplateConfig::read(text, max_snapshots))
                .transpose()?,
        })
    }
}

/// Delete a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteVodTemplate {
    /// At most 64 characters of any kind.
    pub vod_template_id: TemplateId,
}

impl DeleteVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            vod_template_id: other_id(values, "VodTemplateId").into(),
        })
    }
}
