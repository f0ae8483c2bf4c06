//! The compiler, the kernel and its limits.

use std::process::Command;

use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
use serde_json::Value;

use super::{Check, Need};
use crate::workspace;

/// The oldest kernel with pidfd_open(2), by which tests wait for a process with a deadline.
const KERNEL: (u64, u64) = (5, 3);
const RAISE: &str =
    "raise nofile in /etc/security/limits.conf, or docker run --ulimit nofile=20000";

pub(super) fn checks() -> Vec<Check> {
    let metadata = workspace::metadata().map_err(|e| e.to_string());
    vec![
        Check {
            name: "Rust",
            found: rust(metadata.as_ref().unwrap_or(&Value::Null)),
            need: Need::Necessary,
            cost: "the crates may not compile",
            remedy: "rustup update, or see rust-lang.org/tools/install",
        },
        Check {
            name: "workspace",
            found: metadata.map(|metadata| packages(&metadata)),
            need: Need::Necessary,
            cost: "no demo can be found or built",
            remedy: "repair what cargo names above, git status shows what was changed",
        },
        Check {
            name: "Linux",
            found: kernel(),
            need: Need::Necessary,
            cost: "the lessons are about Linux, and use its newer calls",
            remedy: "use a newer kernel, in a virtual machine if need be",
        },
        Check {
            name: "/proc",
            found: proc(),
            need: Need::Necessary,
            cost: "the lessons on processes see nothing, and forking is refused",
            remedy: "mount -t proc proc /proc",
        },
        Check {
            name: "1,000 connections",
            found: descriptors(2048),
            need: Need::Necessary,
            cost: "the lessons with 1,000 connections and more",
            remedy: RAISE,
        },
        Check {
            name: "10,000 connections",
            found: descriptors(10_100),
            need: Need::Optional,
            cost: "the measurements with 10,000 connections",
            remedy: RAISE,
        },
    ]
}

/// The newest that a package needs: this one at least, when cargo cannot tell of the others.
fn rust(metadata: &Value) -> Result<String, String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let versions = packages.filter_map(|package| package["rust_version"].as_str());
    let needed = versions.chain([env!("CARGO_PKG_RUST_VERSION")]).map(version).max();
    let needed = needed.unwrap_or_default();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let output = output.map_err(|e| format!("rustc cannot be started: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    // "rustc 1.95.0 (f2d3ce0bd 2026-03-21)"
    let here = said.split(' ').nth(1).ok_or("rustc --version says nothing")?;
    compare(here.trim_end(), needed)
}

fn packages(metadata: &Value) -> String {
    let count = metadata["packages"].as_array().map_or(0, Vec::len);
    format!("cargo reads it, packages: {count}")
}

fn kernel() -> Result<String, String> {
    let uname = nix::sys::utsname::uname().map_err(|e| format!("uname(2): {e}"))?;
    if uname.sysname() != "Linux" {
        return Err(format!("this is {}", uname.sysname().display()));
    }
    compare(&uname.release().to_string_lossy(), KERNEL)
}

fn compare(here: &str, needed: (u64, u64)) -> Result<String, String> {
    let (major, minor) = needed;
    if version(here) < needed {
        return Err(format!("it is {here}, and {major}.{minor} is needed"));
    }
    Ok(format!("{here} ({major}.{minor} or later is needed)"))
}

/// The first two numbers of `1.95.0-nightly` or `6.18-rc3`; what is no number counts as 0.
fn version(text: &str) -> (u64, u64) {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// A /proc of another pid namespace would be there and show a different process.
fn proc() -> Result<String, String> {
    let stat = std::fs::read_to_string("/proc/self/stat").map_err(|e| e.to_string())?;
    if stat.split(' ').next() != Some(&std::process::id().to_string()) {
        return Err("/proc/self is another process".into());
    }
    Ok("shows this process".into())
}

/// The soft limit is what a program gets, the hard one how far it may raise that by itself.
fn descriptors(needed: u64) -> Result<String, String> {
    let limits = getrlimit(Resource::RLIMIT_NOFILE).map_err(|e| format!("getrlimit(2): {e}"))?;
    enough(needed, limits)
}

fn enough(needed: u64, (soft, hard): (u64, u64)) -> Result<String, String> {
    let number = |limit| match limit {
        RLIM_INFINITY => "unlimited".into(),
        limit => limit.to_string(),
    };
    let limits = format!("limit of descriptors: soft {}, hard {}", number(soft), number(hard));
    if hard < needed {
        return Err(format!("{limits}, and {needed} are needed"));
    }
    // Without -S the shell would lower the hard limit too.
    let raise = format!("; in your shell: ulimit -Sn {needed}");
    let raise = if soft < needed { &raise } else { "" };
    Ok(format!("{limits} ({needed} are needed{raise})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("1.95.0-nightly"), (1, 95));
        assert_eq!(version("6.18-rc3"), (6, 18));
        assert_eq!(version("7"), (7, 0));
        assert_eq!(version(""), (0, 0));
        assert_eq!(compare("1.100.0", (1, 95)).unwrap(), "1.100.0 (1.95 or later is needed)");
        let old = compare("1.9.0", (1, 95)).unwrap_err();
        assert_eq!(old, "it is 1.9.0, and 1.95 is needed");
    }

    #[test]
    fn a_soft_limit_that_is_too_low_can_be_raised_and_a_hard_one_cannot() {
        let limits = "limit of descriptors: soft 1024, hard";
        let said = enough(2048, (1024, RLIM_INFINITY)).unwrap();
        let raise = "(2048 are needed; in your shell: ulimit -Sn 2048)";
        assert_eq!(said, format!("{limits} unlimited {raise}"));
        let said = enough(2048, (1024, 2047)).unwrap_err();
        assert_eq!(said, format!("{limits} 2047, and 2048 are needed"));
        assert!(enough(2048, (2048, 2048)).unwrap().ends_with(" (2048 are needed)"));
    }
}
