//! What the responses are written to, and a screen that reads them as RFC 9112 says.

use std::io::{self, ErrorKind, Write};
use std::panic::{catch_unwind, resume_unwind};

use http_response_write::{Response, write};
use testkit::exercise::http::{Answer, Shown};
use testkit::step;

/// Notes what was written, and how.
pub struct Connection {
    pub bytes: Vec<u8>,
    pub writes: usize,
    /// So many bytes are taken at once.
    most: usize,
    /// Every second call is interrupted by a signal.
    interrupts: bool,
    /// Nobody reads any more when so many have come.
    breaks: usize,
}

impl Connection {
    pub fn new() -> Self {
        Self { bytes: vec![], writes: 0, most: usize::MAX, interrupts: false, breaks: usize::MAX }
    }

    pub fn that_takes(most: usize) -> Self {
        Self { most, interrupts: true, ..Self::new() }
    }

    pub fn that_breaks_after(breaks: usize) -> Self {
        Self { breaks, ..Self::new() }
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        if self.interrupts && self.writes % 2 == 1 {
            return Err(io::Error::from_raw_os_error(libc::EINTR));
        }
        let room = self.breaks.saturating_sub(self.bytes.len());
        if room == 0 {
            return Err(io::Error::from_raw_os_error(libc::EPIPE));
        }
        let taken = bytes.len().min(self.most).min(room);
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn response(status: u16, fields: &[(&str, &str)], body: impl AsRef<[u8]>) -> Response {
    let fields = fields.iter().map(|&(name, value)| (name.into(), value.into())).collect();
    Response { status, fields, body: body.as_ref().into() }
}

/// All that goes out for it.
#[track_caller]
pub fn written(response: &Response, method: &str) -> Vec<u8> {
    let mut connection = Connection::new();
    if let Err(error) = attempt(response, method, &mut connection) {
        panic!("{} to {method} was not written: {error:?}", shown_response(response));
    }
    connection.bytes
}

pub fn attempt(response: &Response, method: &str, to: &mut Connection) -> io::Result<()> {
    catch_unwind(std::panic::AssertUnwindSafe(|| write(response, method, to))).unwrap_or_else(
        |panic| {
            // Where nothing is written yet, this is no news.
            if panic.downcast_ref() != Some(&"not yet implemented") {
                step!("then came {}, and it made write() panic", shown_response(response));
            }
            resume_unwind(panic)
        },
    )
}

/// `why` says what a client would make of it.
#[track_caller]
pub fn refused(response: &Response, why: &str) {
    let mut connection = Connection::new();
    let result = attempt(response, "GET", &mut connection);
    let what = shown_response(response);
    assert!(
        matches!(&result, Err(error) if error.kind() == ErrorKind::InvalidInput),
        "{what} was not refused: {result:?}, and on the connection is {:?}. {why}",
        shown(&connection.bytes)
    );
    assert!(
        connection.bytes.is_empty(),
        "{what} was refused, and {:?} had been written by then. Nobody can take back what is on \
         the connection: look at everything before the first byte goes out",
        shown(&connection.bytes)
    );
}

fn shown_response(response: &Response) -> String {
    let Response { status, fields, body } = response;
    format!("a response {status} with fields {fields:?} and {} bytes of body", body.len())
}

/// What a screen makes of a stream of bytes that has asked with this method: one response of it,
/// and how many bytes that is; or why it cannot.
pub fn read(bytes: &[u8], method: &str) -> Result<(Answer, usize), String> {
    Answer::parse(bytes, method)?.ok_or("it is not whole".into())
}

pub fn shown(bytes: &[u8]) -> Shown<'_> {
    Shown(bytes)
}
