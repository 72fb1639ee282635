use crate::stack;
use aws::SecretKeys;
use service::ports::Keys;

#[tokio::test]
async fn keys_come_from_the_secret() {
    let stack = stack!();
    let secret = stack.deployment.keys_secret.as_deref().unwrap();
    let keys = SecretKeys::new(&stack.clients(), secret);
    let found = keys.get("AKID").await.unwrap().unwrap();
    assert_eq!((found.secret.expose(), found.active), ("secret", true));
    assert_eq!(keys.get("other").await.unwrap(), None);
}

/// A new AccessKeyId had the secret generated anew, and every client refused.
#[tokio::test]
async fn another_id_of_a_key_makes_it_another_secret() {
    let stack = stack!();
    let secret = stack.deployment.keys_secret.as_deref().unwrap();
    let alias = |own: &str| Some(("new-id".to_owned(), own.to_owned()));
    let keys = SecretKeys::new(&stack.clients(), secret).with_alias(alias("AKID"));
    let (old, new) = (
        keys.get("AKID").await.unwrap(),
        keys.get("new-id").await.unwrap(),
    );
    assert!(old.is_some() && old == new);
    assert_eq!(keys.get("other").await.unwrap(), None);
    let nobody = SecretKeys::new(&stack.clients(), secret).with_alias(alias("gone"));
    assert_eq!(nobody.get("new-id").await.unwrap(), None);
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_said_without_its_content() {
    let keys = SecretKeys::new(&stack!().clients(), "nowhere");
    let error = keys.get("AKID").await.unwrap_err();
    assert_eq!(error.port, "keys");
}
