use super::{folder, open};
use crate::database::open_for_reading;
use service::ports::{Clock, SystemClock};

#[tokio::test]
async fn expired_nonces_are_forgotten_and_others_are_not() {
    let data = folder();
    let nonces = open(data.path()).ports().nonces;
    let now_ms = SystemClock.now_ms();
    for number in 0..513 {
        let expires_ms = if number == 7 {
            now_ms + 1_000_000
        } else {
            now_ms - 1000
        };
        assert!(
            nonces
                .use_once("k", &number.to_string(), expires_ms)
                .await
                .unwrap()
        );
    }
    let connection = open_for_reading(&data.path().join("vod-snapshot.db")).unwrap();
    let mut select = connection
        .prepare("SELECT nonce FROM nonces ORDER BY nonce")
        .unwrap();
    let kept: Vec<String> = select
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(kept, ["512", "7"]);
    assert!(!nonces.use_once("k", "7", now_ms + 1_000_000).await.unwrap());
}
