//! From what was typed to what was meant.

use cli::Usage;

use crate::demo::Demo;
use crate::exercise::Exercise;

/// The demo that `wanted` names: its whole name, its topic (`poll` is day04-poll, however many
/// others have "poll" in their name), or a part that only one has.
pub(crate) fn demo<'a>(demos: &'a [Demo], wanted: &str) -> Result<&'a Demo, Usage> {
    let names: Vec<_> = demos.iter().map(|demo| [demo.name.as_str(), demo.topic()]).collect();
    Ok(&demos[find("demo", &names, wanted)?])
}

/// The exercise that `wanted` names: its whole name, or a part that only one has.
pub(crate) fn exercise<'a>(all: &'a [Exercise], wanted: &str) -> Result<&'a Exercise, Usage> {
    let names: Vec<_> = all.iter().map(|exercise| [exercise.name.as_str(); 2]).collect();
    Ok(&all[find("exercise", &names, wanted)?])
}

/// The place among `names`: each has a whole name and a short one.
fn find(kind: &str, names: &[[&str; 2]], wanted: &str) -> Result<usize, Usage> {
    if let Some(found) = names.iter().position(|names| names.contains(&wanted)) {
        return Ok(found);
    }
    let has = |(_, [name, _]): &(usize, &[&str; 2])| name.contains(wanted);
    let parts: Vec<_> = names.iter().enumerate().filter(has).collect();
    let mistake = match parts[..] {
        [(found, _)] => return Ok(found),
        [] => {
            let near = nearest(wanted, names.iter().flatten().copied());
            let near = near.map(|name| format!("; did you mean '{name}'?"));
            format!("no {kind} is called '{wanted}'{}", near.unwrap_or_default())
        }
        _ => {
            let names: Vec<_> = parts.iter().map(|(_, [name, _])| *name).collect();
            format!("'{wanted}' fits {} {kind}s: {}", names.len(), names.join(", "))
        }
    };
    Err(Usage(format!("{mistake} (try: cargo course list)")))
}

/// The name closest to `wanted`, unless even that one has nothing to do with it: cargo's measure,
/// one slip for every three letters. Two letters that changed places are one slip.
pub(crate) fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let slips = |name: &str| strsim::damerau_levenshtein(wanted, name);
    let near = names.into_iter().map(|name| (slips(name), name));
    let (slips, name) = near.min_by_key(|&(slips, _)| slips)?;
    (slips <= wanted.chars().count().max(3) / 3).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: &str) -> Result<String, String> {
        let demos: Vec<_> =
            ["day03-select", "day04-poll", "day04-epoll", "day05-waiting", "day05-wait"]
                .map(|name| Demo { name: name.into(), ..Demo::default() })
                .into();
        demo(&demos, wanted).map(|demo| demo.name.clone()).map_err(|usage| usage.0)
    }

    #[test]
    fn a_name_a_topic_or_a_part_of_only_one() {
        assert_eq!(found("day04-poll"), Ok("day04-poll".into()));
        assert_eq!(found("poll"), Ok("day04-poll".into()));
        assert_eq!(found("day05-wait"), Ok("day05-wait".into()));
        assert_eq!(found("epo"), Ok("day04-epoll".into()));
        assert_eq!(found("day03"), Ok("day03-select".into()));
    }

    #[test]
    fn a_part_of_several_names_them() {
        let sentence = "'day04' fits 2 demos: day04-poll, day04-epoll (try: cargo course list)";
        assert_eq!(found("day04"), Err(sentence.into()));
    }

    #[test]
    fn a_slip_gets_the_nearest_and_nonsense_gets_none() {
        let near = |name| Err(format!("no demo is called {name}? (try: cargo course list)"));
        assert_eq!(found("day04-pol1"), near("'day04-pol1'; did you mean 'day04-poll'"));
        assert_eq!(found("wiat"), near("'wiat'; did you mean 'wait'"));
        let none = "no demo is called 'xyzzy' (try: cargo course list)";
        assert_eq!(found("xyzzy"), Err(none.into()));
        assert_eq!(nearest("a", []), None);
    }
}
