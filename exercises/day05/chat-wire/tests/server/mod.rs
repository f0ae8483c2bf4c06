//! The learner's server in a process of its own, and what can be seen of it.

mod member;
mod people;

use std::fs::File;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use chat_wire::{open, serve};
use testkit::equal;
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::leaks::Holdings;
use trace::Object;

use people::List;

pub use member::Member;
pub use people::shown;

/// So long a member waits before it looks whether the server is there at all.
const LOOK: Duration = Duration::from_millis(100);
/// One line for each datagram that was dropped.
const DROPPED: &str = "dropped";

const ANYWHERE: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// poll(2) is a system call of its own on some processors; on others libc makes it out of ppoll.
pub const POLLS: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
];

pub struct Server {
    pub process: Beside,
    pub address: SocketAddr,
    /// The other end of its terminal.
    pub keyboard: UnixStream,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    fn explains(&self, call: &str) -> Option<String> {
        let why = match call {
            "read" | "readv" => {
                ". A read sleeps until the administrator types more (and one that wants a whole \
                 line, until that is complete), and all members wait with it (read(2))"
            }
            "recvfrom" | "recvmsg" => {
                ". It waits for one source, and whatever comes from the other one has to wait with \
                 it"
            }
            "sendto" | "sendmsg" => {
                ". A send without O_NONBLOCK sleeps until the socket's own buffer has room, and all \
                 members wait with it (send(2))"
            }
            "poll" if self.has_unread() => {
                ", and in one of its sockets something lies unread: poll was not asked about it"
            }
            "poll" => ", and nothing lies unread: it has taken all that came",
            _ => return None,
        };
        Some(why.into())
    }
}

impl Server {
    pub fn start() -> Self {
        let socket = open(ANYWHERE).expect("a port of the kernel's choice is free");
        let address = socket.local_addr().unwrap();
        let (terminal, keyboard) = UnixStream::pair().unwrap();
        let mut record = File::create(DROPPED).unwrap();
        let process = beside(move || {
            serve(socket, terminal.into(), |_, datagram| {
                writeln!(record, "{}", shown(datagram)).unwrap();
            })
        });
        Self { process, address, keyboard }
    }

    /// Somebody who is no member.
    pub fn stranger(&self, name: &str) -> Member<'_> {
        let socket = UdpSocket::bind(ANYWHERE).unwrap();
        socket.set_read_timeout(Some(LOOK)).unwrap();
        Member { socket, server: self, name: name.into() }
    }

    /// Somebody who has logged in, which those who were there before have heard.
    pub fn member(&self, name: &str, others: &[&Member]) -> Member<'_> {
        let member = self.stranger(name);
        member.sends(&format!("L {name}"));
        member.hears("OK", "the answer to a login");
        for other in others {
            other.hears(
                &format!("\n欢迎 {name} 进入聊天室"),
                "what a member gets when another one comes",
            );
        }
        member
    }

    pub fn ann_and_bob(&self) -> (Member<'_>, Member<'_>) {
        let ann = self.member("ann", &[]);
        let bob = self.member("bob", &[&ann]);
        (ann, bob)
    }

    /// Somebody who logs in again and again until his answer comes.
    pub fn insists(&self, name: &str) -> Member<'_> {
        let member = self.stranger(name);
        member.insists();
        member
    }

    pub fn types(&self, bytes: &[u8]) {
        if let Err(error) = (&self.keyboard).write_all(bytes) {
            panic!("nobody reads the terminal any more: {error:?}. {}", self.place());
        }
    }

    /// What was given to `dropped`, now or soon.
    pub fn has_dropped(&self, wanted: &[&[u8]], what: &str) {
        let wanted: Vec<String> = wanted.iter().map(|datagram| shown(datagram)).collect();
        let dropped = || -> Vec<String> {
            let text = std::fs::read_to_string(DROPPED).unwrap();
            text.lines().map(Into::into).collect()
        };
        let start = Instant::now();
        while dropped().len() < wanted.len() && start.elapsed() < PATIENCE && self.process.runs() {
            thread::sleep(Duration::from_millis(2));
        }
        equal!(
            List(dropped()),
            List(wanted),
            "what was given to `dropped`, so that whoever runs the server knows what has no \
             effect: {what}"
        );
    }

    pub fn is_one_process(&self) {
        let Holdings { threads, children, .. } = self.process.holdings();
        assert!(
            threads.len() == 1 && children.is_empty(),
            "your server has {} threads and {} children. Two of them, one for the members and one \
             for the terminal, have to share the room, by a lock or by messages. poll(2) is there \
             so that one can wait for both",
            threads.len(),
            children.len()
        );
    }

    /// None of its sockets for datagrams may put it to sleep.
    pub fn does_not_block(&self) {
        let pid = self.process.pid();
        for (fd, one) in trace::descriptors_of(pid.cast_signed()) {
            let Object::Socket(socket) = &one.object else { continue };
            let info =
                std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).unwrap_or_default();
            let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
            let flags = flags.and_then(|flags| i32::from_str_radix(flags.trim(), 8).ok());
            assert!(
                socket.kind != "udp" || flags.is_none_or(|flags| flags & libc::O_NONBLOCK != 0),
                "the members' socket (descriptor {fd}) has no O_NONBLOCK. What poll(2) has \
                 reported may be gone when you come to read it (a datagram with a wrong checksum; \
                 BUGS of select(2)), and there may be no room to send: then your server sleeps in \
                 recvfrom or in sendto, deaf to its terminal and to everybody else"
            );
        }
    }
}
