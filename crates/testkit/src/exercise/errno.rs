//! What an errno means: its name, what has happened, where to read on.

use nix::errno::Errno;

/// Those that the course meets. The rest has the C library's words.
const MEANINGS: &[(Errno, &str)] = &[
    (
        Errno::EACCES,
        "the permissions of the file, or of a folder on the way to it, do not allow this; see path_resolution(7)",
    ),
    (
        Errno::EADDRINUSE,
        "somebody has this address already: a listener, a connection in TIME-WAIT, or a socket file that nobody removed; see bind(2), ip(7), unix(7)",
    ),
    (Errno::EADDRNOTAVAIL, "no interface of this machine has that address; see bind(2)"),
    (
        Errno::EAGAIN,
        "there is nothing to read, or no room to write, at this moment, and the descriptor does not block (or its timeout is over): wait until it is ready; see recv(2), poll(2)",
    ),
    (
        Errno::EBADF,
        "no descriptor with this number is open, or not for this: it was closed already, perhaps twice; see close(2)",
    ),
    (
        Errno::ECHILD,
        "there is no child to wait for: it was reaped already, or is not a child of this process, or SIGCHLD is ignored; see waitpid(2)",
    ),
    (
        Errno::ECONNABORTED,
        "the connection was gone before accept took it: take the next one; see accept(2)",
    ),
    (Errno::ECONNREFUSED, "nobody listens at that address; see connect(2)"),
    (
        Errno::ECONNRESET,
        "the peer has thrown the connection away (RST), with what it had not read yet: an error, and not an end of stream; see recv(2), tcp(7)",
    ),
    (Errno::EDEADLK, "this lock would wait for itself; see fcntl(2), pthread_mutex_lock(3)"),
    (Errno::EEXIST, "the name is there already; see open(2), O_EXCL"),
    (
        Errno::EINTR,
        "a signal came while the call slept; nothing was done: make the call again; see signal(7)",
    ),
    (Errno::EINVAL, "an argument makes no sense here; see the call's own page, ERRORS"),
    (
        Errno::EMFILE,
        "this process has as many descriptors open as it may: something is not closed; see getrlimit(2), RLIMIT_NOFILE",
    ),
    (
        Errno::EMSGSIZE,
        "the message is longer than the socket or the queue takes; see send(2), mq_receive(3)",
    ),
    (Errno::ENFILE, "the whole system has as many files open as it may; see open(2)"),
    (Errno::ENOENT, "there is no such name; see path_resolution(7)"),
    (Errno::ENOMEM, "there is no memory for it; see malloc(3)"),
    (Errno::ENOSPC, "the disk is full; see write(2)"),
    (Errno::ENOTCONN, "the socket has no peer; see connect(2)"),
    (Errno::ENOTDIR, "a part of the path is not a folder; see path_resolution(7)"),
    (Errno::ENOTSOCK, "the descriptor stands for something else than a socket; see socket(2)"),
    (
        Errno::EPERM,
        "only a more privileged process may do this; where it is a send, a firewall does not let it out, now or at all; see capabilities(7), nft(8)",
    ),
    (
        Errno::EPIPE,
        "nobody can read this any more: the last reader has gone; see write(2), pipe(7)",
    ),
    (Errno::ESRCH, "there is no such process: it has ended and was waited for; see kill(2)"),
    (Errno::ETIMEDOUT, "the time was over; see connect(2), tcp(7)"),
];

/// `ECONNRESET (104): …`
pub(super) fn meaning(errno: Errno) -> String {
    let known = MEANINGS.iter().find(|(known, _)| *known == errno);
    let words = known.map_or(errno.desc(), |(_, words)| words);
    format!("{errno:?} ({}): {words}", errno as i32)
}

/// The meanings of all that a message names, by name or as std's `Os { code: 104, … }`.
pub(super) fn in_text(text: &str) -> Vec<String> {
    let number = text.split("code: ").skip(1).filter_map(|rest| {
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok().map(Errno::from_raw)
    });
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let named = MEANINGS.iter().map(|(errno, _)| *errno);
    let named = named.filter(|errno| words.contains(&format!("{errno:?}").as_str()));
    let mut found: Vec<Errno> = Vec::new();
    for errno in number.chain(named) {
        if errno != Errno::UnknownErrno && !found.contains(&errno) {
            found.push(errno);
        }
    }
    // Who has named it and said what it means needs no help.
    let told = |errno: &Errno| text.contains(&meaning(*errno));
    found.iter().filter(|errno| !told(errno)).map(|errno| meaning(*errno)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errno_is_found_by_name_and_by_number() {
        let std = format!("{:?}", std::io::Error::from_raw_os_error(104));
        assert!(in_text(&std)[0].starts_with("ECONNRESET (104): the peer has thrown"), "{std}");
        assert!(in_text("Err(EPIPE)")[0].starts_with("EPIPE (32): nobody can read"));
        assert_eq!(in_text("exit code: none, EPIPES"), Vec::<String>::new());
        assert!(meaning(Errno::EXDEV).starts_with("EXDEV (18): "));
        assert_eq!(in_text(&meaning(Errno::EPIPE)), Vec::<String>::new());
    }
}
