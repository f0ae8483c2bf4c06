//! What the client asks, and what it gets.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::time::Duration;

use capstone_tftp::client::tcp::{Client, Have};
use capstone_tftp::client::udp::{self, Job, Options};
use capstone_tftp::tftp::Timing;
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::Mode;
use cli::Outcome;

/// Nobody repeats himself because somebody looks at each step for a while.
const PATIENCE: Duration = Duration::from_secs(250);

/// The course's protocol: three requests by one connection.
pub(crate) fn by_tcp(server: SocketAddr) -> Outcome {
    let mut client = Client::connect(&[server], PATIENCE)?;
    for file in client.list()? {
        let name = String::from_utf8_lossy(&file.name).into_owned();
        writeln!(io::stdout(), "TCP  list  {:>5} bytes  {name}", file.size)?;
    }
    let mut content = Vec::new();
    // Without a checksum: so the server need not look at the bytes.
    let go_on = &mut |_| ControlFlow::Continue(());
    let found = client.get(b"hello.txt", Have::default(), false, &mut content, go_on)?;
    let text = String::from_utf8_lossy(&content);
    writeln!(io::stdout(), "TCP  get   {:>5} bytes  hello.txt: {}", found.size, text.trim_end())?;
    Ok(client.quit()?)
}

/// The real TFTP: a file is a transfer, and a transfer has a port of its own.
pub(crate) fn by_udp(server: SocketAddr) -> Outcome {
    let ask = Ask { blksize: Some(512), windowsize: Some(4), timeout: Some(250), tsize: Some(0) };
    let timing = Timing { first: PATIENCE, most: PATIENCE, ..Timing::default() };
    let options = Options { mode: Mode::Octet, ask, timing };
    let mut whole = None;
    let progress = &mut |come: udp::Progress| whole = come.whole;
    let (name, mut content) = (&b"table.txt"[..], Vec::new());
    let job = Job { server, name, options: &options, stop: None, progress };
    let bytes = udp::get(job, &mut content)?;
    let whole = whole.ok_or("the server has not told the size")?;
    Ok(writeln!(io::stdout(), "UDP  read  {bytes:>5} bytes  table.txt, of {whole} announced")?)
}
