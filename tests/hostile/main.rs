//! A decoder that a crafted file has taken over is refused or ended, says why, and leaves nothing.

mod budgets;
mod impostor;
mod playlists;
mod vices;
