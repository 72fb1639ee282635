//! Templates.

use super::Body;
use crate::action::Action;
use crate::id::TemplateId;
use crate::template_config::TemplateType;
use crate::time::utc_time;
use serde_json::{Value, json};

/// A stored template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateInfo {
    /// As given.
    pub name: String,
    /// 32 lower-case hex digits.
    pub vod_template_id: TemplateId,
    /// What it is of.
    pub template_type: TemplateType,
    /// JSON.
    pub template_config: String,
    /// Unix ms.
    pub created_ms: i64,
    /// Unix ms.
    pub modified_ms: i64,
    /// `app-1000000` by default.
    pub app_id: String,
}

impl TemplateInfo {
    fn wire(&self) -> Value {
        json!({
            "Name": self.name,
            "VodTemplateId": self.vod_template_id,
            "TemplateType": self.template_type.name(),
            "TemplateConfig": self.template_config,
            "IsDefault": "NotDefault",
            "CreationTime": utc_time(self.created_ms),
            "ModifyTime": utc_time(self.modified_ms),
            "AppId": self.app_id,
        })
    }
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetVodTemplate(pub TemplateInfo);

impl Body for GetVodTemplate {
    const ACTION: Action = Action::GetVodTemplate;

    fn fields(&self) -> Value {
        json!({"VodTemplateInfo": self.0.wire()})
    }
}

/// All templates of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVodTemplate(pub Vec<TemplateInfo>);

impl Body for ListVodTemplate {
    const ACTION: Action = Action::ListVodTemplate;

    fn fields(&self) -> Value {
        let list: Vec<_> = self.0.iter().map(TemplateInfo::wire).collect();
        json!({"VodTemplateInfoList": list})
    }
}

/// The id of the new template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddVodTemplate(pub TemplateId);

impl Body for AddVodTemplate {
    const ACTION: Action = Action::AddVodTemplate;

    fn fields(&self) -> Value {
        json!({"VodTemplateId": self.0})
    }
}

/// The id of the changed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateVodTemplate(pub TemplateId);

impl Body for UpdateVodTemplate {
    const ACTION: Action = Action::UpdateVodTemplate;

    fn fields(&self) -> Value {
        json!({"VodTemplateId": self.0})
    }
}

/// The id of the template that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteVodTemplate(pub TemplateId);

impl Body for DeleteVodTemplate {
    const ACTION: Action = Action::DeleteVodTemplate;

    fn fields(&self) -> Value {
        json!({"VodTemplateId": self.0})
    }
}
