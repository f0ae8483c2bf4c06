//! One answer, byte by byte, before anything is measured.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use cli::Outcome;

use crate::files::{Files, Name};
use crate::wire::{Keep, Wrong, content_length, head, request};

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn small(server: SocketAddr, files: &Files) -> Outcome {
    content(server, Name::Small, files)
}

pub(crate) fn large(server: SocketAddr, files: &Files) -> Outcome {
    content(server, Name::Large, files)
}

fn content(server: SocketAddr, name: Name, files: &Files) -> Outcome {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&request(name, Keep::Close))?;
    let (mut all, content) = (Vec::new(), files.content(name));
    stream.read_to_end(&mut all)?;
    let end = head(&all).ok_or(Wrong::End)?;
    if all.get(9..12) != Some(b"200") {
        return Err(Wrong::Status.into());
    }
    if content_length(&all[..end]) != Some(content.len() as u64) {
        return Err(Wrong::Length.into());
    }
    if &all[end..] == content { Ok(()) } else { Err("an answer with other bytes".into()) }
}
