//! expect: has returned from it

use std::io;
use std::net::TcpListener;

pub fn serve(listener: TcpListener, record: impl FnMut(&[u8])) -> io::Result<()> {
    Ok(())
}
