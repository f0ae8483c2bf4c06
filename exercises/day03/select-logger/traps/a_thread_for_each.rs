//! expect: does not sleep in select(2)

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::thread;

pub fn serve(listener: TcpListener, terminal: OwnedFd, log: File) -> io::Result<()> {
    let copy = |mut log: File, from: OwnedFd| {
        move || {
            for line in BufReader::new(File::from(from)).split(b'\n').map_while(Result::ok) {
                let _ = log.write_all(&[&line[..], b"\n"].concat());
            }
        }
    };
    thread::spawn(copy(log.try_clone()?, terminal));
    for stream in listener.incoming() {
        thread::spawn(copy(log.try_clone()?, stream?.into()));
    }
    Ok(())
}
