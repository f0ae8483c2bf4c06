//! The kinds of requests, each with the answer that it must get.

use fastrand::Rng;

use crate::files::{Files, Name};

/// What is asked, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Small,
    Large,
    Range,
    NotModified,
    NotFound,
    Head,
    Post,
    /// Some of the others, in one piece.
    Pipelined,
    /// The client closes in the middle of the answer.
    Early,
    /// The same with RST.
    Reset,
}

/// A request, and what must come.
#[derive(Clone, Debug)]
pub(crate) struct Exchange<'f> {
    pub(crate) request: Vec<u8>,
    pub(crate) status: &'static [u8],
    pub(crate) body: Body<'f>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'f> {
    /// These bytes.
    Is(&'f [u8]),
    /// As many as the head says, whichever they are.
    Some,
    /// None, although the head says a length.
    None,
}

/// In the list of the course, so that it is told every time that it is there already.
const CONFLICT: &str =
    "{\"name\": \"day04-poll\", \"day\": 4, \"minutes\": 25, \"title\": \"poll\"}";

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Small,
        Self::Large,
        Self::Range,
        Self::NotModified,
        Self::NotFound,
        Self::Head,
        Self::Post,
        Self::Pipelined,
        Self::Early,
        Self::Reset,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
            Self::Range => "range",
            Self::NotModified => "304",
            Self::NotFound => "404",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Pipelined => "pipelined",
            Self::Early => "left early",
            Self::Reset => "reset",
        }
    }

    /// More of the usual than of the rest.
    pub(crate) fn by_chance(random: &mut Rng) -> Self {
        match random.u8(..100) {
            0..40 => Self::Small,
            40..44 => Self::Large,
            44..54 => Self::Range,
            54..64 => Self::NotModified,
            64..70 => Self::NotFound,
            70..78 => Self::Head,
            78..86 => Self::Post,
            86..96 => Self::Pipelined,
            96..98 => Self::Early,
            _ => Self::Reset,
        }
    }

    pub(crate) fn exchange<'f>(self, random: &mut Rng, files: &'f Files) -> Exchange<'f> {
        let get = |name: Name, more: &str| format!("GET /{} HTTP/1.1\r\n{more}", name.text());
        let large = files.content(Name::Large);
        let whole = "HTTP/1.1\r\n";
        let (request, status, body): (String, &[u8], _) = match self {
            Self::Small => (get(Name::Small, ""), b"200", Body::Is(files.content(Name::Small))),
            Self::NotModified => (get(Name::Small, "If-None-Match: *\r\n"), b"304", Body::None),
            Self::Range => {
                let first = random.usize(..large.len());
                let last = random.usize(first..large.len());
                let range = format!("Range: bytes={first}-{last}\r\n");
                (get(Name::Large, &range), b"206", Body::Is(&large[first..=last]))
            }
            Self::NotFound => (format!("GET /{} {whole}", random.u16(..)), b"404", Body::Some),
            Self::Head => (format!("HEAD /{} {whole}", Name::Large.text()), b"200", Body::None),
            Self::Post => {
                let length = CONFLICT.len();
                let request = format!("POST /api {whole}Content-Length: {length}\r\n");
                (request, b"409", Body::Some)
            }
            Self::Large | Self::Pipelined | Self::Early | Self::Reset => {
                (get(Name::Large, ""), b"200", Body::Is(large))
            }
        };
        let content = if self == Self::Post { CONFLICT } else { "" };
        let request = format!("{request}Host: bench\r\n\r\n{content}").into_bytes();
        Exchange { request, status, body }
    }
}
