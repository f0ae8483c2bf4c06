//! A session at several terminals, docs/transcripts/NAME.session:
//!
//! ```text
//! server$ cargo run -p day04-poll -- server 127.0.0.1:8888
//! client$ printf 'hello\n' | nc -N 127.0.0.1 8888
//! server> it has ended its side
//! ```
//!
//! A command with a role `server` or `serve`, or with `--listen`, keeps running; the others run to
//! their end one after the other, by sh(1), in one folder that is empty at first. `server>` waits for
//! a line that contains this. 8888 stands for a port that the kernel chooses. At the end the servers
//! are ended.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, PipeReader};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::{Book, run};

const PORT: &str = "8888";
const LIMIT: Duration = Duration::from_secs(20);

/// One step of it.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Command(&'a str, &'a str),
    Wait(&'a str, &'a str),
}

fn steps(text: &str) -> Result<Vec<Step<'_>>, String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let read = |line| {
        let at = str::find(line, ['$', '>']).ok_or(format!("no terminal in: {line}"))?;
        let (terminal, rest) = (&line[..at], line[at + 1..].trim());
        Ok(match line.as_bytes()[at] {
            b'$' => Step::Command(terminal, rest),
            _ => Step::Wait(terminal, rest),
        })
    };
    lines.map(read).collect()
}

/// A program that keeps running.
struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        run::end(&mut self.child);
    }
}

/// Runs it and gives what each terminal shows.
pub(crate) fn play(book: &Book, script: &str) -> Result<String, String> {
    let folder = run::scratch()?;
    let mut port = None::<String>;
    let mut servers = BTreeMap::<&str, Server>::new();
    let mut screens = Vec::<(&str, String)>::new();
    for step in steps(script)? {
        match step {
            Step::Command(terminal, line) => {
                let (_, screen) = screen(&mut screens, terminal);
                // Writing to a String cannot fail.
                let _ = writeln!(screen, "{terminal}$ {line}");
                let mut command = shell(book, line, port.as_deref())?;
                if [" -- server ", " -- serve ", " --listen "].iter().any(|it| line.contains(it)) {
                    let (child, reader) = run::start(&mut command, &folder.0)?;
                    let server = Server { child, lines: read(reader) };
                    let said = wait(&server, "listening on ", screen)?;
                    let found = said.rsplit(':').next().map(|port| port.trim().to_owned());
                    port = port.or(found);
                    servers.insert(terminal, server);
                } else {
                    screen.push_str(&run::output_in(&folder.0, command)?);
                }
            }
            Step::Wait(terminal, what) => {
                let server = servers.get(terminal).ok_or(format!("no server in '{terminal}'"))?;
                wait(server, what, screen(&mut screens, terminal).1)?;
            }
        }
    }
    let port = port.unwrap_or_default();
    let screens: Vec<String> = screens.into_iter().map(|(_, screen)| screen).collect();
    let text = screens.join("\n");
    Ok(if port.is_empty() { text } else { text.replace(&format!(":{port}"), &format!(":{PORT}")) })
}

fn screen<'a, 'b>(
    screens: &'b mut Vec<(&'a str, String)>,
    terminal: &'a str,
) -> (&'a str, &'b mut String) {
    let at = screens.iter().position(|(name, _)| *name == terminal).unwrap_or_else(|| {
        screens.push((terminal, String::new()));
        screens.len() - 1
    });
    (terminal, &mut screens[at].1)
}

/// `cargo run -p NAME -- …` becomes the program itself, and 8888 the port.
fn shell(book: &Book, line: &str, port: Option<&str>) -> Result<Command, String> {
    let mut line = line.replace(PORT, port.unwrap_or("0"));
    while let Some((before, after)) = line.split_once("cargo run -p ") {
        let (name, rest) = after.split_once(' ').unwrap_or((after, ""));
        let program = run::program(book, name, None)?;
        let rest = rest.strip_prefix("-- ").unwrap_or(rest);
        line = format!("{before}'{}' {rest}", program.display());
    }
    let mut command = Command::new("sh");
    // exec: the signal at the end is for the program and not for a shell that waits for it.
    let exec = if line.contains(['|', ';']) { "" } else { "exec " };
    command.args(["-c", &format!("{exec}{line}")]);
    Ok(command)
}

fn read(reader: PipeReader) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(reader).lines().map_while(Result::ok);
        // Nobody listens any more at the end of the session.
        lines.map(|line| sender.send(line)).take_while(Result::is_ok).count()
    });
    lines
}

/// Shows lines up to the one that contains this.
fn wait(server: &Server, what: &str, screen: &mut String) -> Result<String, String> {
    loop {
        let line = server.lines.recv_timeout(LIMIT);
        let line = line.map_err(|_| format!("it never said \"{what}\", but:\n{screen}"))?;
        screen.push_str(&line);
        screen.push('\n');
        if line.contains(what) {
            return Ok(line);
        }
    }
}

/// Whether its programs are built, and this machine has the others.
pub(crate) fn possible(book: &Book, script: &str) -> Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).exists());
    let words = || script.split(|c: char| !c.is_ascii_alphanumeric());
    for name in ["nc", "curl", "python3", "strace", "ss"] {
        if words().any(|word| word == name) && !has(name) {
            return Err(format!("a session needs {name}, which is not in PATH"));
        }
    }
    let demos = script.split("cargo run -p ").skip(1);
    let mut demos = demos.filter_map(|rest| rest.split_whitespace().next());
    demos.try_for_each(|name| run::program(book, name, None).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read() {
        let script = "# two terminals\nserver$ a\n\nclient$ b | c\nserver> said\n";
        let expected = [
            Step::Command("server", "a"),
            Step::Command("client", "b | c"),
            Step::Wait("server", "said"),
        ];
        assert_eq!(steps(script).unwrap(), expected);
        assert!(steps("nothing").is_err());
    }
}
