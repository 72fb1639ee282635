//! Every system call that a decoder may make, each with the reason why it needs it.
//!
//! x86_64: traced with ffmpeg 5.1 (dynamic, 215 libraries) and 9.0 (static, glibc) on real, broken
//! and made videos, then completed by what glibc and musl call on older and newer systems.
//! aarch64: the same calls by name, less those that it never had. A static build of 7.0 made no
//! others in an emulator (`qemu-aarch64 -strace`); the filter itself was not executed there.

use libc::c_long;

/// A call that is allowed, always or for some arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowedCall {
    pub(super) number: c_long,
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "for whoever reads what tests say")
    )]
    pub(super) name: &'static str,
    /// Allowed where every check of one of these rows holds; always where there is none.
    pub(super) if_any: &'static [&'static [ArgumentCheck]],
}

/// What an argument, counted from 0, must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum ArgumentCheck {
    /// The lower 32 bits are this: the kernel takes no more of an `int`.
    Is(u8, u32),
    /// Of the lower 32 bits, those of the mask are these.
    Bits(u8, u32, u32),
    /// A pointer to nothing.
    Null(u8),
}

use ArgumentCheck::{Bits, Is, Null};

/// Why a call is needed is said beside it, and nowhere else used.
macro_rules! calls {
    ($($call:ident $(if $rows:expr)?, $why:literal;)*) => {
        &[$(AllowedCall {
            number: libc::$call,
            name: stringify!($call),
            if_any: { let _: &str = $why; let rows: &[&[ArgumentCheck]] = &[]; $(let rows = { let _ = rows; $rows };)? rows },
        }),*]
    };
}

/// For both architectures.
const COMMON: &[AllowedCall] = calls! {
    // Files. Which may be opened is up to Landlock or to who answers for us.
    SYS_openat if READ_ONLY_AT, "libraries, the video; never to write, to make or to shorten";
    SYS_close, "what it has opened";
    SYS_read, "the video, libraries";
    SYS_readv, "musl reads so";
    SYS_write, "pictures and messages, to the pipes";
    SYS_writev, "musl writes so";
    SYS_lseek, "in the video";
    SYS_fstat, "size of the video, kind of a pipe";
    SYS_newfstatat, "as fstat, in newer C libraries; the loader looks for libraries";
    SYS_statx, "the same in newer C libraries";
    SYS_readlinkat, "a static program asks where it lies";
    SYS_dup, "pipe: of ffmpeg 6.1 and later works on a copy";
    SYS_dup3, "dup2 of newer C libraries";
    SYS_fcntl if FLAGS_OF_DESCRIPTORS, "close-on-exec, non-blocking; no owner, no signal, no lock";
    SYS_ioctl if TERMINAL_ASKED, "whether an output is a terminal; nothing is set";
    SYS_ppoll, "waits for a pipe";
    SYS_pselect6, "waits for a pipe";
    // Memory.
    SYS_brk, "the heap";
    SYS_mprotect if NOT_EXECUTABLE, "relocated data becomes read-only, guard pages";
    SYS_munmap, "gives memory back";
    SYS_mremap, "large blocks grow";
    SYS_madvise if HARMLESS_ADVICE, "gives memory of ended threads back, asks for huge pages";
    SYS_mlock, "libgcrypt, in builds that link it, complains on stderr without; RLIMIT_MEMLOCK bounds it";
    // Threads of its own.
    SYS_clone if A_THREAD, "threads, no processes, no namespaces";
    SYS_set_robust_list, "every new thread";
    SYS_rseq, "every new thread";
    SYS_set_tid_address, "the first thread";
    SYS_futex, "locks between threads";
    SYS_membarrier if OWN_BARRIER, "musl, before the first thread";
    SYS_sched_getaffinity, "how many processors there are";
    SYS_sched_yield, "waits of codecs";
    SYS_gettid, "names of threads";
    SYS_getpid, "seeds";
    SYS_prctl if NAMES, "names of threads and of memory";
    SYS_exit, "a thread ends";
    SYS_exit_group, "it ends";
    // Signals to itself alone: handlers and masks.
    SYS_rt_sigaction, "ffmpeg handles SIGTERM, SIGXCPU";
    SYS_rt_sigprocmask, "around new threads";
    SYS_rt_sigreturn, "the end of a handler";
    SYS_sigaltstack, "libraries written in Rust";
    SYS_restart_syscall, "made by the kernel when a wait goes on after SIGCONT";
    // Clocks. Most programs read them without a call.
    SYS_clock_gettime, "where the clock needs the kernel";
    SYS_clock_getres, "where the clock needs the kernel";
    SYS_gettimeofday, "where the clock needs the kernel";
    SYS_clock_nanosleep, "waits";
    SYS_nanosleep, "waits of musl and older C libraries";
    // Facts about itself and the machine.
    SYS_getrandom, "seeds of the allocator and of hash tables";
    SYS_prlimit64 if OWN_LIMITS_READ, "size of a thread's stack";
    SYS_getrusage, "ffmpeg tells its own processor time";
    SYS_sysinfo, "qsort asks how much memory there is";
    SYS_uname, "older loaders ask for the kernel's version";
    SYS_getuid, "older loaders ask whether they may trust their environment";
    SYS_geteuid, "as above";
    SYS_getgid, "as above";
    SYS_getegid, "as above";
};

