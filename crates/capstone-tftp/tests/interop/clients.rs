//! Their clients and our server.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use testkit::{Finished, LIMIT, Program, need, skip};

use crate::common::{Served, noise, text};

/// Empty, around the first block, around some more, and more than 65,536 blocks of 512 bytes.
const LENGTHS: [usize; 7] = [0, 1, 511, 512, 513, 100_000, 34_000_000];

/// One transfer: `get` or `put` of a name into or from a file of the same name in a scratch folder.
pub(crate) struct Turn<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) scratch: &'a Path,
    pub(crate) get: bool,
}

impl Turn<'_> {
    pub(crate) fn host(&self) -> String {
        self.address.ip().to_string()
    }

    pub(crate) fn port(&self) -> String {
        self.address.port().to_string()
    }

    /// Runs it, and fails unless it says that it has succeeded.
    #[track_caller]
    fn run(&self, program: &str, args: &[&str]) -> Finished {
        let program = Program::new(need::program(program).unwrap()).in_dir(self.scratch);
        program.args(args).limit(2 * LIMIT).run()
    }
}

/// A file goes and comes by this program, and is what it was.
pub(crate) fn there_and_back(
    client: impl Fn(&Turn<'_>),
    server: &Served,
    address: SocketAddr,
    bytes: &[u8],
) {
    let scratch = tempfile::tempdir().unwrap();
    let (local, length) = (scratch.path().join("file"), bytes.len());
    fs::write(&local, bytes).unwrap();
    client(&Turn { address, scratch: scratch.path(), get: false });
    assert!(server.read("file") == bytes, "{length} bytes to the server");
    fs::remove_file(&local).unwrap();
    client(&Turn { address, scratch: scratch.path(), get: true });
    assert!(fs::read(&local).unwrap() == bytes, "{length} bytes from the server");
    fs::remove_file(server.path("file")).unwrap();
}

fn both_ways(client: impl Fn(&Turn<'_>), lengths: &[usize], make: fn(usize, u64) -> Vec<u8>) {
    let server = Served::start();
    for &length in lengths {
        there_and_back(&client, &server, server.address, &make(length, length as u64));
    }
}

fn tftp_hpa(mode: &'static str) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let command = if turn.get { "get" } else { "put" };
        let args = ["-m", mode, &turn.host(), &turn.port(), "-c", command, "file"];
        turn.run("tftp", &args).succeeded();
    }
}

#[test]
fn tftp_hpa_octet() {
    if need::program("tftp").is_none() {
        skip!("tftp (Debian's tftp-hpa) is not there");
    }
    both_ways(tftp_hpa("octet"), &LENGTHS, noise);
}

#[test]
fn tftp_hpa_netascii() {
    if need::program("tftp").is_none() {
        skip!("tftp (Debian's tftp-hpa) is not there");
    }
    both_ways(tftp_hpa("netascii"), &LENGTHS[..6], text);
}

pub(crate) fn curl(options: &'static [&'static str], mode: &'static str) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let url = format!("tftp://{}/file{mode}", turn.address);
        let way: &[&str] = if turn.get { &["-o", "file"] } else { &["-T", "file"] };
        let args = [&["-sS"], options, way, &[&url]].concat();
        turn.run("curl", &args).succeeded();
    }
}

#[test]
fn curl_with_and_without_options() {
    if need::program("curl").is_none() {
        skip!("curl is not there");
    }
    both_ways(curl(&[], ""), &LENGTHS[1..], noise);
    both_ways(curl(&["--tftp-no-options"], ""), &LENGTHS[1..6], noise);
    for blksize in ["8", "1428", "65464"] {
        let options: &[&str] = Box::leak(Box::new(["--tftp-blksize", blksize]));
        both_ways(curl(options, ""), &LENGTHS[1..6], noise);
    }
}

fn busybox(options: &'static [&'static str]) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let way = if turn.get { "-g" } else { "-p" };
        let (host, port) = (turn.host(), turn.port());
        let file = ["-l", "file", "-r", "file", &host, &port];
        // It shows a progress bar on standard error.
        let finished = turn.run("busybox", &[&["tftp", way], options, &file[..]].concat());
        assert!(finished.status.success(), "{finished:#?}");
    }
}

#[test]
fn busybox_with_and_without_blksize() {
    if need::program("busybox").is_none() {
        skip!("busybox is not there");
    }
    both_ways(busybox(&[]), &LENGTHS, noise);
    // It takes no block that is shorter than its request.
    for blksize in ["128", "1428", "65464"] {
        let options: &[&str] = Box::leak(Box::new(["-b", blksize]));
        both_ways(busybox(options), &LENGTHS[..6], noise);
    }
}

fn atftp(options: &'static [&'static str]) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let way = if turn.get { "--get" } else { "--put" };
        let (host, port) = (turn.host(), turn.port());
        let options: Vec<&str> = options.iter().flat_map(|one| ["--option", one]).collect();
        let file = ["-l", "file", "-r", "file", &host, &port];
        let finished = turn.run("atftp", &[&options[..], &[way], &file[..]].concat());
        assert!(finished.status.success(), "{finished:#?}");
    }
}

#[test]
fn atftp_with_every_option() {
    if need::program("atftp").is_none() {
        skip!("atftp is not there");
    }
    both_ways(atftp(&[]), &LENGTHS, noise);
    both_ways(atftp(&["blksize 1428"]), &LENGTHS[..6], noise);
    both_ways(atftp(&["blksize 8", "tsize 0", "timeout 2"]), &LENGTHS[..6], noise);
    both_ways(atftp(&["windowsize 8"]), &LENGTHS, noise);
    both_ways(atftp(&["blksize 1428", "windowsize 16", "tsize 0"]), &LENGTHS, noise);
}

#[test]
fn atftp_netascii() {
    if need::program("atftp").is_none() {
        skip!("atftp is not there");
    }
    both_ways(atftp(&["mode netascii"]), &LENGTHS[..6], text);
}

/// The client of the crate tftpd (`cargo install tftpd --features client`).
pub(crate) fn tftpc(options: &'static [&'static str]) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let way = if turn.get { "-d" } else { "-u" };
        let (host, port) = (turn.host(), turn.port());
        let args = [&["-i", &host, "-p", &port, way], options, &["file"]].concat();
        let finished = turn.run("tftpc", &args);
        assert!(finished.status.success(), "{finished:#?}");
    }
}

#[test]
fn tftpc_with_windows() {
    if need::program("tftpc").is_none() {
        skip!("tftpc (of the crate tftpd) is not there");
    }
    both_ways(tftpc(&[]), &LENGTHS, noise);
    both_ways(tftpc(&["-b", "1428", "-w", "16"]), &LENGTHS, noise);
    both_ways(tftpc(&["-b", "65464"]), &LENGTHS[..6], noise);
}
