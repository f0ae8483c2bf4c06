//! Status codes: what an answer begins with (RFC 9110, 15).

use std::fmt;

/// One table makes the type, the phrases and the whole first lines, so that no line is put together
/// while a client waits.
macro_rules! statuses {
    ($($code:literal $name:ident $phrase:literal)*) => {
        /// The status of an answer: those that this server gives.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "the phrase says it")]
        pub enum Status { $(#[doc = $phrase] $name = $code,)* }

        impl Status {
            /// All of them, for tables and metrics.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What people read behind the number: `Not Found`. Programs ignore it.
            pub const fn phrase(self) -> &'static str {
                match self { $(Self::$name => $phrase,)* }
            }

            /// `HTTP/1.1 404 Not Found\r\n`: an answer says the version that the server speaks, not
            /// that of the request (RFC 9110, 6.2).
            pub(super) const fn line(self) -> &'static [u8] {
                match self {
                    $(Self::$name => concat!("HTTP/1.1 ", $code, " ", $phrase, "\r\n").as_bytes(),)*
                }
            }
        }
    };
}

statuses! {
    100 Continue "Continue"
    200 Ok "OK"
    201 Created "Created"
    204 NoContent "No Content"
    206 PartialContent "Partial Content"
    301 MovedPermanently "Moved Permanently"
    303 SeeOther "See Other"
    304 NotModified "Not Modified"
    307 TemporaryRedirect "Temporary Redirect"
    308 PermanentRedirect "Permanent Redirect"
    400 BadRequest "Bad Request"
    403 Forbidden "Forbidden"
    404 NotFound "Not Found"
    405 MethodNotAllowed "Method Not Allowed"
    406 NotAcceptable "Not Acceptable"
    408 RequestTimeout "Request Timeout"
    409 Conflict "Conflict"
    411 LengthRequired "Length Required"
    412 PreconditionFailed "Precondition Failed"
    413 ContentTooLarge "Content Too Large"
    414 UriTooLong "URI Too Long"
    415 UnsupportedMediaType "Unsupported Media Type"
    416 RangeNotSatisfiable "Range Not Satisfiable"
    417 ExpectationFailed "Expectation Failed"
    422 UnprocessableContent "Unprocessable Content"
    429 TooManyRequests "Too Many Requests"
    431 FieldsTooLarge "Request Header Fields Too Large"
    500 InternalServerError "Internal Server Error"
    501 NotImplemented "Not Implemented"
    503 ServiceUnavailable "Service Unavailable"
    505 VersionNotSupported "HTTP Version Not Supported"
    507 InsufficientStorage "Insufficient Storage"
}

impl Status {
    /// The number of three digits.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Whether an answer may carry content at all: 1xx, 204 and 304 end with their head, whatever
    /// their fields say (RFC 9112, 6.3).
    pub const fn has_content(self) -> bool {
        self.code() >= 200 && !matches!(self, Self::NoContent | Self::NotModified)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.phrase())
    }
}
