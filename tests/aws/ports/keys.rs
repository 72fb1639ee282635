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

#[tokio::test]
async fn a_secret_that_is_not_there_is_said_without_its_content() {
    let keys = SecretKeys::new(&stack!().clients(), "nowhere");
    let error = keys.get("AKID").await.unwrap_err();
    assert_eq!(error.port, "keys");
}
