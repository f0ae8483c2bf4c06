//! One line for each thing that was done for a client, or not. The log's limit is for all of them,
//! or with a process for each client for one.

use std::sync::Arc;
use std::time::Instant;

use service::{Level, Log, harmless};

use crate::server::tcp::{Event, Outcome, What};
use crate::server::udp::{Report, Wanted};
use crate::tftp::packet::Direction;

/// Tells of the sessions of the course's protocol.
pub(super) fn of_tcp(level: Level) -> Arc<dyn Fn(&Event<'_>) + Send + Sync> {
    let log = Log::new(level);
    Arc::new(move |&Event { peer, what, name, outcome }| {
        if !log.tells(Level::Info) {
            return;
        }
        let what = match what {
            What::List => "list",
            What::Get => "get",
            What::Put => "put",
            What::Nonsense => "nonsense",
        };
        let event = match outcome {
            Outcome::Done(bytes) => format!("event={what} bytes={bytes}"),
            Outcome::Refused(code, why) => {
                format!("event=refused what={what} code={} why={why:?}", u8::from(code))
            }
            Outcome::Broken => format!("event=broken what={what}"),
        };
        let name = match what {
            "get" | "put" => format!(" name={:?}", harmless(name)),
            _ => String::new(),
        };
        log.say_of_peer(Level::Info, Instant::now(), format_args!("{event} from={peer}{name}"));
    })
}

/// Tells of transfers by the real TFTP.
pub(super) fn of_udp(level: Level) -> impl Fn(&Report<'_>) + Sync {
    let log = Log::new(level);
    move |Report { peer, wanted, bytes, took, end }| {
        if !log.tells(Level::Info) {
            return;
        }
        let (what, name) = match wanted {
            Some(Wanted { direction: Direction::Read, name }) => ("read", harmless(name)),
            Some(Wanted { direction: Direction::Write, name }) => ("write", harmless(name)),
            None => ("nonsense", "".into()),
        };
        let end = end.to_string();
        log.say_of_peer(
            Level::Info,
            Instant::now(),
            format_args!(
                "event={what} bytes={bytes} ms={} end={end:?} from={peer} name={name:?}",
                took.as_millis()
            ),
        );
    }
}
