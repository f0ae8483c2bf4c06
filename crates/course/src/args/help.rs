//! What `cargo course help` prints, and the commands that there are.

/// Each command has its lines here: a test compares the two.
pub(crate) const HELP: &str = "\
Nine Days: Linux network and concurrent programming, in Rust.

  cargo course
      the nine days, what you have done of them, and the one next thing to do
  cargo course list
      every demo and every exercise: what it is about, how many minutes it takes
  cargo course demo NAME [-- ARGS]
      runs a demo; NAME or a part of it (poll), ARGS such as --help go to the demo
  cargo course demo NAME --step | --text | --record FILE [--state] [--narration] [--example TWIN]
                         [--input FILE] [--limit SECONDS] [-- ARGS]
      runs it on the stage: every system call with its line of source, who sleeps where, what the
      kernel holds; in the terminal, as text, or into a file (docs/stage.md)
  cargo course replay FILE|NAME [--text [--state] [--narration]]
      shows such a file, or the recording of a demo that is kept (nothing is traced)
  cargo course start [DAY | NAME]
      puts an exercise (the next one, one day's, or NAME) into work/ and says which file to edit;
      never touches what you have written
  cargo course watch [NAME]
      checks the exercise that you are editing each time you save it; keys for hint and next
  cargo course check [NAME] [--brief]
      one verdict; the exit status is 0 only when every test has passed
  cargo course hint [NAME]
      the next one of its hints
  cargo course solution NAME [--give-up]
      a solution with comments: after yours has passed, or if you give up
  cargo course reset NAME
      back to the beginning; what you have written is kept in work/backup
  cargo course progress [--export FILE]
      how far you are; into a file, for an instructor
  cargo course class FILE...
      a table of such files: who is where, and who is stuck
  cargo course schedule [DAY]
      a timetable for teaching, from the minutes of demos, exercises and chapters
  cargo course book [--open] | --check [PART…] | --renew [PART…]
      builds the book (docs/) with mdbook, and serves it to a browser by capstone-http; proves that
      it says what is so; makes its transcripts anew
  cargo course doctor
      what this machine lacks, what that costs and what to do
  cargo course verify [NAME...] [--load] [--again]
      for maintainers: every starter fails, every solution passes, every wrong answer is caught;
      --load also with all processors busy, --again also what has not changed since the last time
  cargo course help
      this text
";

pub(crate) const COMMANDS: [&str; 16] = [
    "list", "demo", "replay", "start", "watch", "check", "hint", "solution", "reset", "progress",
    "class", "schedule", "book", "doctor", "verify", "help",
];
