//! A browser without a window, driven by the DevTools protocol over two pipes: it reads commands from
//! descriptor 3 and tells what it does on descriptor 4, as JSON texts that end in a NUL each.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde_json::{Value, json};
use testkit::{LIMIT, Program, Running, proc, until};

/// Nothing but the browser itself: no updates, no reports, nothing that asks the network by itself. A
/// page that is left is forgotten, so that going back asks for it again.
const OPTIONS: [&str; 11] = [
    "--headless",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=BackForwardCache",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
];

/// A browser that runs.
pub(crate) struct Chromium {
    running: Running,
    commands: PipeWriter,
    told: PipeReader,
    /// What was told, up to where it was read.
    rest: Vec<u8>,
    number: u64,
    /// What has happened while something else was waited for.
    events: VecDeque<Value>,
}

impl Chromium {
    /// Starts it with a folder of its own for all that it keeps.
    pub(crate) fn start(home: &Path) -> Self {
        let (read_commands, commands) = io::pipe().unwrap();
        let (told, tell) = io::pipe().unwrap();
        let script = "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null";
        let profile = format!("--user-data-dir={}", home.join("profile").display());
        let mut program = Program::new("sh").args(["-c", script, "sh", &profile]).args(OPTIONS);
        // Its sandbox cannot be had by root, nor be done without by anybody else.
        if nix::unistd::geteuid().is_root() {
            program = program.args(["--no-sandbox"]);
        }
        for name in ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            program = program.env(name, home);
        }
        // What it says on standard error is about desktops that are not there.
        let program = program.stdin(read_commands).stdout(tell).stderr(Stdio::null());
        let running = program.limit(LIMIT * 5).spawn();
        Self { running, commands, told, rest: Vec::new(), number: 0, events: VecDeque::new() }
    }

    /// Gives a command, to a page or to the browser, and waits for its result.
    pub(crate) fn call(&mut self, page: Option<&str>, method: &str, params: &Value) -> Value {
        self.number += 1;
        let number = self.number;
        let mut command = json!({ "id": number, "method": method, "params": params });
        if let Some(page) = page {
            command["sessionId"] = page.into();
        }
        self.commands.write_all(format!("{command}\0").as_bytes()).unwrap();
        loop {
            let mut told = self.read().unwrap_or_else(|| panic!("no answer to {command}"));
            if told["id"] == number {
                assert!(told["error"].is_null(), "{method}: {told}");
                return told["result"].take();
            }
            self.events.push_back(told);
        }
    }

    /// The next thing that happens; `None` when nothing does.
    pub(crate) fn event(&mut self) -> Option<Value> {
        self.events.pop_front().or_else(|| self.read())
    }

    fn read(&mut self) -> Option<Value> {
        let deadline = Instant::now() + LIMIT / 2;
        loop {
            if let Some(end) = self.rest.iter().position(|&byte| byte == 0) {
                let text: Vec<u8> = self.rest.drain(..=end).collect();
                return Some(serde_json::from_slice(&text[..end]).unwrap());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let mut fds = [PollFd::new(self.told.as_fd(), PollFlags::POLLIN)];
            if poll(&mut fds, PollTimeout::try_from(left).unwrap()).unwrap() == 0 {
                return None;
            }
            let mut bytes = [0; 16 << 10];
            let length = self.told.read(&mut bytes).unwrap();
            assert!(length > 0, "the browser has gone");
            self.rest.extend_from_slice(&bytes[..length]);
        }
    }

    /// Ends it as its menu would. Its many processes end after it.
    pub(crate) fn close(mut self) {
        self.call(None, "Browser.close", &json!({}));
        let group = self.running.pid();
        let goes_on = |pid| proc::stat(pid).is_some_and(|it| it.group == group && it.state != 'Z');
        until("all of it has ended", || (!proc::pids().into_iter().any(goes_on)).then_some(()));
        assert!(self.running.wait().status.success());
    }
}
