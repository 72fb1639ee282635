use super::MemoryStore;
use crate::model::{Template, TemplateId};
use crate::ports::{PortResult, Templates};
use async_trait::async_trait;

#[async_trait]
impl Templates for MemoryStore {
    async fn put(&self, template: &Template) -> PortResult<()> {
        let (id, template) = (template.id.clone(), template.clone());
        self.lock().templates.insert(id, template);
        Ok(())
    }

    async fn replace(&self, known: &Template, now: &Template) -> PortResult<bool> {
        let templates = &mut self.lock().templates;
        let held = templates.get_mut(&known.id).filter(|held| *held == known);
        let replaced = held.map(|held| held.clone_from(now));
        Ok(replaced.is_some())
    }

    async fn get(&self, id: &TemplateId) -> PortResult<Option<Template>> {
        Ok(self.lock().templates.get(id).cloned())
    }

    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>> {
        let tables = self.lock();
        let all = tables.templates.values();
        let mut listed: Vec<_> = all.filter(|held| held.app_id == app_id).cloned().collect();
        listed.sort_by_key(|held| held.created_ms);
        Ok(listed)
    }

    async fn delete(&self, id: &TemplateId) -> PortResult<bool> {
        Ok(self.lock().templates.remove(id).is_some())
    }
}
