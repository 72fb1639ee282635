//! A page of a hundred thumbnails in a new account, which lets ten functions run at once.
//!
//! A browser asks for all of them at once over HTTP/2, and AWS refuses what is above the ten: nothing
//! waits. No function can be kept apart there, since AWS takes no reservation that leaves less than ten
//! to all others. So what counts is how soon it is over.

use crate::browser::look;
use crate::deployment::{Deployment, film};
use serde_json::json;
use service::picture_access::PictureAccess;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const CONCURRENCY: usize = 10;
const THUMBNAILS: u64 = 100;

/// What became of calls.
#[derive(Debug, Default)]
struct Calls {
    answered: u32,
    /// At a second try, a tenth of a second later.
    answered_later: u32,
    refused: u32,
}

/// Calls all the time, as a client that tries once more.
async fn call_until(over: Arc<AtomicBool>, deployment: Arc<Deployment>, video: String) -> Calls {
    let parameters = [("VideoId", video.as_str())];
    let mut calls = Calls::default();
    while !over.load(Ordering::SeqCst) {
        if deployment.call("GetVideoInfo", &parameters).await.0 == 200 {
            calls.answered += 1;
        } else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            match deployment.call("GetVideoInfo", &parameters).await.0 {
                200 => calls.answered_later += 1,
                _ => calls.refused += 1,
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(all(browser, node)), ignore = "needs chromium and node")]
async fn a_page_of_thumbnails_starves_the_api() {
    let deployment = Deployment::start(PictureAccess::Public, CONCURRENCY).await;
    let deployment = Arc::new(deployment);
    let film = film();
    let video = deployment.register(film.clone()).await;
    let hundred = [("Count", "100"), ("Interval", "0"), ("Width", "160")];
    let _ = deployment.run(&video, &hundred).await;
    let urls = deployment.listed(&video, "NormalSnapshot").await;
    assert_eq!(urls.len() as u64, THUMBNAILS);
    let over = Arc::new(AtomicBool::new(false));
    let calling = call_until(over.clone(), deployment.clone(), video.clone());
    let calling = tokio::spawn(calling);
    for _ in 0..3 {
        let said = look(&json!({ "page": urls }), film.clone()).await;
        let pictures = |counts: &[AtomicUsize; 2]| counts[0].swap(0, Ordering::SeqCst);
        let account = &deployment.account;
        let (answered, throttled) = (pictures(&account.answered), pictures(&account.throttled));
        eprintln!("{said}: {answered} pictures answered, {throttled} refused for concurrency");
        assert_eq!((answered + throttled) as u64, THUMBNAILS);
        assert_eq!(said["shown"], answered, "what is answered is shown");
    }
    over.store(true, Ordering::SeqCst);
    let calls = calling.await.unwrap();
    eprintln!("{calls:?}");
    assert_eq!(calls.refused, 0, "{calls:?}");
    assert!(calls.answered > 20 * calls.answered_later, "{calls:?}");
    let peak = deployment.account.peak.load(Ordering::SeqCst);
    assert_eq!(
        peak, CONCURRENCY,
        "the limit was met, so this says something"
    );
}
