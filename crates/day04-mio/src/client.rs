//! A client that listens to the terminal and to the server: a thread reads the one, the loop the
//! other, and a Waker joins them.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::mpsc::{TryRecvError, sync_channel};
use std::thread;

use cli::Outcome;
use mio::{Events, Interest, Poll, Token, Waker};
use sockets::{SendQueue, not_now};

/// Sends what is typed and shows what comes back, until the server has ended its side.
pub(crate) fn talk(stream: std::net::TcpStream) -> Outcome {
    stream.set_nonblocking(true)?;
    let mut stream = mio::net::TcpStream::from_std(stream);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut stream, Token(0), Interest::READABLE | Interest::WRITABLE)?;
    // Shared, so that it outlives the thread: dropping a Waker closes its eventfd, and epoll
    // forgets a closed descriptor together with the wake-up that it has not reported yet.
    let waker = Arc::new(Waker::new(poll.registry(), Token(1))?);
    let remote = Arc::clone(&waker);

    // A short channel: when the server is slow, the thread waits here and stops reading.
    let (typed, pieces) = sync_channel(4);
    thread::spawn(move || -> io::Result<()> {
        let mut bytes = [0; 4096];
        loop {
            let n = io::stdin().read(&mut bytes)?;
            // The loop may have ended by now, and then so does this thread.
            let sent = typed.send(bytes[..n].to_vec());
            remote.wake()?;
            if n == 0 || sent.is_err() {
                return Ok(());
            }
        }
    });

    let mut output = io::stdout();
    let mut owed = SendQueue::with_limit(64 * 1024);
    let (mut typing, mut ended) = (true, false);
    let mut events = Events::with_capacity(4);
    let mut bytes = [0; 4096];
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            done => done?,
        }
        // By edge there is no second call for either side: take all pieces that there is room
        // for, and read until WouldBlock.
        while typing {
            owed.flush(&stream)?;
            if owed.is_full() {
                break;
            }
            match pieces.try_recv() {
                Ok(piece) if piece.is_empty() => typing = false,
                Ok(piece) => owed.push(&piece),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Err("standard input failed".into()),
            }
        }
        owed.flush(&stream)?;
        if !typing && owed.is_empty() && !ended {
            // Our side has ended; the other one may still have something to say.
            stream.shutdown(Shutdown::Write)?;
            ended = true;
        }
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(n) => output.write_all(&bytes[..n])?,
                Err(error) if not_now(&error) => break,
                Err(error) => return Err(error.into()),
            }
            output.flush()?;
        }
    }
}