/// Calls that newer architectures never had.
#[cfg(target_arch = "x86_64")]
const OLDER: &[AllowedCall] = calls! {
    SYS_open if READ_ONLY, "musl, and glibc before 2.26";
    SYS_stat, "as newfstatat";
    SYS_lstat, "as newfstatat";
    SYS_readlink, "as readlinkat";
    SYS_dup2, "as dup3";
    SYS_poll, "as ppoll";
    SYS_select, "as pselect6";
    SYS_time, "where the clock needs the kernel";
    SYS_getrlimit, "as prlimit64";
    SYS_arch_prctl if THREAD_POINTER, "storage of the first thread";
};
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[AllowedCall] = &[];

/// For a program that loads libraries. New code comes from files alone, never from what was written.
const LOADING: &[AllowedCall] = calls! {
    SYS_mmap if NO_WRITTEN_CODE, "memory, and libraries";
    SYS_pread64, "the loader reads headers of libraries so";
    SYS_faccessat, "the loader asks for /etc/ld.so.preload";
    SYS_faccessat2, "the same in newer C libraries";
};
#[cfg(target_arch = "x86_64")]
const OLDER_LOADING: &[AllowedCall] = calls! {
    SYS_access, "as faccessat";
};
#[cfg(not(target_arch = "x86_64"))]
const OLDER_LOADING: &[AllowedCall] = &[];

/// For a program that has all its code when it starts: no more comes.
const LOADING_NOTHING: &[AllowedCall] = calls! {
    SYS_mmap if NO_CODE, "memory";
};

/// Whether a program loads code once it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::process::sandbox) enum LoadsCode {
    /// Shared libraries, or what it starts does.
    Libraries,
    /// None: it is static.
    Nothing,
}

/// All that such a program may make.
pub(super) fn of(loads: LoadsCode) -> impl Iterator<Item = &'static AllowedCall> {
    let (own, older): (_, &[_]) = match loads {
        LoadsCode::Libraries => (LOADING, OLDER_LOADING),
        LoadsCode::Nothing => (LOADING_NOTHING, &[]),
    };
    [COMMON, OLDER, own, older].into_iter().flatten()
}

/// `O_ACCMODE | O_CREAT | O_TRUNC | O_ASYNC | __O_TMPFILE`; the same on both architectures.
const CHANGING: u32 = 0o3 | 0o100 | 0o1000 | 0o20000 | 0o20_000_000;
const READ_ONLY_AT: &[&[ArgumentCheck]] = &[&[Bits(2, CHANGING, 0)]];
#[cfg(target_arch = "x86_64")]
const READ_ONLY: &[&[ArgumentCheck]] = &[&[Bits(1, CHANGING, 0)]];

