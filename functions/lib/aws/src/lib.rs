//! The ports on AWS.
mod clients;
mod deployment;
pub use clients::{Clients, Patience};
pub use deployment::{Deployment, DeploymentError};
