//! Runs what a transcript shows: programs that are built, in an empty folder of their own.

use std::fmt::Write as _;
use std::fs;
use std::io::{PipeReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::Book;
use super::transcript::Run;

/// Far more than any lesson takes.
const LIMIT: Duration = Duration::from_mins(2);
/// "nobody": who has no privileges.
const NOBODY: u32 = 65534;

/// The folder that this program lies in: the demos are beside it. NINE_DAYS_PROGRAMS, when it is
/// set, names another one, for the tests of this crate.
fn programs() -> PathBuf {
    let set = std::env::var_os("NINE_DAYS_PROGRAMS").map(PathBuf::from);
    let here = || Some(std::env::current_exe().ok()?.parent()?.to_owned());
    set.or_else(here).unwrap_or_default()
}

/// A demo or a twin that is built, and not before its files were last changed.
pub(crate) fn program(book: &Book, demo: &str, twin: Option<&str>) -> Result<PathBuf, String> {
    let path = twin.map_or_else(|| demo.into(), |twin| Path::new("examples").join(twin));
    let path = programs().join(path);
    let build = || format!("cargo build -p {demo} --bins --examples");
    let time = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    let Ok(built) = time(&path) else {
        return Err(format!("{} is not built: {}", twin.unwrap_or(demo), build()));
    };
    let folder = book.root.join("crates").join(demo);
    let changed = match sources(&path, &folder) {
        Some(sources) => sources.iter().filter_map(|source| time(source).ok()).max(),
        None => newest(&folder),
    };
    if changed.is_some_and(|changed| changed > built) {
        return Err(format!("{demo} was changed after it was built: {}", build()));
    }
    Ok(path)
}

/// The files of the demo that this program was made of, which cargo writes down beside it as a rule
/// for make: a twin has others than its demo, and is not built anew when only the demo has changed.
fn sources(program: &Path, folder: &Path) -> Option<Vec<PathBuf>> {
    let rule = fs::read_to_string(program.with_extension("d")).ok()?;
    let (_, files) = rule.lines().next()?.split_once(": ")?;
    // A blank in a name has a backslash before it.
    let files = files.replace("\\ ", "\0");
    let files = files.split(' ').map(|file| PathBuf::from(file.replace('\0', " ")));
    Some(files.filter(|file| file.starts_with(folder)).collect())
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let times = entries.filter_map(|entry| match entry.file_type().ok()?.is_dir() {
        // Tests are no part of a program.
        true if entry.file_name() == "tests" => None,
        true => newest(&entry.path()),
        false => entry.metadata().ok()?.modified().ok(),
    });
    times.max()
}

/// Why a transcript made here would not be everybody's: programs inherit niceness, and some tell.
pub(crate) fn unusual() -> Option<String> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Field 19; the state, the first one behind the name, is field 3 (proc_pid_stat(5)).
    let nice = stat.rsplit(')').next()?.split_whitespace().nth(16)?;
    (nice != "0").then(|| format!("it runs with niceness {nice}, which programs inherit"))
}

/// The program and its arguments.
pub(crate) fn command(book: &Book, run: &Run) -> Result<Command, String> {
    let program = program(book, &run.demo, run.twin.as_deref())?;
    if run.stage.is_empty() {
        let mut command = Command::new(program);
        command.args(&run.args);
        return Ok(command);
    }
    let mut command = Command::new(self::program(book, "stage", None)?);
    command.args(&run.stage);
    let own = [format!("crates/{}", run.demo)];
    for root in if run.roots.is_empty() { &own[..] } else { &run.roots } {
        command.arg("--root").arg(book.root.join(root));
    }
    command.arg(program).arg("--").args(&run.args);
    Ok(command)
}

/// What it says, on standard output and standard error alike. As nobody, when that is wanted.
pub(crate) fn output(mut command: Command, as_nobody: bool) -> Result<String, String> {
    if as_nobody {
        command.uid(NOBODY).gid(NOBODY);
    }
    output_in(&scratch()?.0, command)
}

/// What it says, started in this folder.
pub(crate) fn output_in(folder: &Path, mut command: Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = start(&mut command, folder).and_then(|(child, reader)| finish(child, reader));
    ended.map_err(|why| format!("{name}: {why}"))
}

/// Starts it with an empty input, in a process group of its own.
pub(crate) fn start(command: &mut Command, folder: &Path) -> Result<(Child, PipeReader), String> {
    let mut start = || {
        let (reader, writer) = std::io::pipe()?;
        command.current_dir(folder).process_group(0).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let child = command.spawn()?;
        // The command keeps its copies of the writing end, and the reader waits for the last one.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok((child, reader))
    };
    start().map_err(|error: std::io::Error| error.to_string())
}

/// Everything that it says until its end, and how it ended unless it was well.
fn finish(mut child: Child, mut reader: PipeReader) -> Result<String, String> {
    let (sender, said) = channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        // Whoever waited for it has gone when the time was over.
        let _ = sender.send(reader.read_to_end(&mut text).map(|_| text));
    });
    let said = match said.recv_timeout(LIMIT) {
        Err(RecvTimeoutError::Timeout) => {
            end(&mut child);
            return Err(format!("it has not ended after {} s", LIMIT.as_secs()));
        }
        said => said.map_err(|error| error.to_string())?,
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    let text = said.map_err(|error| format!("its output cannot be read: {error}"))?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if !status.success() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "[{status}]");
    }
    Ok(text)
}

/// Ends it and whatever it has started, and waits for it.
pub(crate) fn end(child: &mut Child) {
    // It is not reaped yet, so that its group is its own. ESRCH: all of it has ended by itself.
    let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
    let _ = child.wait();
}

/// A folder that goes away with its owner.
pub(crate) struct Scratch(pub(crate) PathBuf);

pub(crate) fn scratch() -> Result<Scratch, String> {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let path = std::env::temp_dir().join(format!("course-book-{}-{now}", std::process::id()));
    fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Scratch(path))
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // There is nobody to tell if it fails.
        let _ = fs::remove_dir_all(&self.0);
    }
}
