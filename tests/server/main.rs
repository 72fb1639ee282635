//! What a client of the real program gets: answers, pictures, events, and refusals.

mod callbacks;
mod delivery;
mod gate;
mod jobs;
mod names;
mod templates;
mod tls;
mod wire;
