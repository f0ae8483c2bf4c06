//! What a session is told, and what it wants to be done.

/// What has happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A line was typed; without its newline. Only while [`super::Session::takes_lines`].
    Line(&'a [u8]),
    /// Nobody will type any more. Only while [`super::Session::takes_lines`].
    EndOfInput,
    /// Ctrl-C, or a signal that asks to end.
    Interrupted,
    /// The server has sent this. The socket is connected, so it was nobody else.
    Datagram(&'a [u8]),
    /// Nobody is at the server's port (ICMP, ECONNREFUSED).
    Unreachable,
    /// [`super::Session::deadline`] has passed, perhaps.
    Time,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send this datagram.
    Send(Vec<u8>),
    /// Show a line that came from the room. It is harmless.
    Show(String),
    /// Show a line of the client's own.
    Note(String),
    /// Ask for lines, from now on with this prompt.
    Ask(Prompt),
    /// It is over; an error is a sentence.
    End(Result<(), String>),
}

/// What the course's client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// For a name; once for each line.
    Name,
    /// For what one has to say, until the end.
    Text,
}

impl Prompt {
    /// Its text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Name => "请输入姓名:",
            Self::Text => "发言:",
        }
    }
}
