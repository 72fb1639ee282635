use super::ids::other_id;
use crate::error::ApiError;
use crate::id::TemplateId;
use crate::parameters::Values;
use crate::template_config::TemplateConfig;

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
        values.word("TemplateType")?;
        let config = values.text("TemplateConfig")?.unwrap_or_default();
        Ok(Self {
            name: values.text("Name")?.unwrap_or_default().to_owned(),
            config: TemplateConfig::read(config, values.limits().max_snapshots)?,
            app_id: app_id(values)?,
        })
    }
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

/// List the snapshot templates of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVodTemplate {
    /// `app-1000000` by default.
    pub app_id: String,
}

impl ListVodTemplate {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.word("TemplateType")?;
        Ok(Self {
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
