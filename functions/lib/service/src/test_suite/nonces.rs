use super::hostile::HOSTILE;
use super::sample::id;
use crate::ports::Nonces;

/// Far from now.
const NEVER_MS: i64 = 4_000_000_000_000;

/// The promises of [`Nonces`].
pub async fn nonces(port: &dyn Nonces) {
    let (key_id, nonce) = (id(), id());
    assert!(port.use_once(&key_id, &nonce, NEVER_MS).await.unwrap());
    assert!(!port.use_once(&key_id, &nonce, NEVER_MS).await.unwrap());
    assert!(
        port.use_once(&id(), &nonce, NEVER_MS).await.unwrap(),
        "another key's own"
    );
    for text in HOSTILE {
        assert!(
            port.use_once(&key_id, text, NEVER_MS).await.unwrap(),
            "{text:?}"
        );
        assert!(
            !port.use_once(&key_id, text, NEVER_MS).await.unwrap(),
            "{text:?}"
        );
    }
    let longer = format!("b{nonce}");
    assert!(port.use_once("ab", &nonce, NEVER_MS).await.unwrap());
    assert!(
        port.use_once("a", &longer, NEVER_MS).await.unwrap(),
        "key and nonce are two things"
    );
    of_uses_at_once_one_is_first(port).await;
}

async fn of_uses_at_once_one_is_first(port: &dyn Nonces) {
    let (key_id, nonce) = (id(), id());
    let use_it = || port.use_once(&key_id, &nonce, NEVER_MS);
    let (a, b, c) = tokio::join!(use_it(), use_it(), use_it());
    let firsts = [a, b, c]
        .into_iter()
        .filter(|first| *first.as_ref().unwrap())
        .count();
    assert_eq!(firsts, 1);
}
