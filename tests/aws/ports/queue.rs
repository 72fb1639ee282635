use crate::stack;
use service::model::Message;
use std::time::Duration;

fn message() -> Message {
    Message::Snapshot {
        job_id: "j".into(),
        request_id: "R".into(),
    }
}

#[tokio::test]
async fn a_message_arrives_as_it_was_sent() {
    let stack = stack!();
    stack.ports().await.queue.send(&message()).await.unwrap();
    let url = &stack.deployment.queue_url;
    let received = stack.receive(url).await.unwrap();
    let body = received.body().unwrap();
    assert_eq!(serde_json::from_str::<Message>(body).unwrap(), message());
    assert!(stack.receive(url).await.is_none());
}

#[tokio::test]
async fn a_hidden_message_comes_again_when_its_time_is_over() {
    let stack = stack!();
    stack.ports().await.queue.send(&message()).await.unwrap();
    let url = &stack.deployment.queue_url;
    let receive = stack.sqs().receive_message().queue_url(url);
    let receive = receive.visibility_timeout(600).wait_time_seconds(2);
    let mut received = receive.send().await.unwrap().messages.unwrap();
    let receipt = received.remove(0).receipt_handle.unwrap();
    let hold = aws::queue(&stack.clients(), &stack.deployment).received(&receipt);
    hold.hide(Duration::from_secs(300)).await.unwrap();
    assert!(stack.receive(url).await.is_none());
    hold.hide(Duration::ZERO).await.unwrap();
    assert!(stack.receive(url).await.is_some());
}
