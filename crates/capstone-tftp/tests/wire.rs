//! The frames of the course's protocol: what is said is understood, and nothing else.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use capstone_tftp::wire::{Answer, Code, LONGEST, Malformed, Request};

const VERSION: [u8; 40] = [7; 40];

fn requests() -> Vec<Request<'static>> {
    let mut all = vec![
        Request::List,
        Request::Quit,
        Request::Done { checksum: None },
        Request::Done { checksum: Some(0xdead_beef) },
    ];
    for name in [&b""[..], b"a", b"\0\xff\n", &[b'x'; 4000]] {
        all.push(Request::State { name });
        for checksum in [false, true] {
            for number in [0, 1, u64::MAX] {
                all.push(Request::Get { checksum, offset: number, version: VERSION, name });
                all.push(Request::Put { checksum, size: number, name });
            }
        }
    }
    all
}

fn answers() -> Vec<Answer<'static>> {
    let mut all = vec![
        Answer::List { count: u32::MAX },
        Answer::Get { size: u64::MAX, version: VERSION },
        Answer::Go,
        Answer::Done { checksum: None },
        Answer::Done { checksum: Some(1) },
        Answer::Bye,
    ];
    for bytes in [&b""[..], b"a", b"\0\xff\n", &[b'x'; 4000]] {
        all.push(Answer::File { size: 1 << 40, modified: 1, name: bytes });
        all.extend((0..=255).map(|code| Answer::No { code: Code::from(code), text: bytes }));
    }
    all
}

/// The length, and the rest.
fn unframed(bytes: &[u8]) -> &[u8] {
    let (length, frame) = bytes.split_first_chunk().unwrap();
    assert_eq!(u32::from_be_bytes(*length) as usize, frame.len());
    assert!((1..=LONGEST).contains(&frame.len()), "{}", frame.len());
    frame
}

#[test]
fn what_is_said_is_understood() {
    for request in requests() {
        assert_eq!(Request::parse(unframed(&request.to_bytes())), Ok(request));
    }
    for answer in answers() {
        assert_eq!(Answer::parse(unframed(&answer.to_bytes())), Ok(answer));
    }
}

/// Too little is never something else, but for names and texts, which may have any length, and
/// for a checksum, which may be missing.
#[test]
fn what_is_cut_is_no_frame() {
    for request in requests() {
        let bytes = request.to_bytes();
        let frame = unframed(&bytes);
        let free = match request {
            Request::State { .. } | Request::Done { checksum: Some(_) } => 1,
            Request::Get { .. } => 50,
            Request::Put { .. } => 10,
            _ => frame.len(),
        };
        for cut in 0..free.min(frame.len()) {
            let expected = if cut == 0 { Malformed::Empty } else { Malformed::Fields(frame[0]) };
            assert_eq!(Request::parse(&frame[..cut]), Err(expected), "{request:?} {cut}");
        }
    }
}

#[test]
fn what_is_too_much_is_no_frame() {
    for frame in [&b"Lx"[..], b"Qx", b"D1234x", b"D12345678"] {
        assert_eq!(Request::parse(frame), Err(Malformed::Fields(frame[0])));
    }
    for frame in [&b"L1234x"[..], b"Px", b"Qx", b"D1234x", b"E"] {
        assert_eq!(Answer::parse(frame), Err(Malformed::Fields(frame[0])));
    }
}

#[test]
fn letters_and_flags_that_nobody_knows() {
    for letter in 0..=255 {
        let known = b"LSGPDQ".contains(&letter);
        assert_eq!(Request::parse(&[letter]) == Err(Malformed::Letter(letter)), !known);
        let known = b"LFGPDEQ".contains(&letter);
        assert_eq!(Answer::parse(&[letter]) == Err(Malformed::Letter(letter)), !known);
    }
    for flags in 2..=255 {
        let frame = [b'P', flags, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(Request::parse(&frame), Err(Malformed::Flags(flags)));
    }
}

/// Whatever comes: it is a frame that says the same when it is said again, or none.
#[test]
fn any_bytes_at_all() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..100_000 {
        let length = random.usize(0..70);
        let mut frame: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        if let Some(first) = frame.first_mut() {
            *first = *random.choice(b"LSFGPDEQ").unwrap();
        }
        if let (Some(flags), true) = (frame.get_mut(1), random.bool()) {
            *flags &= 1;
        }
        if let Ok(request) = Request::parse(&frame) {
            assert_eq!(&request.to_bytes()[4..], frame);
        }
        if let Ok(answer) = Answer::parse(&frame) {
            assert_eq!(&answer.to_bytes()[4..], frame);
        }
    }
}
