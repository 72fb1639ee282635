//! What a client of the real program gets: answers, pictures, events, and refusals.

mod animations;
mod callbacks;
mod console;
mod delivery;
mod demo;
mod gate;
mod jobs;
mod names;
mod pictures;
mod programs;
mod storyboards;
mod templates;
mod tls;
mod uploads;
mod videos;
mod watched;
mod wire;
