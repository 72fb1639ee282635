//! What an open video says of itself.

use crate::model::VideoInfo;
use media::Video;

pub(crate) fn video_info(video: &Video) -> VideoInfo {
    let display = video.display();
    VideoInfo {
        duration_ms: video.timeline().duration_ms(),
        width: display.width,
        height: display.height,
        frame_rate: video.frame_rate(),
        codec: video.codec().to_owned(),
        size_bytes: video.bytes(),
        content: None,
    }
}
