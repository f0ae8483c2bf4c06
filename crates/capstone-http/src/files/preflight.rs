//! What is answered to other methods than GET and HEAD.

use crate::files::Answer;
use crate::files::options::Rules;
use crate::message::{Fields, Head, Method, Status};

/// All that a folder of files understands.
const ALLOWED: &[u8] = b"GET, HEAD, OPTIONS";

/// What a script may send along: conditions, ranges, and what its content is.
const FIELDS: &[u8] = b"Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, \
    If-Unmodified-Since, Range";

/// Other methods are refused, by what they are.
pub(super) fn other(head: &Head<'_>, rules: &Rules, out: &mut Answer) {
    match head.method {
        Method::Options => options(&head.fields, ALLOWED, rules, out),
        Method::Other(_) => {
            out.begin(Status::NotImplemented).lines(&rules.sharing).pause();
            out.explain(false);
        }
        _ => {
            let writer = out.begin(Status::MethodNotAllowed).lines(&rules.sharing);
            writer.field("Allow", ALLOWED).pause();
            out.explain(false);
        }
    }
}

/// OPTIONS says what there is, and to a browser that asks for another site's script what that may do
/// (the Fetch standard's CORS preflight).
pub(super) fn options(fields: &Fields<'_>, allowed: &[u8], rules: &Rules, out: &mut Answer) {
    let mut writer = out.begin(Status::NoContent).field("Allow", allowed);
    writer = writer.lines(&rules.sharing);
    if !rules.sharing.is_empty() && fields.get("access-control-request-method").is_some() {
        writer = writer.field("Access-Control-Allow-Methods", allowed);
        writer = writer.field("Access-Control-Allow-Headers", FIELDS);
        writer = writer.field("Access-Control-Max-Age", b"86400");
    }
    writer.pause();
}
