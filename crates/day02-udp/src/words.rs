//! The words of a command line: sys.argv in Python, std::env::args_os() here.

use std::env;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use cli::Outcome;

use crate::say;

/// What this program got, without the role.
pub(crate) fn show(args: &[String]) -> Outcome {
    for (at, arg) in args.iter().enumerate() {
        say(&format!("argument {}: {arg:?}, {} bytes", at + 1, arg.len()))?;
    }
    Ok(())
}

/// This program, started by itself, and no shell between: it is the shell that cuts a line at its
/// blanks and takes the quotes away. execve(2) hands over finished words.
pub(crate) fn run() -> Outcome {
    say("arguments")?;
    let done = Command::new(env::current_exe()?).args(["words", "two words", "", "里"]).output()?;
    for line in String::from_utf8_lossy(&done.stdout).lines() {
        say(&format!("  {line}"))?;
    }
    // A word is bytes that need not be UTF-8: file names are not. env::args() panics at this one;
    // env::args_os() hands it over, and the program can say what it thinks of it.
    let word = OsStr::from_bytes(b"caf\xe9");
    let done = Command::new(env::current_exe()?).arg("words").arg(word).output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    // The sentence ends with a hint in brackets.
    let sentence = said.split(" (try").next().unwrap_or_default();
    let as_text = if word.to_str().is_some() { "is" } else { "is not" };
    let shown = word.as_bytes().escape_ascii();
    say(&format!("  {shown} {as_text} UTF-8; the program says: {sentence}"))?;
    say(&format!("    and ends with {}", done.status))
}
