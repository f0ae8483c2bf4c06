//! What a descriptor stands for, in words.

use trace::{Address, Object, Socket};

/// `a TCP socket connected to 127.0.0.1:40001`
pub(super) fn words(object: &Object) -> String {
    match object {
        Object::File { path, .. } => format!("the file {path}"),
        Object::Pipe { path: Some(path), writes, .. } => {
            format!("the {} end of the FIFO {path}", direction(*writes))
        }
        Object::Pipe { writes, .. } => format!("the {} end of a pipe", direction(*writes)),
        Object::Socket(socket) => self::socket(socket),
        Object::Epoll { watches } => format!("an epoll instance that watches {}", watches.len()),
        Object::Event { count } => format!("an eventfd with count {count}"),
        Object::Signals { .. } => "a signalfd".into(),
        Object::Timer => "a timerfd".into(),
        Object::Queue { name, .. } => format!("the message queue {name}"),
        Object::Process { pid: Some(pid) } => format!("a pidfd of process {pid}"),
        Object::Process { pid: None } => "a pidfd of a process that is gone".into(),
        Object::Terminal => "a terminal".into(),
        Object::Other(link) => link.clone(),
    }
}

fn direction(writes: bool) -> &'static str {
    if writes { "writing" } else { "reading" }
}

fn socket(socket: &Socket) -> String {
    let kind = match socket.kind.as_str() {
        "tcp" => "TCP socket",
        "udp" => "UDP socket",
        kind => {
            return local(&format!("a {kind} socket").replace("socket socket", "socket"), socket);
        }
    };
    let text = format!("a {kind}");
    match (socket.state.as_deref(), &socket.peer) {
        (Some("LISTEN"), _) => local(&format!("a listening {kind}"), socket),
        (_, Some(peer)) if *peer != Address::Unnamed => {
            let state = socket.state.as_deref().filter(|state| *state != "ESTAB");
            let state = state.map(|state| format!(" (state {state})")).unwrap_or_default();
            format!("{text} connected to {peer}{state}")
        }
        _ => local(&text, socket),
    }
}

fn local(text: &str, socket: &Socket) -> String {
    match &socket.local {
        Some(address) if *address != Address::Unnamed => format!("{text} at {address}"),
        _ => text.into(),
    }
}
