//! The least that a server of hyper can do: 1 KiB from memory, whatever was asked for. Each worker
//! has a thread, a runtime and a listener of its own.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::thread;

use bytes::Bytes;
use capstone_http::server::listen;
use cli::Outcome;
use http_body_util::Full;
use hyper::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

static BODY: [u8; 1024] = [b'x'; 1024];

pub(crate) fn serve(address: SocketAddr, workers: usize) -> Outcome {
    let mut listeners = listen(address, workers)?.into_iter();
    let first = listeners.next().ok_or("no listener")?;
    for listener in listeners {
        thread::Builder::new().spawn(move || run(listener))?;
    }
    Ok(run(first)?)
}

fn run(listener: TcpListener) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answer = service_fn(|_| async {
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(&BODY))))
            });
            tokio::task::spawn_local(async move {
                // A client that has gone is none of anybody's business here.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    })
}
