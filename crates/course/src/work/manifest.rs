//! `work/Cargo.toml` and `work/Cargo.lock`: copies of those of `exercises/`, from where all paths
//! are the same, with what was started as their members.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use super::put;
use crate::exercise::Exercise;

/// Writes both, where they are not as they should be. `fresh` says that a member has a new
/// manifest, which may need what the old lock does not have.
pub(super) fn write(
    root: &Path,
    work: &Path,
    members: &[&Exercise],
    fresh: bool,
) -> Result<(), String> {
    let from = root.join("exercises/Cargo.toml");
    let manifest = fs::read_to_string(&from).map_err(put::failed("read", &from))?;
    let names: Vec<_> = members.iter().map(|exercise| exercise.place()).collect();
    let names: Vec<_> = names.iter().map(|place| place.display().to_string()).collect();
    let manifest = with_members(&manifest, &names)
        .ok_or_else(|| format!("{} has no list of members", from.display()))?;
    let fresh = fresh | keep(&work.join("Cargo.toml"), manifest.as_bytes())?;

    let from = root.join("exercises/Cargo.lock");
    let lock = match fs::read(&from) {
        // Then cargo will make one.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(put::failed("read", &from))?,
    };
    let to = work.join("Cargo.lock");
    let there = fs::read(&to).unwrap_or_default();
    let old = locked(&there);
    // Cargo takes out of it what no member needs: a part of ours is as good.
    if fresh || old.is_empty() || !old.is_subset(&locked(&lock)) {
        keep(&to, &lock)?;
    }
    Ok(())
}

/// Writes what is not there already; whether it was not. An editor that has the workspace open
/// reads all of it again whenever these files are touched.
fn keep(path: &Path, text: &[u8]) -> Result<bool, String> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(false);
    }
    put::write(path, text).map(|()| true)
}

/// The manifest of a workspace with other members.
pub(crate) fn with_members(manifest: &str, members: &[String]) -> Option<String> {
    let start = manifest.match_indices("members").map(|(at, _)| at).find(|&at| {
        let line = manifest[..at].rsplit('\n').next();
        let rest = manifest[at + "members".len()..].trim_start();
        line.is_some_and(|line| line.trim().is_empty()) && rest.starts_with('=')
    })?;
    let open = start + manifest[start..].find('[')?;
    let close = open + manifest[open..].find(']')?;
    let lines: Vec<_> = members.iter().map(|member| format!("    \"{member}\",\n")).collect();
    let lines = lines.concat();
    Some(format!("{}[\n{lines}]{}", &manifest[..open], &manifest[close + 1..]))
}

/// Name and version of everything in a lock file.
fn locked(lock: &[u8]) -> HashSet<String> {
    let text = String::from_utf8_lossy(lock);
    let mut lines = text.lines();
    let mut packages = HashSet::new();
    while let Some(line) = lines.next() {
        if line.starts_with("name = ") {
            packages.insert(format!("{line} {}", lines.next().unwrap_or_default()));
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_replaced_and_nothing_else() {
        let manifest = "# its members\n[workspace]\nresolver = \"3\"\nmembers = [\n  \"day*/*\",\n]\n\
            default-members = [\"x\"]\n";
        let expected = "# its members\n[workspace]\nresolver = \"3\"\nmembers = [\n    \
            \"day04/a\",\n]\ndefault-members = [\"x\"]\n";
        assert_eq!(with_members(manifest, &["day04/a".into()]).unwrap(), expected);
        assert_eq!(
            with_members("[workspace]\nmembers=[]", &[]).unwrap(),
            "[workspace]\nmembers=[\n]"
        );
        assert_eq!(with_members("[workspace]\n", &[]), None);
    }

    #[test]
    fn a_lock_is_known_by_names_and_versions() {
        let package =
            |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let all = locked((package("a", "1") + &package("b", "2")).as_bytes());
        assert!(locked(package("b", "2").as_bytes()).is_subset(&all));
        assert!(!locked(package("b", "1").as_bytes()).is_subset(&all));
    }
}
