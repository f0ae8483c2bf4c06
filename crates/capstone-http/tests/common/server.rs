//! The program, serving a folder with one file.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::fs;
use std::net::SocketAddr;

use nix::sys::signal::Signal;
use tempfile::TempDir;
use testkit::{Program, Running, until};

pub(crate) const HTTP: &str = env!("CARGO_BIN_EXE_capstone-http");

pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) running: Running,
    pub(crate) at: SocketAddr,
}

impl Server {
    pub(crate) fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "hello").unwrap();
        Self::start(Program::new(HTTP), folder, "127.0.0.1:0", options)
    }

    /// The program as it is about to be started, and where it shall listen.
    pub(crate) fn start(program: Program, folder: TempDir, at: &str, options: &[&str]) -> Self {
        let program = program.args([folder.path()]).args(["--listen", at]).args(options);
        let mut running = program.spawn();
        let at = running.addr();
        Self { folder, running, at }
    }

    /// The process that serves; the one that was started is its keeper.
    pub(crate) fn pid(&self) -> u32 {
        until("it says the number of its child", || {
            let said = self.running.stderr();
            let pid = said.split_whitespace().find_map(|word| word.strip_prefix("pid="));
            pid.and_then(|pid| pid.parse().ok())
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// Ends it in peace. What it has served is left.
    pub(crate) fn ends(self) -> TempDir {
        self.running.signal(Signal::SIGTERM);
        self.waits()
    }

    /// It was told to end.
    pub(crate) fn waits(self) -> TempDir {
        let finished = self.running.wait();
        assert!(finished.status.success(), "{finished:#?}");
        self.folder
    }
}
