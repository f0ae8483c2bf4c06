//! expect: does not sleep in poll(2)
//! expect: sleeps now in futex

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    let (sender, receiver) = channel::<Vec<u8>>();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), sender) = (stream, sender.clone()) else { continue };
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(n @ 1..) = stream.read(&mut bytes) {
                    let _ = sender.send(bytes[..n].to_vec());
                    let _ = stream.write_all(&bytes[..n]);
                }
            });
        }
    });
    for bytes in receiver {
        record(&bytes);
    }
    Ok(())
}
