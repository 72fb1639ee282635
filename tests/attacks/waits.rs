//! What a job waits for: a machine or a store in trouble is not a verdict on its video.
