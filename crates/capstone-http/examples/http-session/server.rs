//! The server, in a process of its own. What listens is there before the process is, so that nobody
//! can ask too early; and this process keeps no copy of it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use ::server::Stopper;
use capstone_http::connection::{Service, Times};
use capstone_http::files::Site;
use capstone_http::server::{self, Model, Options};
use cli::Outcome;
use process::{Deadline, Process, Started};

/// Nobody is dropped because somebody looks at each step for a while.
const PATIENCE: Duration = Duration::from_secs(250);

/// The other process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stopper: Stopper,
    process: Started,
}

/// Starts this model, for two clients at once.
pub(crate) fn start(model: Model, site: Site) -> Outcome<Server> {
    let listeners = server::listen((Ipv4Addr::LOCALHOST, 0).into(), 1)?;
    let address = listeners.first().ok_or("no socket")?.local_addr()?;
    let stopper = Stopper::new()?;
    let theirs = stopper.clone();
    let serve = move || match serve(listeners, site, model, &theirs) {
        Ok(()) => 0,
        failed => {
            let _ = cli::exit("http", failed);
            1
        }
    };
    // A daemon: where the story breaks off, it ends as well.
    let process = Process::new(serve).name("http").daemon(true).start()?;
    Ok(Server { address, stopper, process })
}

fn serve(all: Vec<TcpListener>, site: Site, model: Model, stopper: &Stopper) -> Outcome {
    let mut service = Service::new(site)?;
    service.times = Times { header: PATIENCE, body: PATIENCE, idle: PATIENCE, write: PATIENCE };
    let options = Options { connections: 2, ..Options::of(model) };
    server::serve(all, service, &options, stopper)?;
    Ok(())
}

impl Server {
    /// It is asked to end, and has nothing left to do.
    pub(crate) fn end(&mut self) -> Outcome {
        self.stopper.stop()?;
        let exit = self.process.join(Deadline::Never)?.ok_or("it has no end")?;
        if exit.success() { Ok(()) } else { Err(format!("it has ended badly: {exit}").into()) }
    }
}
