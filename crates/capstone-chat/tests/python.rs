//! This server and the course's client: the program itself where somebody has it, and a transcript
//! of what it says and hears in any case.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;
#[path = "common/seed.rs"]
mod seed;

use std::collections::HashMap;
use std::path::Path;

use common::{Peer, Server};
use nix::sys::signal::Signal;
use testkit::leaks::Holdings;
use testkit::{Program, Running, need, proc, skip, until};

#[test]
fn the_transcript_of_a_session() {
    for model in ["poll", "fork"] {
        let mut server = Server::with(&["--model", model]);
        let mut peers: HashMap<&str, Peer> = HashMap::new();
        let lines = include_str!("transcript.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let [name, direction, text] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                panic!("{line:?}")
            };
            let text = text.replace("\\n", "\n").replace("\\s", " ");
            let peer = || Peer::of(server.address);
            match (name, direction) {
                ("ADMIN", _) => server.running.type_in(text + "\n"),
                (_, ">") => peers.entry(name).or_insert_with(peer).sends(text),
                (_, "<") => peers[name].hears(text),
                _ => panic!("{line:?}"),
            }
        }
        peers.values().for_each(Peer::has_heard_all);
    }
}

fn client(source: &str, server: &Server, folder: &Path) -> Running {
    std::fs::write(folder.join("client.py"), source).unwrap();
    let address = [server.address.ip().to_string(), server.address.port().to_string()];
    let program = Program::new(need::program("python3").unwrap());
    // Unbuffered, or nobody would see anything before its end.
    let program = program.args(["-u", "client.py"]).args(address).in_dir(folder);
    program.env("PYTHONIOENCODING", "utf-8").stdin_pipe().spawn()
}

#[test]
fn the_courses_client_feels_at_home() {
    let Some(source) = seed::source(seed::CLIENT) else { skip!("the course's notes are not here") };
    if need::program("python3").is_none() {
        skip!("python3 is not here");
    }
    for model in ["poll", "fork"] {
        let mut server = Server::with(&["--model", model]);
        let [ann] = Peer::all(server.address, ["ann"]);
        let folder = tempfile::tempdir().unwrap();
        let mut client = client(&source, &server, folder.path());
        for refused in ["ann\n", "管理员\n"] {
            client.type_in(refused);
            client.line("该用户已存在");
        }
        client.type_in("\n");
        client.line("该用户名不可用");
        client.type_in("张三\n");
        client.line("您已进入聊天室");
        ann.hears("\n欢迎 张三 进入聊天室");

        client.type_in("你好  大家\n");
        ann.hears("\n张三 说:你好  大家");
        ann.says("欢迎");
        assert_eq!(client.line("ann"), "ann 说:欢迎");
        // As long as it may be: it receives 2,048 bytes, and would die of half a character.
        let long = "中".repeat(679);
        ann.says(&long);
        assert_eq!(client.line("ann"), format!("ann 说:{long}"));
        server.running.type_in("下课了\n");
        assert_eq!(client.line("管理员"), "管理员 说:下课了");
        ann.hears("\n管理员 说:下课了");
        let bob = Peer::login(server.address, "bob");
        assert_eq!(client.line("欢迎 "), "欢迎 bob 进入聊天室");
        bob.sends("Q bob");
        assert_eq!(client.line("bob"), "bob退出了聊天室");

        // Its process that hears may end before the one that speaks has: here it has to wait.
        let children = Holdings::of(client.pid()).children;
        let (&speaker, _) = children.first_key_value().unwrap();
        client.signal(Signal::SIGSTOP);
        client.type_in(" quit \n");
        until("the one that speaks has ended", || proc::stat(speaker).filter(|s| s.state == 'Z'));
        client.signal(Signal::SIGCONT);
        ann.hears("\n欢迎 bob 进入聊天室");
        ann.hears("\nbob退出了聊天室");
        ann.hears("\n张三退出了聊天室");
        let finished = client.wait();
        assert!(finished.status.success(), "{finished:#?}");
        server.end().are(&[("members", 1), ("lost", 0)]);
    }
}
