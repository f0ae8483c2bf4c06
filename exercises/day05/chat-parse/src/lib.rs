//! Requests of the chat: a datagram in, what it asks for out.

/// The administrator's name. Nobody logs in with it.
pub const ADMINISTRATOR: &str = "管理员";
/// The longest name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// What a datagram asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// `L name`
    Login { name: &'a str },
    /// `C name text`
    Chat { name: &'a str, text: &'a str },
    /// `Q name`
    Quit { name: &'a str },
}

/// Why it asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its bytes are no UTF-8.
    NotUtf8,
    /// Its first field is neither `L` nor `C` nor `Q`.
    NoSuchRequest,
    /// There is no blank behind the letter.
    NoName,
    /// A login with a name that is empty or too long, or has a control character or white space in
    /// it.
    BadName,
    /// A login with the administrator's name.
    Reserved,
}

/// The request that these bytes are.
pub fn parse(datagram: &[u8]) -> Result<Request<'_>, Refused> {
    todo!()
}
