//! expect: a member who quits
//! expect: somebody leaves whom nobody knows

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::framing::{Decoder, Lines};
use sockets::not_now;

const LONGEST: usize = 2048;
const ADMINISTRATOR: &str = "管理员";

pub fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind(address)
}

pub fn serve(
    socket: UdpSocket,
    terminal: OwnedFd,
    mut dropped: impl FnMut(SocketAddr, &[u8]),
) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    let mut room = Room::default();
    let mut terminal = Some(Terminal { fd: terminal, lines: Lines::with_limit(LONGEST) });
    let mut buffer = vec![0; 65_536];
    loop {
        let mut fds = vec![PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
        fds.extend(terminal.iter().map(|open| PollFd::new(open.fd.as_fd(), PollFlags::POLLIN)));
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let ready: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(false)).collect();
        if ready[0] {
            match socket.recv_from(&mut buffer) {
                Ok((length, from)) => match room.receive(from, &buffer[..length]) {
                    Some(deliveries) => send(&socket, &deliveries),
                    None => dropped(from, &buffer[..length]),
                },
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(open) = &mut terminal
            && ready[1]
        {
            let (lines, ended) = open.read();
            lines.iter().filter_map(|line| room.announce(line)).for_each(|all| send(&socket, &all));
            if ended {
                terminal = None;
            }
        }
    }
}

fn send(socket: &UdpSocket, deliveries: &[Delivery]) {
    for (to, text) in deliveries {
        let _ = socket.send_to(text.as_bytes(), to);
    }
}

struct Terminal {
    fd: OwnedFd,
    lines: Lines,
}

impl Terminal {
    fn read(&mut self) -> (Vec<String>, bool) {
        let mut bytes = [0; 4096];
        let read = nix::unistd::read(&self.fd, &mut bytes);
        self.lines.push(&bytes[..read.unwrap_or(0)]);
        let ended = !matches!(read, Ok(1..) | Err(Errno::EINTR | Errno::EAGAIN));
        let mut lines = Vec::new();
        loop {
            match if ended { self.lines.finish() } else { self.lines.next() } {
                Ok(Some(line)) => lines.push(String::from_utf8_lossy(&line).into_owned()),
                Ok(None) => return (lines, ended),
                Err(_) => {}
            }
        }
    }
}

type Delivery = (SocketAddr, String);

#[derive(Default)]
struct Room(Vec<(String, SocketAddr)>);

impl Room {
    fn receive(&mut self, from: SocketAddr, datagram: &[u8]) -> Option<Vec<Delivery>> {
        let line = std::str::from_utf8(datagram).ok()?;
        let (letter, rest) = line.split_once(' ')?;
        let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
        match letter {
            "L" => Some(self.login(from, name)),
            "C" if self.has(from, name) => self.notice(Some(from), &format!("{name} 说:"), text),
            "Q" => {
                let at =
                    self.0.iter().position(|member| member.0 == name).expect("a member who quits");
                if self.0[at].1 != from {
                    return None;
                }
                self.0.remove(at);
                self.answer(from, "EXIT", &format!("{name}退出了聊天室"))
            }
            _ => None,
        }
    }

    fn login(&mut self, from: SocketAddr, name: &str) -> Vec<Delivery> {
        let is_bad = |c: char| c.is_control() || c.is_whitespace();
        let is_taken = |member: &(String, SocketAddr)| member.0 == name || member.1 == from;
        if self.has(from, name) {
            vec![(from, "OK".into())]
        } else if name == ADMINISTRATOR || self.0.iter().any(is_taken) {
            vec![(from, "该用户已存在".into())]
        } else if name.is_empty() || name.len() > 64 || name.chars().any(is_bad) {
            vec![(from, "该用户名不可用".into())]
        } else {
            let deliveries = self.answer(from, "OK", &format!("欢迎 {name} 进入聊天室"));
            self.0.push((name.into(), from));
            deliveries.unwrap_or_default()
        }
    }

    fn announce(&self, line: &str) -> Option<Vec<Delivery>> {
        self.notice(None, &format!("{ADMINISTRATOR} 说:"), line)
    }

    fn has(&self, address: SocketAddr, name: &str) -> bool {
        self.0.iter().any(|member| member.1 == address && member.0 == name)
    }

    fn answer(&self, to: SocketAddr, answer: &str, notice: &str) -> Option<Vec<Delivery>> {
        let others = self.notice(Some(to), notice, "")?;
        Some([(to, answer.into())].into_iter().chain(others).collect())
    }

    fn notice(&self, but: Option<SocketAddr>, start: &str, text: &str) -> Option<Vec<Delivery>> {
        let notice = format!("\n{start}{}", harmless(text));
        let others = self.0.iter().filter(|member| Some(member.1) != but);
        (notice.len() <= LONGEST).then(|| others.map(|member| (member.1, notice.clone())).collect())
    }
}

fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}