/// With `O_ASYNC` and an owner, data in a pipe would be a signal to anybody of the same user.
const FLAGS_OF_DESCRIPTORS: &[&[ArgumentCheck]] = &[
    &[Is(1, libc::F_DUPFD_CLOEXEC.unsigned_abs())],
    &[Is(1, libc::F_GETFD.unsigned_abs())],
    &[Is(1, libc::F_SETFD.unsigned_abs())],
    &[Is(1, libc::F_GETFL.unsigned_abs())],
    &[
        Is(1, libc::F_SETFL.unsigned_abs()),
        Bits(2, libc::O_ASYNC.unsigned_abs(), 0),
    ],
];

/// `TCGETS`, `TCGETS2` and `TIOCGWINSZ`: how glibc, new glibc and musl find out.
const TERMINAL_ASKED: &[&[ArgumentCheck]] =
    &[&[Is(1, 0x5401)], &[Is(1, 0x802c_542a)], &[Is(1, 0x5413)]];

const EXEC: u32 = libc::PROT_EXEC.unsigned_abs();
const WRITE_EXEC: u32 = EXEC | libc::PROT_WRITE.unsigned_abs();
const ANONYMOUS: u32 = libc::MAP_ANONYMOUS.unsigned_abs();
const NO_WRITTEN_CODE: &[&[ArgumentCheck]] = &[
    &[Bits(2, EXEC, 0)],
    &[Bits(2, WRITE_EXEC, EXEC), Bits(3, ANONYMOUS, 0)],
];
const NO_CODE: &[&[ArgumentCheck]] = &[&[Bits(2, EXEC, 0)]];
const NOT_EXECUTABLE: &[&[ArgumentCheck]] = NO_CODE;

/// Nothing that merges pages with those of others or breaks them.
const HARMLESS_ADVICE: &[&[ArgumentCheck]] = &[
    &[Bits(2, !3, 0)],
    &[Is(2, libc::MADV_DONTNEED.unsigned_abs())],
    &[Is(2, libc::MADV_FREE.unsigned_abs())],
    &[Is(2, libc::MADV_HUGEPAGE.unsigned_abs())],
    &[Is(2, libc::MADV_NOHUGEPAGE.unsigned_abs())],
];

/// The flags of glibc's and musl's `pthread_create`; musl's has `CLONE_DETACHED` beside them,
/// which means nothing.
const THREAD: u32 = (libc::CLONE_VM
    | libc::CLONE_FS
    | libc::CLONE_FILES
    | libc::CLONE_SIGHAND
    | libc::CLONE_THREAD
    | libc::CLONE_SYSVSEM
    | libc::CLONE_SETTLS
    | libc::CLONE_PARENT_SETTID
    | libc::CLONE_CHILD_CLEARTID)
    .unsigned_abs();
const A_THREAD: &[&[ArgumentCheck]] = &[&[Bits(0, !libc::CLONE_DETACHED.unsigned_abs(), THREAD)]];

/// Query, and the private kind: those to all processes of the machine cost others time.
const OWN_BARRIER: &[&[ArgumentCheck]] = &[&[Is(0, 0)], &[Is(0, 8)], &[Is(0, 16)]];

/// `PR_SET_VMA` names memory, and does nothing else. Not the signal at the parent's death.
const NAMES: &[&[ArgumentCheck]] = &[
    &[Is(0, libc::PR_SET_NAME.unsigned_abs())],
    &[Is(0, libc::PR_GET_NAME.unsigned_abs())],
    &[Is(0, 0x5356_4d41)],
];

/// Of this process, with no new value.
const OWN_LIMITS_READ: &[&[ArgumentCheck]] = &[&[Is(0, 0), Null(2)]];

/// `ARCH_SET_FS`
#[cfg(target_arch = "x86_64")]
const THREAD_POINTER: &[&[ArgumentCheck]] = &[&[Is(0, 0x1002)]];
