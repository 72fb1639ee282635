//! Calls that the kernel asks us about: seccomp's user notifications, since Linux 5.0, with
//! descriptors in answers since 5.9.
//!
//! The filter that asks is set between fork and exec, and what it is answered over comes to be
//! with it: a descriptor, which the child sends to us through a socket.
#![allow(unsafe_code)]

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};
use seccompiler::sock_filter;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::FileExt;

/// Paths are no longer, their end included.
const MOST_PATH_BYTES: usize = libc::PATH_MAX.unsigned_abs() as usize;

/// The two ends of the way that the descriptor takes: ours and the child's.
pub(super) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let flags = SocketFlags::CLOEXEC;
    Ok(rustix::net::socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        flags,
        None,
    )?)
}

/// Between fork and exec: sets the filter and sends what it is answered over.
pub(super) fn install(filter: &[sock_filter], socket: BorrowedFd<'_>) -> io::Result<()> {
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).map_err(|_| io::Error::from_raw_os_error(libc::E2BIG))?,
        filter: filter.as_ptr().cast_mut().cast(),
    };
    // SAFETY: the kernel reads the program, which is as long as it says, and writes nothing.
    let listener = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    };
    let listener = match i32::try_from(listener) {
        // SAFETY: the kernel has just made it for this process, and nobody else knows of it.
        Ok(listener) if listener >= 0 => unsafe { OwnedFd::from_raw_fd(listener) },
        _ => return Err(io::Error::last_os_error()),
    };
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    let sent = [listener.as_fd()];
    message.push(SendAncillaryMessage::ScmRights(&sent));
    let one = [IoSlice::new(&[0])];
    rustix::net::sendmsg(socket, &one, &mut message, SendFlags::empty())?;
    Ok(())
}

/// Where the kernel asks.
#[derive(Debug)]
pub(super) struct SeccompListener(OwnedFd);

/// What it asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeccompRequest {
    id: u64,
    thread: u32,
    pub(super) number: i64,
    pub(super) arguments: [u64; 6],
}

impl SeccompListener {
    /// What a child that has been started sent. Children that could not become their program
    /// sent theirs before it.
    pub(super) fn receive(socket: &OwnedFd) -> io::Result<Self> {
        let mut last = None;
        while let Some(listener) = received(socket)? {
            last = Some(Self(listener));
        }
        last.ok_or_else(|| io::Error::other("the decoder sent no listener"))
    }

    /// Waits for the next. None when nobody is left who could ask.
    pub(super) fn next(&self) -> io::Result<Option<SeccompRequest>> {
        loop {
            let mut ready = [PollFd::new(&self.0, PollFlags::IN)];
            match poll(&mut ready, None) {
                Err(rustix::io::Errno::INTR) => continue,
                other => other?,
            };
            if !ready[0].revents().contains(PollFlags::IN) {
                return Ok(None);
            }
            match self.receive_one() {
                // The thread that asked is gone.
                Err(error) if error.raw_os_error() == Some(libc::ENOENT) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map(Some),
            }
        }
    }

    fn receive_one(&self) -> io::Result<SeccompRequest> {
        let mut asked = MaybeUninit::<libc::seccomp_notif>::zeroed();
        // SAFETY: the kernel wants zeros there and writes one such record.
        succeeded(unsafe {
            libc::ioctl(
                self.0.as_raw_fd(),
                libc::SECCOMP_IOCTL_NOTIF_RECV,
                asked.as_mut_ptr(),
            )
        })?;
        // SAFETY: all fields are integers, zeros at first.
        let asked = unsafe { asked.assume_init() };
        Ok(SeccompRequest {
            id: asked.id,
            thread: asked.pid,
            number: asked.data.nr.into(),
            arguments: asked.data.args,
        })
    }

    /// Whether whoever asked still waits for the answer: only then was it its memory that was
    /// read, and not that of another with the same number.
    fn still_waits(&self, question: &SeccompRequest) -> io::Result<()> {
        // SAFETY: the kernel reads a number.
        succeeded(unsafe {
            libc::ioctl(
                self.0.as_raw_fd(),
                libc::SECCOMP_IOCTL_NOTIF_ID_VALID,
                &raw const question.id,
            )
        })
    }

    /// The text at `address` in the memory of whoever asks.
    pub(super) fn text(&self, question: &SeccompRequest, address: u64) -> io::Result<Vec<u8>> {
        let memory = File::open(format!("/proc/{}/mem", question.thread))?;
        self.still_waits(question)?;
        let mut text = Vec::new();
        while text.len() < MOST_PATH_BYTES {
            // Not past the end of a page, where there may be nothing.
            let at = address.wrapping_add(text.len() as u64);
            let mut block = [0; 4096];
            let here = 4096 - usize::try_from(at % 4096).unwrap_or(0);
            let read = memory.read_at(&mut block[..here], at)?;
            let end = block[..read].iter().position(|&byte| byte == 0);
            text.extend_from_slice(&block[..end.unwrap_or(read)]);
            if end.is_some() {
                return Ok(text);
            }
            if read == 0 {
                break;
            }
        }
        Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG))
    }

    /// Answers with an error.
    pub(super) fn refuse(&self, question: &SeccompRequest, error: i32) -> io::Result<()> {
        self.send(question, 0, -error)
    }

    /// Answers with a copy of `file`, as if it had been opened there.
    pub(super) fn give(&self, question: &SeccompRequest, file: &File) -> io::Result<()> {
        let mut given = libc::seccomp_notif_addfd {
            id: question.id,
            flags: libc::SECCOMP_ADDFD_FLAG_SEND as u32,
            srcfd: file.as_raw_fd().unsigned_abs(),
            newfd: 0,
            newfd_flags: libc::O_CLOEXEC.unsigned_abs(),
        };
        match self.add(&given) {
            // Before Linux 5.14 it takes two steps.
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
                given.flags = 0;
                let there = self.add(&given)?;
                self.send(question, there.into(), 0)
            }
            other => other.map(|_| ()),
        }
    }

    fn add(&self, given: &libc::seccomp_notif_addfd) -> io::Result<i32> {
        // SAFETY: the kernel reads one such record.
        let there = unsafe {
            libc::ioctl(
                self.0.as_raw_fd(),
                libc::SECCOMP_IOCTL_NOTIF_ADDFD,
                std::ptr::from_ref(given),
            )
        };
        succeeded(there.min(0)).map(|()| there)
    }

    fn send(&self, question: &SeccompRequest, value: i64, error: i32) -> io::Result<()> {
        let mut answer = libc::seccomp_notif_resp {
            id: question.id,
            val: value,
            error,
            flags: 0,
        };
        // SAFETY: the kernel reads one such record.
        succeeded(unsafe {
            libc::ioctl(
                self.0.as_raw_fd(),
                libc::SECCOMP_IOCTL_NOTIF_SEND,
                &raw mut answer,
            )
        })
    }
}

/// The descriptor in the next message; none where there is no message.
fn received(socket: &OwnedFd) -> io::Result<Option<OwnedFd>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let mut one = [IoSliceMut::new(&mut byte)];
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    match rustix::net::recvmsg(socket, &mut one, &mut message, flags) {
        Err(rustix::io::Errno::AGAIN) => return Ok(None),
        other => other?,
    };
    for message in message.drain() {
        if let RecvAncillaryMessage::ScmRights(mut descriptors) = message {
            return Ok(descriptors.next());
        }
    }
    Ok(None)
}

fn succeeded(result: libc::c_int) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
