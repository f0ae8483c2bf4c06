//! One echo on the executor of your choice: the handler is the same, the type is another.

use std::io::{self, Write as _};

use cli::{Outcome, Usage};
use server::{
    Executor, Fork, Iterative, Multiplexed, Next, Pool, Reply, Server, Session, Sessions, Tcp,
    Thread,
};
use sockets::addr;

/// `server ADDR [EXECUTOR]`
pub(crate) fn server(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let bind = || Tcp::bind(address);
    match args.get(1).map_or("iterative", String::as_str) {
        "iterative" => serve(bind()?, Iterative),
        "fork" => serve(bind()?, Fork),
        "thread" => serve(bind()?, Thread),
        "pool" => serve(bind()?, Pool::default()),
        "epoll" => serve(bind()?, Multiplexed),
        other => Err(Usage(format!(
            "no executor is called '{other}': take iterative, fork, thread, pool or epoll"
        ))
        .into()),
    }
}

/// A state machine runs on all of them.
struct Echo;

impl Session for Echo {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> io::Result<Next> {
        reply.push(bytes);
        Ok(Next::Read)
    }
}

fn serve<E: Executor<Tcp, Sessions<fn() -> Echo>>>(transport: Tcp, executor: E) -> Outcome {
    writeln!(io::stdout(), "listening on {}", transport.address()?)?;
    Server::new(transport, executor, Sessions((|| Echo) as fn() -> Echo))?.serve()?;
    Ok(())
}
