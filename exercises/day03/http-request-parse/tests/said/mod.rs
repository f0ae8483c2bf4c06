//! What parse() said, and what it should have said, for people.

use std::fmt;
use std::panic::{catch_unwind, resume_unwind};

use http_request_parse::{Refused, Request, parse};
use testkit::step;

#[track_caller]
pub fn good(came: &[u8]) -> (Request, usize) {
    accepted(came, "It has all that the README asks for")
}

/// `why` says what somebody might have overlooked.
#[track_caller]
pub fn accepted(came: &[u8], why: &str) -> (Request, usize) {
    match ask(came) {
        Ok(Some(found)) => found,
        Ok(None) => panic!("{:?} is a whole request, and parse() waits for more", bytes(came)),
        Err(refused) => panic!(
            "{:?} is a good request, and parse() refused it: {refused:?}. {why}",
            bytes(came)
        ),
    }
}

/// `why` says what is wrong with it, for people.
#[track_caller]
pub fn refused(came: &[u8], reason: Refused, why: &str) {
    let result = ask(came);
    assert!(
        matches!(result, Err(said) if said == reason),
        "{:?}: {why}\n  parse() said:      {}\n  should have said:  {reason:?} ({})",
        bytes(came),
        outcome(&result),
        reason as u16
    );
}

pub fn ask(came: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    catch_unwind(|| parse(came)).unwrap_or_else(|panic| {
        // Where nothing is written yet, this is no news.
        if panic.downcast_ref() != Some(&"not yet implemented") {
            step!("then came {:?}, and no bytes may make parse() panic", bytes(came));
        }
        resume_unwind(panic)
    })
}

pub fn outcome(result: &Result<Option<(Request, usize)>, Refused>) -> String {
    match result {
        Ok(Some((request, used))) => format!("{}, {used} bytes", shown(request)),
        Ok(None) => "None: more has to come".into(),
        Err(refused) => format!("{refused:?} ({})", *refused as u16),
    }
}

pub fn shown(request: &Request) -> String {
    let Request { method, target, version, body, .. } = request;
    let (fields, body) = (fields(request), bytes(body));
    format!("a request, {method:?} {target:?} {version:?}, fields {fields:?}, body {body:?}")
}

pub fn fields(request: &Request) -> Vec<(String, Bytes)> {
    request.fields.iter().map(|(name, value)| (name.clone(), bytes(value))).collect()
}

pub fn fields_of(fields: &[(&str, &[u8])]) -> Vec<(String, Bytes)> {
    fields.iter().map(|(name, value)| ((*name).into(), bytes(value))).collect()
}

/// Bytes, for people: the beginning and the end of them when there are many.
#[derive(Clone, PartialEq)]
pub struct Bytes(Vec<u8>);

pub fn bytes(bytes: &[u8]) -> Bytes {
    Bytes(bytes.into())
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.as_slice();
        if all.len() <= 160 {
            return write!(f, "\"{}\"", all.escape_ascii());
        }
        let (head, tail) = (&all[..60], &all[all.len() - 40..]);
        let (head, tail) = (head.escape_ascii(), tail.escape_ascii());
        write!(f, "\"{head} … {tail}\" ({} bytes)", all.len())
    }
}
