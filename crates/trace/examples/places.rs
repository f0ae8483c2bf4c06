//! A program for the tests to look at: it makes calls at lines that are marked.

use std::io::Write as _;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let listener = listen()?; // called here
    std::thread::scope(|scope| {
        scope.spawn(|| drop(listener.local_addr())); // in a thread
    });
    writeln!(std::io::stdout(), "done") // written here
}

fn listen() -> std::io::Result<TcpListener> {
    TcpListener::bind("127.0.0.1:0") // bound here
}
