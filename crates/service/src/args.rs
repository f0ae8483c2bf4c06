//! Arguments by clap, which the capstones have options enough for. A mistake is one sentence and
//! status 2, as everywhere in the course.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use cli::{Outcome, Usage};

/// The arguments, the program's own name first; `None` after `--help`, which is answered here.
///
/// # Errors
/// [`Usage`]; what writing the help has failed with.
pub fn read<A: Parser>(args: impl IntoIterator<Item = OsString>) -> Outcome<Option<A>> {
    let error = match A::try_parse_from(args) {
        Ok(args) => return Ok(Some(args)),
        Err(error) => error,
    };
    if matches!(error.kind(), ErrorKind::DisplayHelp) {
        io::stdout().write_all(error.to_string().as_bytes())?;
        return Ok(None);
    }
    // clap says what is wrong in its first paragraph, and then how everything is used.
    let text = error.to_string();
    let wrong = text.split("\n\n").next().unwrap_or(&text);
    let words: Vec<&str> = wrong.split_whitespace().collect();
    let sentence = words.join(" ");
    let sentence = sentence.strip_prefix("error: ").unwrap_or(&sentence);
    let program = A::command();
    Err(Usage(format!("{sentence} (try: {} --help)", program.get_name())).into())
}

/// Seconds with a fraction, as a duration that is neither nothing nor for ever: a `value_parser`.
///
/// # Errors
/// What would be one.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|&seconds: &f64| (0.001..=3_600.0).contains(&seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "0.001 to 3600 seconds".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program.
    #[derive(Debug, Parser)]
    #[command(name = "program")]
    struct Args {
        #[arg(long, value_parser = seconds)]
        patience: Option<Duration>,
        file: String,
    }

    fn of(args: &[&str]) -> Outcome<Option<Args>> {
        read(["program"].iter().chain(args).map(OsString::from))
    }

    #[test]
    fn what_is_right_comes_out() {
        let args = of(&["--patience", "0.25", "file"]).unwrap().unwrap();
        assert_eq!((args.patience, &*args.file), (Some(Duration::from_millis(250)), "file"));
        assert!(of(&["--help"]).unwrap().is_none());
    }

    #[test]
    fn a_mistake_is_one_sentence_for_its_user() {
        for (args, wrong) in [
            (&[][..], "were not provided"),
            (&["a", "b"], "unexpected argument 'b'"),
            (&["a", "--patience", "0"], "0.001 to 3600 seconds"),
            (&["a", "--patience", "NaN"], "0.001 to 3600 seconds"),
            (&["a", "--patience", "forty"], "0.001 to 3600 seconds"),
            (&["a", "--loud"], "unexpected argument '--loud'"),
        ] {
            let error = of(args).unwrap_err();
            let said = error.to_string();
            assert!(error.is::<Usage>() && said.contains(wrong), "{said}");
            assert!(said.ends_with(" (try: program --help)") && !said.contains('\n'), "{said}");
        }
    }
}
