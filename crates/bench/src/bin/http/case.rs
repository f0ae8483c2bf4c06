//! What is measured, and what must come out.

use std::fmt;

use crate::files::Name;
use crate::peer::Peer;
use crate::place::Place;
use crate::wire::Keep;

/// One kind of load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Load {
        name: Name,
        keep: Keep,
        connections: usize,
    },
    /// At seven tenths of what the server can do with as many connections.
    Latency {
        connections: usize,
    },
    Idle,
}

/// A number of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Requests in a second.
    Rate,
    /// Requests in a second of the server's processor time.
    PerCpu,
    /// Seconds of it for a million requests.
    Cpu,
    /// Millions of bytes in a second.
    Megabytes,
    /// The same of the server's processor time.
    MegabytesPerCpu,
    /// How much of its time the generator works, in percent.
    Busy,
    /// Microseconds.
    P50,
    P99,
    /// Bytes for each connection.
    Idle,
    Connections,
}

/// What was measured of one server in one repetition.
pub(crate) type Sample = Vec<(Figure, f64)>;

const fn small(keep: Keep, connections: usize) -> Case {
    Case::Load { name: Name::Small, keep, connections }
}

impl Case {
    /// What is measured there.
    pub(crate) fn all(place: Place) -> Vec<Self> {
        let mut all = vec![
            small(Keep::Alive, 1),
            small(Keep::Alive, 64),
            small(Keep::Alive, 1000),
            small(Keep::Close, 64),
            Self::Load { name: Name::Large, keep: Keep::Alive, connections: 4 },
            Self::Load { name: Name::Huge, keep: Keep::Alive, connections: 1 },
            Self::Latency { connections: 64 },
            Self::Idle,
        ];
        if place.together {
            all.retain(|case| matches!(case, Self::Load { connections: 2.., .. }));
        }
        all
    }

    /// Whether that server is asked for it.
    pub(crate) fn is_for(self, peer: Peer) -> bool {
        match self {
            // Who serves one after the other has nobody who waits when nobody stays.
            Self::Load { keep: Keep::Close, .. } => true,
            Self::Load { name, connections, .. } => {
                connections <= peer.at_once() && (name == Name::Small || peer.has_files())
            }
            Self::Latency { connections } => connections <= peer.at_once(),
            Self::Idle => peer.at_once() > 1,
        }
    }

    /// Its columns, and those among them that are compared with nginx.
    pub(crate) fn figures(self) -> &'static [(Figure, bool)] {
        match self {
            Self::Load { name: Name::Small, .. } => &[
                (Figure::Rate, true),
                (Figure::PerCpu, true),
                (Figure::Cpu, false),
                (Figure::Busy, false),
            ],
            Self::Load { .. } => {
                &[(Figure::Megabytes, true), (Figure::MegabytesPerCpu, true), (Figure::Busy, false)]
            }
            Self::Latency { .. } => {
                &[(Figure::Rate, false), (Figure::P50, true), (Figure::P99, true)]
            }
            Self::Idle => &[(Figure::Idle, true), (Figure::Connections, false)],
        }
    }

    /// What must come out for our event loop, with a processor each: a figure, and at least (or at
    /// most) so many times nginx's.
    pub(crate) fn wanted(self) -> &'static [(Figure, Wanted)] {
        use Wanted::{AtLeast, AtMost, Bytes};
        match self {
            Self::Load { keep: Keep::Alive, connections: 64 | 1000, .. } => {
                &[(Figure::Rate, AtLeast(1.0)), (Figure::PerCpu, AtLeast(1.2))]
            }
            Self::Load { keep: Keep::Close, .. } => {
                &[(Figure::Rate, AtLeast(1.0)), (Figure::PerCpu, AtLeast(1.0))]
            }
            Self::Load { name: Name::Large, .. } => &[(Figure::Megabytes, AtLeast(1.0))],
            Self::Load { .. } => &[],
            Self::Latency { .. } => &[(Figure::P99, AtMost(1.0))],
            Self::Idle => &[(Figure::Idle, Bytes(1024.0))],
        }
    }
}

/// A requirement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    /// Whatever nginx does.
    Bytes(f64),
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Load { name: Name::Large, .. } => "10 MiB",
            Self::Load { name: Name::Huge, .. } => "1 GiB",
            Self::Load { keep: Keep::Close, .. } => "close",
            Self::Load { connections: 1, .. } => "keep-alive 1",
            Self::Load { connections: 1000, .. } => "keep-alive 1,000",
            Self::Load { .. } => "keep-alive 64",
            Self::Latency { .. } => "latency",
            Self::Idle => "idle",
        })
    }
}

impl Figure {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Rate => "requests/s",
            Self::PerCpu => "per CPU s",
            Self::Cpu => "CPU s/million",
            Self::Megabytes => "MB/s",
            Self::MegabytesPerCpu => "MB/CPU s",
            Self::Busy => "generator %",
            Self::P50 => "p50 us",
            Self::P99 => "p99 us",
            Self::Idle => "bytes each",
            Self::Connections => "connections",
        }
    }

    /// Digits behind the point.
    pub(crate) fn digits(self) -> usize {
        usize::from(matches!(self, Self::Cpu | Self::P50 | Self::P99))
    }
}
