//! From what was typed to what was meant.

use cli::Usage;

use crate::demo::Demo;

/// The demo that `wanted` names: its whole name, its topic (`poll` is day04-poll, however many
/// others have "poll" in their name), or a part that only one has.
pub(crate) fn demo<'a>(demos: &'a [Demo], wanted: &str) -> Result<&'a Demo, Usage> {
    let named = |demo: &&Demo| demo.name == wanted || demo.topic() == wanted;
    if let Some(demo) = demos.iter().find(named) {
        return Ok(demo);
    }
    let parts: Vec<_> = demos.iter().filter(|demo| demo.name.contains(wanted)).collect();
    let mistake = match parts[..] {
        [demo] => return Ok(demo),
        [] => {
            let names = demos.iter().flat_map(|demo| [demo.name.as_str(), demo.topic()]);
            let near = nearest(wanted, names).map(|name| format!("; did you mean '{name}'?"));
            format!("no demo is called '{wanted}'{}", near.unwrap_or_default())
        }
        _ => {
            let names: Vec<_> = parts.iter().map(|demo| demo.name.as_str()).collect();
            format!("'{wanted}' fits {} demos: {}", names.len(), names.join(", "))
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
