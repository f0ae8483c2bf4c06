//! A response as a client reads it that keeps its connection: it has to find the end (RFC 9112,
//! 6.3).

use std::fmt;

/// One response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The number.
    pub code: u16,
    /// The text behind it.
    pub text: String,
    /// Names and values, as they came.
    pub fields: Vec<(String, String)>,
    /// As many bytes as Content-Length says; none to HEAD, and with 204 and 304.
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer at the front of `came` to a request with this method, and how many bytes it is;
    /// `None` while more has to come.
    ///
    /// # Errors
    /// A sentence that says what no client understands.
    pub fn parse(came: &[u8], method: &str) -> Result<Option<(Self, usize)>, String> {
        let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&came[..end]).map_err(|_| "its head is no text")?;
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default();
        let no_line = || format!("{line:?} is no status line");
        // The blank behind the code stands there without a text, too.
        let (code, text) = line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(no_line)?;
        let code = code.parse().map_err(|_| no_line())?;
        let field = |line: &str| {
            let (name, value) = line.split_once(':').ok_or(format!("{line:?} is no field"))?;
            Ok((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
        };
        let fields = lines.map(field).collect::<Result<_, String>>()?;
        let mut answer = Self { code, text: text.into(), fields, body: Vec::new() };
        let length = match answer.field("Content-Length") {
            _ if method == "HEAD" || matches!(code, 204 | 304) => 0,
            Some(length) => length.parse().map_err(|_| "its Content-Length is no number")?,
            None => return Err("it has no Content-Length, so nobody knows where it ends".into()),
        };
        let Some(body) = came[end + 4..].get(..length) else { return Ok(None) };
        answer.body = body.into();
        Ok(Some((answer, end + 4 + length)))
    }

    /// The first field of this name, in whatever case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let same = |field: &&(String, String)| field.0.eq_ignore_ascii_case(name);
        self.fields.iter().find(same).map(|field| field.1.as_str())
    }
}

/// Bytes for people's eyes: their beginning and their end, when there are many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0;
        if bytes.len() <= 200 {
            return write!(f, "\"{}\"", bytes.escape_ascii());
        }
        let (head, tail) = (&bytes[..120], &bytes[bytes.len() - 40..]);
        let (head, tail) = (head.escape_ascii(), tail.escape_ascii());
        write!(f, "\"{head} … {tail}\" ({} bytes)", bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let came = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhiHTTP";
        let (answer, used) = Answer::parse(came, "GET").unwrap().unwrap();
        assert_eq!(
            (answer.code, answer.text.as_str(), answer.body.as_slice()),
            (200, "OK", &b"hi"[..])
        );
        assert_eq!((used, answer.field("Content-Length")), (came.len() - 4, Some("2")));
        assert_eq!(Answer::parse(came, "HEAD").unwrap().unwrap().1, used - 2);
        for at in 0..used {
            assert_eq!(Answer::parse(&came[..at], "GET"), Ok(None));
        }
    }

    #[test]
    fn what_nobody_understands_is_said() {
        for came in
            ["HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nx\r\n\r\n"]
        {
            assert!(Answer::parse(came.as_bytes(), "GET").is_err(), "{came}");
        }
        assert!(Answer::parse(b"HTTP/1.1 304 \r\n\r\n", "GET").unwrap().is_some());
    }
}
