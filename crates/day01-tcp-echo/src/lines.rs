//! Lines out of what recv happens to bring: the smallest framing that is right.

/// The longest line that is taken, in bytes: what a peer may make us keep has a limit.
pub(crate) const LIMIT: usize = 1024;

/// What has come and is no whole line yet.
#[derive(Default)]
pub(crate) struct Lines(Vec<u8>);

impl Lines {
    /// What one recv has brought: a part of a line, a whole one, or several.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next whole line, without its newline. telnet ends lines with a carriage return and a
    /// newline, so that one goes too.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        let newline = self.0.iter().position(|&byte| byte == b'\n');
        if newline.unwrap_or(self.0.len()) > LIMIT {
            return Err(TooLong);
        }
        let Some(newline) = newline else { return Ok(None) };
        let mut line: Vec<u8> = self.0.drain(..=newline).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }
}

/// The peer sends on and on without a newline.
#[derive(Debug)]
pub(crate) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a line of more than {LIMIT} bytes")
    }
}

impl std::error::Error for TooLong {}

/// recv gives bytes, not text: whether they are UTF-8 has to be asked. Quoted and escaped, so that
/// a peer cannot move the cursor of our terminal.
pub(crate) fn shown(line: &[u8]) -> String {
    match str::from_utf8(line) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("{} bytes that are not UTF-8", line.len()),
    }
}
