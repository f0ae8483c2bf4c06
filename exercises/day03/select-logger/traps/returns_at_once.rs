//! expect: has returned from it

use std::fs::File;
use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;

pub fn serve(listener: TcpListener, terminal: OwnedFd, log: File) -> io::Result<()> {
    Ok(())
}
