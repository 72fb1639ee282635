//! A callback of a client, through the deployed queue and function with their own roles.

use crate::client::Client;
use crate::deployment;
use cloud::clips::encode;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Answers with 200 to whoever calls; all that was said.
fn receiver() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = Vec::new();
            let mut part = [0; 4096];
            while !request.ends_with(b"}") {
                match stream.read(&mut part) {
                    Ok(count @ 1..) => request.extend_from_slice(&part[..count]),
                    _ => break,
                }
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            let request = String::from_utf8_lossy(&request).into_owned();
            kept.lock().unwrap().push(request);
        }
    });
    (url, heard)
}

#[test]
fn the_callback_of_a_job_comes_signed() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let (global, _) = receiver();
    let (own, heard) = receiver();
    let set = json!({
        "CallbackType": "HTTP", "CallbackURL": global, "EventTypeList": "SnapshotComplete",
        "AuthSwitch": "on", "AuthKey": "aB3",
    });
    client.call("SetMessageCallback", &set);
    let video = client.register("callbacks/clip.mp4", encode(2, "320x180", 5));
    let user_data = json!({"MessageCallback": {"CallbackURL": own}}).to_string();
    let job = client.submit(&video, &json!({"Count": 1, "UserData": user_data}));
    let until = Instant::now() + Duration::from_secs(60);
    let request = loop {
        let said = heard.lock().unwrap().clone();
        if let Some(request) = said.into_iter().find(|request| request.contains(&job)) {
            break request;
        }
        assert!(Instant::now() < until, "{}", deployed.logs());
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(request.contains("x-vod-signature: "), "{request}");
    let event = deployed
        .subscribers
        .event_with(&job, Duration::from_secs(20));
    assert!(request.ends_with(&event), "{request}");
    assert_eq!(heard.lock().unwrap().len(), 1);
    client.call("DeleteMessageCallback", &json!({}));
}
