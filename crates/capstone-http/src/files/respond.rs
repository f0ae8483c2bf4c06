//! From what was found to what is answered. Pure: the file system has spoken before.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::SystemTime;

use crate::files::answer::{Answer, Piece};
use crate::files::conditional::{self, Verdict};
use crate::files::range::{self, Selection};
use crate::files::representation::Representation;
use crate::files::{Resource, Rules};
use crate::message::{Fields, Status};

/// Answers GET, or HEAD (`bodiless`), for a file.
pub(super) fn file(
    resource: &Resource,
    fields: &Fields<'_>,
    bodiless: bool,
    (rules, now): (&Rules, SystemTime),
    out: &mut Answer,
) {
    let form = resource.form(fields);
    match conditional::evaluate(fields, &form.validators()) {
        Verdict::Go => {}
        Verdict::NotModified => {
            return out.begin(Status::NotModified).lines(form.validating()).pause();
        }
        Verdict::Failed => {
            out.begin(Status::PreconditionFailed).lines(&rules.sharing).pause();
            return out.explain(bodiless);
        }
    }
    let selection = match fields.at_most_one("range") {
        // Ranges are GET's alone (RFC 9110, 14.2).
        Ok(Some(value))
            if !bodiless && conditional::range_holds(fields, &form.validators(), now) =>
        {
            range::select(value, form.facts.size)
        }
        _ => Selection::Whole,
    };
    match selection {
        Selection::Whole => whole(form, bodiless, out),
        Selection::One(range) => one(form, range, out),
        Selection::Several(ranges) => several(form, &ranges, &rules.boundary, out),
        Selection::Unsatisfiable => {
            let none = format!("bytes */{}", form.facts.size);
            let writer = out.begin(Status::RangeNotSatisfiable).lines(&rules.sharing);
            writer.field("Content-Range", none.as_bytes()).pause();
            out.explain(bodiless);
        }
    }
}

/// The page for what does not exist.
pub(super) fn not_found(page: &Resource, bodiless: bool, rules: &Rules, out: &mut Answer) {
    let form = page.itself();
    let writer = out.begin(Status::NotFound).lines(&rules.sharing);
    let writer = writer.field("Content-Type", form.kind.as_bytes());
    writer.field("X-Content-Type-Options", b"nosniff").length(form.facts.size).pause();
    push(form, 0..form.facts.size, bodiless, out);
}

fn whole(form: &Representation, bodiless: bool, out: &mut Answer) {
    // The hot path: the head is ready.
    out.ready(Status::Ok, form.head());
    push(form, 0..form.facts.size, bodiless, out);
}

fn push(form: &Representation, range: Range<u64>, bodiless: bool, out: &mut Answer) {
    if !bodiless && !range.is_empty() {
        out.body.push(form.piece(range));
    }
}

fn one(form: &Representation, range: Range<u64>, out: &mut Answer) {
    let writer = out.begin(Status::PartialContent).lines(form.lasting());
    let writer = writer.field("Content-Type", form.kind.as_bytes());
    let writer = writer.field("Content-Range", content_range(&range, form.facts.size).as_bytes());
    writer.length(range.end - range.start).pause();
    push(form, range, false, out);
}

/// multipart/byteranges (RFC 9110, 14.6): each part with a head of its own. The boundary is a random
/// number of this process, which nobody can have put into a file.
fn several(form: &Representation, ranges: &[Range<u64>], boundary: &str, out: &mut Answer) {
    let mut length = 0;
    let mut pieces = Vec::with_capacity(2 * ranges.len() + 1);
    for range in ranges {
        let mut head = String::new();
        let line = if length == 0 { "" } else { "\r\n" };
        let place = content_range(range, form.facts.size);
        let _ = write!(
            head,
            "{line}--{boundary}\r\nContent-Type: {}\r\nContent-Range: {place}\r\n\r\n",
            form.kind
        );
        length += head.len() as u64 + (range.end - range.start);
        pieces.push(Piece::Made(head.into_bytes()));
        pieces.push(form.piece(range.clone()));
    }
    let end = format!("\r\n--{boundary}--\r\n");
    length += end.len() as u64;
    pieces.push(Piece::Made(end.into_bytes()));

    let kind = format!("multipart/byteranges; boundary={boundary}");
    let writer = out.begin(Status::PartialContent).lines(form.lasting());
    writer.field("Content-Type", kind.as_bytes()).length(length).pause();
    out.body = pieces;
}

/// The last byte is part of it, other than in Rust.
fn content_range(range: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", range.start, range.end - 1)
}
