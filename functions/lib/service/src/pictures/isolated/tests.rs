//! Frames and what they carry; children themselves are tested with the program, in `tests/jobs`.

use super::ending::Ending;
use super::frame::{Frame, Kind};
use super::protocol::{READ_BYTES, Request, answer, file, file_frame};
use crate::pictures::OutputFile;
use source::{RangeSource, ReadError};
use std::io::{self, ErrorKind};

fn written(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame.write(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8], longest: u64) -> io::Result<Option<Frame>> {
    Frame::read(&mut &*bytes, |_| longest)
}

#[test]
fn a_frame_comes_back_as_it_was_and_a_pipe_that_ends_has_no_more() {
    let frame = Frame::new(Kind::File, vec![7; 100_000]);
    assert_eq!(read(&written(&frame), 1 << 20).unwrap(), Some(frame));
    assert_eq!(read(&[], 9).unwrap(), None);
}

#[test]
fn garbage_and_lies_about_lengths_are_errors_before_any_memory_is_taken() {
    let kind = |bytes: &[u8], longest| read(bytes, longest).unwrap_err().kind();
    assert_eq!(kind(b"hello, world", 1 << 20), ErrorKind::InvalidData);
    let claims_much = [Kind::File as u8, 255, 255, 255, 255];
    assert_eq!(kind(&claims_much, 1 << 20), ErrorKind::InvalidData);
    // What is claimed within bounds costs nothing until it comes.
    assert_eq!(kind(&claims_much, u64::MAX), ErrorKind::UnexpectedEof);
    let cut = written(&Frame::new(Kind::End, vec![1, 2, 3]));
    assert_eq!(kind(&cut[..6], 9), ErrorKind::UnexpectedEof);
    assert_eq!(kind(&cut[..2], 9), ErrorKind::UnexpectedEof);
}

#[derive(Debug)]
struct Failing(fn() -> ReadError);

impl RangeSource for Failing {
    fn bytes(&self) -> u64 {
        9
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        into.fill(u8::try_from(offset).unwrap());
        if offset == 0 { Err(self.0()) } else { Ok(()) }
    }

    fn check(&self) -> Result<(), ReadError> {
        Err(self.0())
    }
}

#[test]
fn reads_and_their_errors_come_through() {
    let errors: [fn() -> ReadError; 5] = [
        || ReadError::Gone,
        || ReadError::NotAFile,
        || ReadError::Denied("permission denied".to_owned()),
        || ReadError::Changed,
        || io::Error::other("later").into(),
    ];
    for error in errors {
        let read = |offset| Request::Read {
            id: 77,
            offset,
            bytes: 3,
        };
        for request in [read(0), Request::Check { id: 77 }] {
            let request = Request::of(&request.frame()).unwrap();
            let (id, said) = answer(request.answer(&Failing(error))).unwrap();
            assert_eq!(id, 77);
            let (said, meant) = (format!("{:?}", said.unwrap_err()), format!("{:?}", error()));
            assert_eq!(said, meant);
        }
        let request = Request::of(&read(5).frame()).unwrap();
        let (_, said) = answer(request.answer(&Failing(error))).unwrap();
        assert_eq!(said.unwrap(), [5, 5, 5]);
    }
}

#[test]
fn a_request_for_more_than_a_part_is_refused() {
    let bytes = u32::try_from(READ_BYTES + 1).unwrap();
    let request = Request::Read {
        id: 0,
        offset: 0,
        bytes,
    };
    assert!(Request::of(&request.frame()).is_err());
    assert!(Request::of(&Frame::new(Kind::Read, vec![0; 15])).is_err());
    assert!(Request::of(&Frame::new(Kind::Check, vec![0; 3])).is_err());
}

#[test]
fn a_file_comes_through_and_one_of_no_known_kind_does_not() {
    let given = || OutputFile {
        key: "videos/v/snapshots/1.jpg".to_owned(),
        content_type: "image/jpeg",
        bytes: vec![1, 2, 3],
        of: 4,
    };
    let taken = file(file_frame(given()).unwrap()).unwrap();
    assert_eq!(format!("{taken:?}"), format!("{:?}", given()));
    let other = OutputFile {
        content_type: "text/html",
        ..given()
    };
    assert!(file(file_frame(other).unwrap()).is_err());
    for body in [vec![], vec![9], vec![255, 255, b'{']] {
        assert!(file(Frame::new(Kind::File, body)).is_err());
    }
}

#[test]
fn a_code_that_no_job_has_comes_through() {
    let fail = |code: &str| {
        let message = "why".to_owned();
        let code = code.to_owned();
        Ending::Fail { code, message }.into_result()
    };
    assert!(fail("LimitExceeded.WallTime").unwrap().is_err());
    for code in ["", "a code", "x\n", "LimitExceeded.Nothing"] {
        assert!(fail(code).is_err(), "{code:?}");
    }
}
