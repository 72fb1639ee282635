//! Places of a file that are read at once, where waiting for it takes longer than reading.

use crate::IndexError;
use source::RangeSource;

/// Of a source that is far away.
const FAR_READERS: usize = 8;

/// How many read at once.
pub(crate) fn readers(source: &dyn RangeSource) -> usize {
    match source.path() {
        Some(_) => 1,
        None => FAR_READERS,
    }
}

/// Shares `places` among so many readers, and gives what they find in the order of the places.
pub(crate) fn read_shares<T: Sync, R: Send>(
    readers: usize,
    places: &[T],
    read: impl Fn(&[T]) -> Result<Vec<R>, IndexError> + Sync,
) -> Result<Vec<R>, IndexError> {
    let share = places.len().div_ceil(readers).max(1);
    let read = &read;
    std::thread::scope(|scope| {
        let start = |share| scope.spawn(move || read(share));
        let shares: Vec<_> = places.chunks(share).map(start).collect();
        let mut found = Vec::with_capacity(places.len());
        for share in shares {
            let failed = |_| IndexError::Unsupported("a reader failed");
            found.extend(share.join().map_err(failed).flatten()?);
        }
        Ok(found)
    })
}
