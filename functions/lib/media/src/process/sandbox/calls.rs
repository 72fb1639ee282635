//! The system calls a decoder may not make: seccomp.
//!
//! A list of what is refused, not of what is allowed: decoders of many builds and C libraries
//! must run. Refusals are errors, not deaths, since libraries try things while they load.

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, sock_filter,
};
use std::collections::BTreeMap;
use std::io;

/// Network, other processes, the system.
const REFUSED: &[libc::c_long] = &[
    // Sockets of any kind.
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    // Calls that would be made by the kernel on its behalf.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    // Other processes.
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_tgkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    // Another program, and leaving the group that is killed.
    libc::SYS_execveat,
    libc::SYS_memfd_create,
    libc::SYS_setpgid,
    libc::SYS_setsid,
    libc::SYS_unshare,
    libc::SYS_setns,
    // The tree of files.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_truncate,
    // Shared memory and queues outlive a process.
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    // The system itself.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
];

/// The older names of some of these.
#[cfg(target_arch = "x86_64")]
const OLDER: &[libc::c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_mknod,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_modify_ldt,
    libc::SYS_iopl,
    libc::SYS_ioperm,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[libc::c_long] = &[];

/// Filters that let through the one `execve` whose path lies at `program`: an address of this
/// process, which means nothing in the one that it becomes.
pub(super) fn filters(program: u64) -> io::Result<Vec<BpfProgram>> {
    let plain = REFUSED.iter().chain(OLDER).map(|&call| (call, Vec::new()));
    let mut rules: BTreeMap<_, _> = plain.collect();
    let where_first = |size, operator, value| {
        let condition = SeccompCondition::new(0, size, operator, value)?;
        SeccompRule::new(vec![condition]).map(|rule| vec![rule])
    };
    use SeccompCmpArgLen::{Dword, Qword};
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let listed = (|| {
        let no_thread = where_first(Qword, SeccompCmpOp::MaskedEq(thread), 0)?;
        rules.insert(libc::SYS_clone, no_thread);
        rules.insert(
            libc::SYS_execve,
            where_first(Qword, SeccompCmpOp::Ne, program)?,
        );
        // Limits of other processes.
        rules.insert(
            libc::SYS_prlimit64,
            where_first(Dword, SeccompCmpOp::Ne, 0)?,
        );
        let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()
    })()
    .map_err(|error: seccompiler::BackendError| io::Error::other(error))?;
    Ok(vec![listed, unknown()])
}

/// `clone3` hides its flags in memory; without it the C library uses `clone`. Numbers from 2^30
/// are the same calls once more, for the x32 ABI.
fn unknown() -> BpfProgram {
    const LOAD: u16 = 0x20;
    const IF_EQUAL: u16 = 0x15;
    const IF_AT_LEAST: u16 = 0x35;
    const RETURN: u16 = 0x06;
    const ALLOW: u32 = 0x7fff_0000;
    const ERRNO: u32 = 0x0005_0000;
    const CLONE3: u32 = 435;
    let step = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    vec![
        // The number comes first in the record that a filter sees.
        step(LOAD, 0, 0, 0),
        step(IF_EQUAL, 1, 0, CLONE3),
        step(IF_AT_LEAST, 0, 1, 1 << 30),
        step(RETURN, 0, 0, ERRNO | libc::ENOSYS.unsigned_abs()),
        step(RETURN, 0, 0, ALLOW),
    ]
}
