//! get and put by the real TFTP, and both servers over one store.

use std::fs;
use std::net::{SocketAddr, UdpSocket};

use nix::sys::signal::Signal;
use tempfile::TempDir;
use testkit::Running;

use crate::common::{Here, address_of, big, names, tftp};

struct Both {
    folder: TempDir,
    running: Running,
    tcp: SocketAddr,
    udp: SocketAddr,
}

impl Both {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let serve = ["serve", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"];
        let mut running = tftp(&serve).args([folder.path()]).spawn();
        let tcp = address_of(&running.line("listening on tcp "));
        let udp = address_of(&running.line("listening on udp "));
        Self { folder, running, tcp, udp }
    }

    #[track_caller]
    fn end(self) -> String {
        self.running.signal(Signal::SIGTERM);
        let finished = self.running.wait();
        assert!(finished.status.success(), "{finished:#?}");
        finished.stderr
    }
}

#[test]
fn what_comes_by_one_protocol_goes_by_the_other() {
    let (server, here) = (Both::start(), Here::new());
    let (tcp, udp) = (server.tcp.to_string(), server.udp.to_string());
    fs::write(here.path("big"), big()).unwrap();
    here.run(&["put", "--udp", &udp, "big", "by-udp"]).succeeded();
    here.run(&["put", &tcp, "big", "by-tcp"]).succeeded();
    here.run(&["get", &tcp, "by-udp"]).succeeded();
    for (options, local) in [
        (&[][..], "usual"),
        (&["--plain"], "plain"),
        (&["--no-tsize"], "no-tsize"),
        (&["--blksize", "65464", "--windowsize", "2", "--timeout", "3"], "large"),
    ] {
        let args = [&["get", "--udp"][..], options, &[&udp, "by-tcp", local]].concat();
        here.run(&args).succeeded();
        assert!(fs::read(here.path(local)).unwrap() == big(), "{local}");
    }
    assert!(fs::read(here.path("by-udp")).unwrap() == big());
    let log = server.end();
    assert_eq!(log.matches("event=read bytes=8388608").count(), 4, "{log}");
    assert!(log.contains("event=write bytes=8388608") && log.contains("name=\"by-udp\""), "{log}");
}

#[test]
fn text_has_the_ends_of_lines_that_it_has_here() {
    let (server, here) = (Both::start(), Here::new());
    let udp = server.udp.to_string();
    fs::write(here.path("a"), "one\ntwo\n").unwrap();
    here.run(&["put", "--udp", "--netascii", &udp, "a"]).succeeded();
    assert_eq!(fs::read(server.folder.path().join("a")).unwrap(), b"one\ntwo\n");
    let shown = here.run(&["get", "--udp", "--netascii", &udp, "a", "-"]);
    shown.succeeded();
    assert_eq!(shown.stdout, "one\ntwo\n");
}

#[test]
fn what_goes_wrong_names_the_file_and_leaves_nothing() {
    let (server, here) = (Both::start(), Here::new());
    let udp = server.udp.to_string();
    fs::write(server.folder.path().join("a"), "theirs").unwrap();
    fs::write(here.path("a"), "mine").unwrap();
    here.run(&["get", "--udp", &udp, "nothing"]).failed(1, "'nothing': there is no such file");
    here.run(&["get", "--udp", &udp, "a"]).failed(1, "only --overwrite replaces");
    here.run(&["put", "--udp", &udp, "a"]).failed(1, "'a': a file of this name exists");
    here.run(&["put", "--udp", &udp, "b"]).failed(1, "'b': No such file");
    assert_eq!(here.names(), ["a"]);
    assert_eq!(names(server.folder.path()), ["a"]);
    here.run(&["get", "--udp", "--overwrite", &udp, "a"]).succeeded();
    assert_eq!(fs::read(here.path("a")).unwrap(), b"theirs");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let here = Here::new();
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap().to_string();
    let get = ["get", "--udp", "--patience", "0.1", &at, "a"];
    here.run(&get).failed(1, "'a': the peer does not answer");
    assert!(here.names().is_empty());
}

#[test]
fn ctrl_c_leaves_nothing() {
    let here = Here::new();
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap().to_string();
    let client = here.program(&["get", "--udp", "--patience", "3600", &at, "a"]).spawn();
    // It has asked, so it is under way.
    silent.recv_from(&mut [0; 600]).unwrap();
    assert_eq!(here.names().len(), 1, "the part that is coming");
    client.signal(Signal::SIGINT);
    client.wait().failed(130, "interrupted: 'a'");
    assert!(here.names().is_empty(), "{:?}", here.names());
}
