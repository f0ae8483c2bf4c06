//! What holds for any bytes that somebody sends for requests.

use capstone_http::message::{Limits, Parsed, Refusal, Status, parse, uri};

use crate::ours::{self, End};
use crate::strict;

/// Panics when something does not hold. The first byte decides how the rest is cut into reads.
pub(crate) fn play(bytes: &[u8]) {
    let [step, stream @ ..] = bytes else { return };
    let (all, end) = ours::read(stream, &[]);
    let is_limit = |refusal: Refusal| {
        matches!(refusal.status, Status::UriTooLong | Status::FieldsTooLarge)
            || refusal.why.contains("too long")
    };
    // Of limits the strict reading knows nothing: it may see more than we do then.
    let mut others = strict::read(stream);
    if matches!(end, End::Refused(refusal) if is_limit(refusal)) {
        others.truncate(all.len());
    }
    assert_eq!(all, others);
    let cuts: Vec<usize> = (1..stream.len()).step_by(usize::from(*step).max(1)).collect();
    let (cut, cut_end) = ours::read(stream, &cuts);
    assert_eq!(cut, all);
    // A mistake may be noticed later, but not behind the end of its line.
    let (_, late_end) = ours::read(&[stream, b"\r\n"].concat(), &cuts);
    assert!(cut_end == end || (cut_end == End::More && late_end == end), "{cut_end:?} {end:?}");

    let limits = Limits::default();
    let Ok(Parsed::Done { head, length }) = parse(stream, &limits) else { return };
    // What is behind a head does not change it, and no part of it is a head.
    assert_eq!(parse(&stream[..length], &limits), Ok(Parsed::Done { head: head.clone(), length }));
    assert_eq!(parse(&stream[..length - 1], &limits), Ok(Parsed::Partial));
    let _ = (head.keep_alive(), head.expects_continue());
    let mut room = Vec::new();
    let Some(Ok(path)) = head.target.path().map(|path| uri::clean(path, &mut room)) else { return };
    // No name leaves the folder, and what is encoded again means the same.
    let mut names = path.name.split(|&byte| byte == b'/');
    let odd = |name: &[u8]| matches!(name, b"" | b"." | b"..") || name.contains(&0);
    assert!(path.name.is_empty() || !names.any(odd));
    let (mut again, mut second) = (Vec::new(), Vec::new());
    uri::encode_path(path.name, &mut again);
    assert_eq!(uri::clean(&again, &mut second).map(|path| path.name), Ok(path.name));
    assert!(!again.starts_with(b"//"));
}
