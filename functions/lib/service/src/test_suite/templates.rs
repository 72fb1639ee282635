use super::hostile::HOSTILE;
use super::sample::id;
use crate::model::{Template, TemplateId};
use crate::ports::Templates;

/// The promises of [`Templates`].
pub async fn templates(port: &dyn Templates) {
    a_template_is_replaced_and_deleted(port).await;
    templates_of_an_application_come_oldest_first(port).await;
    for text in HOSTILE {
        assert_eq!(port.get(&(*text).into()).await.unwrap(), None, "{text:?}");
    }
}

fn template(app_id: &str, created_ms: i64) -> Template {
    Template {
        id: TemplateId::random(),
        name: "\u{1F3AC}".repeat(32),
        config: "{\"SnapshotType\":\"NormalSnapshot\"}".to_owned(),
        app_id: app_id.to_owned(),
        created_ms,
        modified_ms: created_ms,
    }
}

async fn a_template_is_replaced_and_deleted(port: &dyn Templates) {
    let app_id = format!("app-{}", id());
    let first = template(&app_id, 10);
    port.put(&first).await.unwrap();
    assert_eq!(port.get(&first.id).await.unwrap(), Some(first.clone()));
    let changed = Template {
        name: "other".to_owned(),
        modified_ms: 20,
        ..first.clone()
    };
    assert!(port.replace(&first, &changed).await.unwrap());
    assert!(!port.replace(&first, &first).await.unwrap(), "changed");
    assert_eq!(port.get(&changed.id).await.unwrap(), Some(changed.clone()));
    assert_eq!(port.list(&app_id).await.unwrap(), vec![changed.clone()]);
    port.put(&first).await.unwrap();
    assert_eq!(port.list(&app_id).await.unwrap(), vec![first.clone()]);
    assert!(port.delete(&first.id).await.unwrap());
    assert!(!port.delete(&first.id).await.unwrap());
    assert!(!port.replace(&first, &changed).await.unwrap(), "deleted");
    assert_eq!(port.get(&first.id).await.unwrap(), None);
    assert_eq!(port.list(&app_id).await.unwrap(), []);
}

async fn templates_of_an_application_come_oldest_first(port: &dyn Templates) {
    let app_id = format!("app-{}", id());
    let given = [30, 10, 20].map(|created_ms| template(&app_id, created_ms));
    for template in &given {
        port.put(template).await.unwrap();
    }
    let listed = port.list(&app_id).await.unwrap();
    assert_eq!(
        listed,
        [given[1].clone(), given[2].clone(), given[0].clone()]
    );
    assert_eq!(port.list(&format!("app-{}", id())).await.unwrap(), []);
}
