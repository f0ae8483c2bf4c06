//! What listen(1) means: the length of the queue of finished connections, not the number of
//! clients.

use std::io::{self, Write as _};
use std::mem::size_of;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd as _};
use std::time::Duration;

use cli::Outcome;
use nix::errno::Errno;
use socket2::{Domain, Socket, Type};
use syscall::Deadline;

use crate::{server, with_std};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = server::listen(nowhere, 1)?;
    let address = listener.local_addr()?;
    writeln!(out, "listen(1), and nobody calls accept")?;
    let mut clients = Vec::new();
    for (nth, name) in [(1, "first"), (2, "second"), (3, "third")] {
        let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        // To a full queue the kernel says nothing at all: no refusal, the SYN is dropped, and the
        // client repeats it after 1 s, 2 s, 4 s, … We do not wait that long.
        let result = match client.connect_timeout(&address, Duration::from_millis(300)) {
            Ok(()) => {
                until(&listener, nth)?;
                "succeeds".into()
            }
            Err(error) => format!("gets no answer in 300 ms ({:?})", error.kind()),
        };
        writeln!(out, "  the {name} connect {result}: {}", shown(&listener)?)?;
        clients.push(client);
    }
    // One is taken out, one more fits in.
    let (_taken, _) = listener.accept()?;
    writeln!(out, "  accept takes one out: {}", shown(&listener)?)?;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    client.connect(&address)?;
    until(&listener, 2)?;
    writeln!(out, "  the next connect succeeds: {}", shown(&listener)?)?;

    let listener = with_std::listen(nowhere)?;
    writeln!(out, "std chooses for us: {}", shown(&listener)?)?;
    // A listener that asks for more than net.core.somaxconn gets that and no more, silently.
    let listener = server::listen(nowhere, i32::MAX)?;
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn")?;
    let most = most.trim();
    writeln!(out, "listen({}) with somaxconn {most}: {}", i32::MAX, shown(&listener)?)?;
    Ok(())
}

fn shown(listener: impl AsFd) -> io::Result<String> {
    let (waiting, backlog) = queue(listener)?;
    Ok(format!("{waiting} in the queue, the backlog is {backlog}"))
}

/// connect comes back as soon as it has sent its ACK, the third step of the handshake. Only when
/// that has arrived does the connection stand in the queue.
fn until(listener: &Socket, waiting: u32) -> Outcome {
    let limit = Deadline::after(Duration::from_secs(10));
    while queue(listener)?.0 < waiting {
        if limit.has_passed() {
            return Err("a finished connection never came into the queue".into());
        }
        std::thread::yield_now();
    }
    Ok(())
}

/// For a listener, two fields of TCP_INFO have a meaning of their own: how many connections wait,
/// and the number that listen was given. `ss -lt` shows them as Recv-Q and Send-Q.
fn queue(listener: impl AsFd) -> io::Result<(u32, u32)> {
    let mut info = std::mem::MaybeUninit::<libc::tcp_info>::zeroed();
    let mut length = libc::socklen_t::try_from(size_of::<libc::tcp_info>()).unwrap_or(0);
    // SAFETY: the descriptor is borrowed, hence open; the kernel writes at most `length` bytes to
    // `info`, which is that large.
    let done = unsafe {
        libc::getsockopt(
            listener.as_fd().as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            info.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    Errno::result(done)?;
    // SAFETY: it was zeroed, which is a value of this struct of numbers; an older kernel that
    // writes less leaves the zeros.
    let info = unsafe { info.assume_init() };
    Ok((info.tcpi_unacked, info.tcpi_sacked))
}
