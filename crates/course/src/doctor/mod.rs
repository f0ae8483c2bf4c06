//! Is this machine fit for the course? Each check tries the thing itself, within a deadline and
//! leaving nothing behind, and says in one line what is missing, what that costs and what to do.

mod local;
mod machine;
mod stepping;
mod tools;

pub(crate) use stepping::can_trace;

use std::fmt::Write as _;

use crate::style::Style;

/// One thing that lessons use.
#[derive(Debug)]
pub(crate) struct Check {
    name: &'static str,
    /// What there is, or why it is missing.
    found: Result<String, String>,
    need: Need,
    /// What cannot be done without it.
    cost: &'static str,
    /// How to get it.
    remedy: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Lessons fail without it.
    Necessary,
    /// Good to have.
    Optional,
}

impl Check {
    fn is_missing(&self, need: Need) -> bool {
        self.need == need && self.found.is_err()
    }
}

/// Looks at everything.
pub(crate) fn examine() -> Vec<Check> {
    let mut checks = machine::checks();
    checks.extend(local::checks());
    checks.extend(tools::checks());
    checks
}

/// True when nothing necessary is missing.
pub(crate) fn is_fit(checks: &[Check]) -> bool {
    !checks.iter().any(|check| check.is_missing(Need::Necessary))
}

/// A line for each check, and a verdict.
pub(crate) fn render(checks: &[Check], style: &Style) -> String {
    let Style { bold, dim, reset } = *style;
    let width = checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for Check { name, found, need, cost, remedy } in checks {
        // Writing to a String cannot fail, here and below.
        let _ = match (found, need) {
            (Ok(what), _) => writeln!(text, "{dim}ok     {reset}  {name:width$}  {what}"),
            (Err(why), Need::Necessary) => writeln!(
                text,
                "{bold}missing{reset}  {name:width$}  {why}. It costs: {cost}. To do: {remedy}."
            ),
            (Err(why), Need::Optional) => writeln!(
                text,
                "missing  {name:width$}  {why}. Optional, it costs: {cost}. To do: {remedy}."
            ),
        };
    }
    let missing = |need| checks.iter().filter(|check| check.is_missing(need)).count();
    let optional = match missing(Need::Optional) {
        0 => String::new(),
        n => format!(" (optional and missing: {n})"),
    };
    let _ = match missing(Need::Necessary) {
        0 => writeln!(text, "\nEverything necessary is here{optional}."),
        n => writeln!(text, "\n{bold}Necessary and missing: {n}{reset}{optional}."),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: Result<&str, &str>, need: Need) -> Check {
        let found = found.map(String::from).map_err(String::from);
        Check { name: "thing", found, need, cost: "much", remedy: "get it" }
    }

    #[test]
    fn only_a_necessary_thing_that_is_missing_makes_it_unfit() {
        let mut checks =
            vec![check(Ok("1.0"), Need::Necessary), check(Err("gone"), Need::Optional)];
        assert!(is_fit(&checks));
        let expected = "\
ok       thing  1.0
missing  thing  gone. Optional, it costs: much. To do: get it.

Everything necessary is here (optional and missing: 1).
";
        assert_eq!(render(&checks, &Style::default()), expected);
        checks = vec![check(Err("gone"), Need::Necessary)];
        assert!(!is_fit(&checks));
        let expected = "\
missing  thing  gone. It costs: much. To do: get it.

Necessary and missing: 1.
";
        assert_eq!(render(&checks, &Style::default()), expected);
    }
}
