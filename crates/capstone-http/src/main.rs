//! The HTTP server: `capstone-http DIR`.
//!
//! ```text
//!  keeper: signals ── fork ──► the server: one of five models
//! ```
//!
//! What listens is there before the server begins, so that a busy port is one sentence, and whoever
//! reads `listening on ADDR` can be sure of it.

mod args;

use std::fs::{File, OpenOptions};
use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use ::server::{End, Stopper};
use args::{Args, LogTo};
use capstone_http::connection::Service;
use capstone_http::demos::Demos;
use capstone_http::files::Site;
use capstone_http::log::AccessLog;
use capstone_http::server::{self, Model, Options};
use cli::Outcome;
use service::{Keeper, Level, Log, ready};
use sockets::inherited;

fn main() -> ExitCode {
    cli::exit(env!("CARGO_BIN_NAME"), run())
}

fn run() -> Outcome {
    let Some(args) = service::args::read::<Args>(std::env::args_os())? else { return Ok(()) };
    // Before anything else is opened: it would get the number of one that was promised.
    let listeners = handed_over()?;
    let options = args.options()?;
    let site = Site::open(&args.folder, args.site());
    let site = site.map_err(|error| format!("{}: {error}", args.folder.display()))?;
    let log = args.access_log.as_ref().map(open).transpose()?;
    let listeners = if listeners.is_empty() {
        let workers = if args.model == Model::Epoll { args.workers() } else { 1 };
        let listeners = server::listen(args.address()?, workers);
        listeners.map_err(|error| ready::refused(&args.listen, &error))?
    } else {
        share(listeners, &args)?
    };
    let address = listeners[0].local_addr()?;

    let mut keeper = Keeper::new("capstone-http", args.level(), args.grace)?;
    let mut parts = Some((listeners, site, log));
    keeper.start("http", |stopper| match parts.take() {
        Some((listeners, site, log)) => serve(listeners, site, log, &args, &options, stopper),
        None => Ok(()),
    })?;
    // The child has its own: nobody keeps a port whose server has gone.
    drop(parts);
    ready::listening(address)?;
    keeper.keep()
}

/// In the server's own process.
fn serve(
    listeners: Vec<TcpListener>,
    site: Site,
    log: Option<File>,
    args: &Args,
    options: &Options,
    stopper: &Stopper,
) -> Outcome {
    let mut service = Service::new(site)?;
    args.apply(&mut service);
    let told = Arc::new(Log::new(args.level()));
    // Where a process is forked for each client there must be no thread.
    let begin = |log| match args.model {
        Model::Fork => Ok(AccessLog::direct(log)),
        _ => AccessLog::behind(log, tell_of_log(&told)),
    };
    service.log = log.map(begin).transpose()?;
    if let Some(prefix) = args.data.clone() {
        service.handler = Some((prefix.into_bytes(), Box::new(Demos::of_the_course())));
    }
    let tell = Arc::new(move |peer: &std::net::SocketAddr, end: &End| match end {
        End::Done => {}
        End::Failed(error) => {
            let event = format_args!("event=broken from={peer} why={:?}", error.to_string());
            told.say_of_peer(Level::Debug, Instant::now(), event);
        }
        End::Panicked => told.say(Level::Warn, format_args!("event=panic from={peer}")),
        End::Dropped => told.say(Level::Info, format_args!("event=dropped from={peer}")),
    });
    let options = Options { tell, ..options.clone() };
    server::serve(listeners, service, &options, stopper)?;
    Ok(())
}

/// A full disk costs lines of the access log, and is told once until it is over.
fn tell_of_log(told: &Arc<Log>) -> impl Fn(Result<u64, &io::Error>) + Send + use<> {
    let told = Arc::clone(told);
    move |written| match written {
        Err(error) => {
            let why = error.to_string();
            told.say(Level::Warn, format_args!("event=access_log_fails why={why:?}"));
        }
        Ok(lost) => told.say(Level::Warn, format_args!("event=access_log_again lost={lost}")),
    }
}

/// The sockets of systemd.socket(5).
fn handed_over() -> Outcome<Vec<TcpListener>> {
    inherited::take()?.into_iter().map(|socket| Ok(inherited::tcp(socket)?)).collect()
}

/// One socket for each event loop: those that were handed over, again and again.
fn share(mut listeners: Vec<TcpListener>, args: &Args) -> Outcome<Vec<TcpListener>> {
    if args.model != Model::Epoll && listeners.len() > 1 {
        return Err(format!("the model {} has one listener only", args.model).into());
    }
    if args.model == Model::Epoll {
        for number in 0..args.workers().saturating_sub(listeners.len()) {
            listeners.push(listeners[number].try_clone()?);
        }
    }
    Ok(listeners)
}

/// Opened to append: it may be renamed or cut short meanwhile.
fn open(to: &LogTo) -> Outcome<File> {
    Ok(match to {
        LogTo::StandardError => File::from(std::io::stderr().as_fd().try_clone_to_owned()?),
        LogTo::File(path) => {
            let file = OpenOptions::new().append(true).create(true).open(path);
            file.map_err(|error| format!("{}: {error}", path.display()))?
        }
    })
}
