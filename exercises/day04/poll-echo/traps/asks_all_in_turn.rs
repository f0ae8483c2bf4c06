//! expect: your server does not come to rest

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<TcpStream> = Vec::new();
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            clients.push(stream);
        }
        clients.retain_mut(|client| {
            let mut bytes = [0; 4096];
            match client.read(&mut bytes) {
                Ok(0) => false,
                Ok(n) => {
                    record(&bytes[..n]);
                    client.write_all(&bytes[..n]).is_ok()
                }
                Err(error) => error.kind() == io::ErrorKind::WouldBlock,
            }
        });
    }
}
