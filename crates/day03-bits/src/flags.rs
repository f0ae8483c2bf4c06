//! Many yes-or-no answers in one number: poll(2)'s events, as a type that only takes its own bits.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

const IN: PollFlags = PollFlags::POLLIN;
const OUT: PollFlags = PollFlags::POLLOUT;
const ALL: PollFlags = PollFlags::all();

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "one flag at a time, in 16 bits")?;
    let mut events = PollFlags::empty();
    row("nothing", events)?;
    // flags | mask sets, and touches no other bit.
    events |= IN;
    row("set POLLIN       |=", events)?;
    events |= OUT;
    row("set POLLOUT      |=", events)?;
    // flags & !mask clears. `flags - mask` would borrow from other bits if it was not set.
    events &= !OUT;
    row("clear POLLOUT    &= !", events)?;
    // flags ^ mask turns it over, whatever it was.
    events ^= OUT;
    row("toggle POLLOUT   ^=", events)?;
    events ^= OUT;
    row("toggle again     ^=", events)?;
    // What an event loop does: one bit follows a condition.
    events.set(OUT, true);
    row("set(POLLOUT, true)", events)?;

    // An answer of the kernel: a byte has come, and the peer has gone.
    let (ours, mut theirs) = UnixStream::pair()?;
    theirs.write_all(b"x")?;
    drop(theirs);
    let mut fds = [PollFd::new(ours.as_fd(), IN)];
    poll(&mut fds, PollTimeout::from(1000_u16))?;
    let answer = fds[0].revents().unwrap_or(PollFlags::empty());
    writeln!(out, "testing what poll has answered")?;
    row("the answer", answer)?;
    let both = IN | OUT;
    // Three questions that are easily taken for each other; the first one is the classic mistake.
    writeln!(out, "  answer == POLLIN                     {}", answer == IN)?;
    writeln!(out, "  answer & POLLIN != 0                 {}", answer.intersects(IN))?;
    writeln!(out, "  any of POLLIN|POLLOUT (intersects)   {}", answer.intersects(both))?;
    writeln!(out, "  all of POLLIN|POLLOUT (contains)     {}", answer.contains(both))?;

    // Not every field has one bit. The access mode is a number of two bits: 0, 1 or 2. It is cut
    // out with its mask and compared; asked like a flag, O_RDONLY is "in" every set, being 0.
    writeln!(out, "a field of two bits, O_ACCMODE = {:02b}", OFlag::O_ACCMODE.bits())?;
    for (name, mode) in
        [("O_RDONLY", OFlag::O_RDONLY), ("O_WRONLY", OFlag::O_WRONLY), ("O_RDWR", OFlag::O_RDWR)]
    {
        let flags = mode | OFlag::O_APPEND;
        let cut = flags & OFlag::O_ACCMODE;
        let readable = cut == OFlag::O_RDONLY || cut == OFlag::O_RDWR;
        let asked = flags.contains(OFlag::O_RDONLY);
        let bits = cut.bits();
        writeln!(
            out,
            "  {name:<9} & mask = {bits:02b}  readable: {readable:<5}  contains(O_RDONLY): {asked}"
        )?;
    }
    // A number from outside may have bits that the type does not know.
    let foreign = 0x4001;
    writeln!(out, "a foreign number, {foreign:#06x}")?;
    writeln!(out, "  from_bits           {:?}", PollFlags::from_bits(foreign).map(names))?;
    writeln!(out, "  from_bits_truncate  {}", names(PollFlags::from_bits_truncate(foreign)))?;
    Ok(())
}

fn row(what: &str, flags: PollFlags) -> io::Result<()> {
    // poll's own events are single bits: none of them is a combination of others.
    let count = (flags & ALL).bits().count_ones();
    let bits = flags.bits();
    writeln!(io::stdout(), "  {what:<22} {bits:016b}  {count} set: {}", names(flags))
}

fn names(flags: PollFlags) -> String {
    let names: Vec<&str> = flags.iter_names().map(|(name, _)| name).collect();
    if names.is_empty() { "none".into() } else { names.join(" | ") }
}
