//! What a job writes: pictures, sprite sheets, what players read of them, the manifest, and the keys they lie under.
//!
//! **Promise.** Pure functions of what they are given. The same input gives the same bytes, so a job that
//! runs twice overwrites its objects with themselves. JPEG bytes also depend on whether the
//! processor has AVX2: the encoder's vector and scalar transforms round differently, unseen by
//! the eye. Within one deployment that does not vary.
//!
//! Nothing of the source's metadata (place, device, time) gets into a picture: what comes in is
//! pixels, what goes out is a JFIF header and pixels.
//!
//! Sizes are checked before anything is encoded; an error names the numbers.
//!
//! **Not here.** Decoding, colour conversion and rotation happen before; pixels arrive as 8-bit RGB in display
//! space, rows from the top, without gaps. Nothing here reads or writes files or networks.
//!
//! ```
//! use artifacts::{Quality, jpeg};
//! use plan::Size;
//!
//! let size = Size { width: 16, height: 16 };
//! let grey = vec![128; 16 * 16 * 3];
//! let picture = jpeg::encode(&grey, size, Quality::default())?;
//! assert!(picture.starts_with(&[0xff, 0xd8]));
//! # Ok::<(), artifacts::JpegError>(())
//! ```

pub mod jpeg;
pub mod key;
pub mod manifest;
pub mod pixels;
pub mod png;
pub mod resize;
pub mod sheet;
pub mod storyboard;
pub mod webp;
pub mod webvtt;

pub use jpeg::{JpegError, Quality};
pub use manifest::Manifest;
pub use png::PngError;
pub use resize::{ResizeError, resize, resize_plane};
pub use sheet::{PlaceError, Sheet, StripError};
pub use webp::WebpError;
