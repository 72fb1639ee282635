//! A decoder that a crafted file has taken over is refused or ended, says why, and leaves nothing.

mod attacks;
mod budgets;
mod canary;
mod impostor;
mod metadata;
mod parent;
mod playlists;
mod walls;
