//! How the system's allocator shares memory among threads.

#![allow(unsafe_code)]

/// Lets all threads of this process allocate from two heaps. Of its own accord glibc makes up to
/// eight for each processor and keeps them; each job's short-lived threads then leave a few MB in
/// another one, until a server that has been busy for hours holds several times what it uses. For
/// programs to call when they start, before they have threads. Other allocators are left as they
/// are.
pub fn share_heaps() {
    #[cfg(target_env = "gnu")]
    // SAFETY: it takes two numbers, and what it refuses it ignores.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}
