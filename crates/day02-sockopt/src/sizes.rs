//! setsockopt(2) and what the kernel makes of it: a wish, not an order.

use std::net::{TcpListener, TcpStream, UdpSocket};

use cli::Outcome;
use nix::sys::socket::{getsockopt, setsockopt, sockopt};

use crate::say;

pub(crate) fn run() -> Outcome {
    say("set and read back")?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    // nix has the shape of the call, (level, name) and a value, but the type RcvBuf stands for
    // level and name and says that the value is a usize. A wrong pair does not compile.
    setsockopt(&socket, sockopt::RcvBuf, &8192)?;
    // Twice as much: half of it is for the kernel's own bookkeeping (socket(7)).
    say(&format!("  SO_RCVBUF 8192 → {}", getsockopt(&socket, sockopt::RcvBuf)?))?;
    setsockopt(&socket, sockopt::RcvBuf, &1)?;
    say(&format!("  SO_RCVBUF 1 → {}, the least there is", getsockopt(&socket, sockopt::RcvBuf)?))?;
    // Above the limit of the system, net.core.rmem_max, it is cut, and the call succeeds all the
    // same: read it back.
    setsockopt(&socket, sockopt::RcvBuf, &(1 << 30))?;
    let most = getsockopt(&socket, sockopt::RcvBuf)?;
    say(&format!("  SO_RCVBUF {} → {most}, twice the most there is", 1 << 30))?;
    inherited()
}

/// What an accepted socket has from its listener: the options, but not O_NONBLOCK.
fn inherited() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    setsockopt(&listener, sockopt::KeepAlive, &true)?;
    let _client = TcpStream::connect(listener.local_addr()?)?;
    let (accepted, _) = listener.accept()?;
    let alive = getsockopt(&accepted, sockopt::KeepAlive)?;
    say(&format!("  SO_KEEPALIVE on a listener → on the accepted socket: {alive}"))
}
