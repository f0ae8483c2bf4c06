//! What a case has left over: found out in its own process by number, and told from outside.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{clear, descriptor, hang};
use crate::leaks::Holdings;
use crate::proc;

/// A thread that has been told to end may need a moment for it, and more on a busy machine.
const PATIENCE: Duration = Duration::from_secs(1);

/// What this process holds beyond `before`, one word and number each; `None` when that is nothing.
pub(super) fn over(before: &Holdings) -> Option<String> {
    let end = Instant::now() + PATIENCE;
    let mut last = None;
    loop {
        let left = list(before, &Holdings::now());
        if left.is_empty() {
            return None;
        }
        let threads = left.iter().any(|one| one.starts_with("thread "));
        // What a thread takes along is looked at before the thread is seen to have gone: twice the
        // same is how it is.
        if !threads && last.as_ref() == Some(&left) || Instant::now() > end {
            return Some(left.join("\n"));
        }
        last = Some(left);
        thread::sleep(Duration::from_millis(2));
    }
}

fn list(before: &Holdings, now: &Holdings) -> Vec<String> {
    let mut left = Vec::new();
    if std::fs::read_dir("/proc/self/fd").is_err() {
        return vec!["blind 0".into()];
    }
    for (fd, was) in &before.descriptors {
        match now.descriptors.get(fd) {
            None => left.push(format!("closed {fd}")),
            Some(is) if is != was => left.push(format!("replaced {fd}")),
            _ => {}
        }
    }
    let new = |kind: &'static str, before: &BTreeMap<u32, String>, now: &BTreeMap<u32, String>| {
        let new = now.keys().filter(|id| !before.contains_key(id));
        new.map(|id| format!("{kind} {id}")).collect::<Vec<_>>()
    };
    left.extend(new("descriptor", &before.descriptors, &now.descriptors));
    left.extend(new("child", &before.children, &now.children));
    left.extend(new("thread", &before.threads, &now.threads));
    left
}

/// The same in the kernel's terms, while the process `pid` waits. Not a thread that has ended by
/// itself in the meantime.
pub(super) fn tell(pid: u32, list: &str, root: &Path) -> Vec<String> {
    let open = trace::descriptors_of(pid.cast_signed());
    let places = hang::Places::of(&[pid], root);
    let one = |line: &str| {
        let (what, number) = line.split_once(' ')?;
        let number: u32 = number.parse().ok()?;
        Some(match what {
            "blind" => {
                "RLIMIT_NOFILE is so low now, and cannot be raised again, that nobody can look \
                        at what is left open (getrlimit(2))"
                    .into()
            }
            "closed" => format!(
                "descriptor {number} ({}) was closed: it belongs to the whole process, and the next \
                 open takes its number (open(2): the lowest that is free)",
                standard(number)
            ),
            "replaced" => {
                format!("descriptor {number} ({}) stands for something else now", standard(number))
            }
            "descriptor" => {
                let object =
                    open.get(&number.cast_signed()).map(|open| descriptor::words(&open.object));
                let object = object.unwrap_or_else(|| "of an unknown kind".into());
                format!(
                    "descriptor {number}, {object}, was left open: close(2) was never called for it"
                )
            }
            "thread" if proc::stat(number).is_none_or(|stat| stat.exiting) => return None,
            "thread" => format!("thread {number} was left running: {}", places.task(number)),
            _ => child(number, root),
        })
    };
    list.lines().filter_map(one).collect()
}

fn child(pid: u32, root: &Path) -> String {
    match proc::stat(pid) {
        Some(stat) if stat.state == 'Z' => format!(
            "child {pid} has ended and nobody has waited for it: it is a zombie (state Z), and \
             stays one until waitpid(2) is called for it"
        ),
        Some(_) => {
            let places = hang::Places::of(&[pid], root);
            format!("child {pid} was left running: {}", places.task(pid))
        }
        None => format!("child {pid} was left to itself"),
    }
}

fn standard(number: u32) -> &'static str {
    match number {
        0 => "standard input",
        1 => "standard output",
        2 => "standard error",
        _ => "not its own",
    }
}

/// Who outlives the case, in the kernel's terms.
pub(super) fn outlived(harness: u32, case: u32, root: &Path) -> Vec<String> {
    let all = clear::descendants(harness);
    let living: Vec<u32> = all
        .iter()
        .filter(|(pid, stat)| **pid != case && stat.state != 'Z')
        .map(|(pid, _)| *pid)
        .collect();
    let places = hang::Places::of(&living, root);
    let mut lines = Vec::new();
    for pid in living.iter().take(8) {
        let name = all.get(pid).map_or("", |stat| stat.name.as_str());
        lines.push(format!(
            "process {pid} ({name}) has outlived the test: {}. Whoever started it has ended, so it was \
             adopted, and nobody will wait for it or end it",
            places.task(*pid)
        ));
    }
    if living.len() > 8 {
        lines.push(format!("and {} processes more have outlived the test", living.len() - 8));
    }
    lines
}

/// IPC objects that were not removed, removed now.
pub(super) fn objects(names: &str) -> Vec<String> {
    let mut left = Vec::new();
    for name in names.lines() {
        let file = name.trim_start_matches('/');
        for (path, what, how) in [
            (format!("/dev/shm/{file}"), "shared memory", "shm_unlink(3)"),
            (format!("/dev/shm/sem.{file}"), "the semaphore", "sem_unlink(3)"),
        ] {
            if std::fs::remove_file(path).is_ok() {
                left.push(format!(
                    "{what} {name} was left behind: it stays until {how} or the next boot"
                ));
            }
        }
        if let Ok(name) = std::ffi::CString::new(name) {
            // SAFETY: a string that ends with a NUL. libc's function, because nix's brings a
            // feature that nothing else here needs.
            if unsafe { libc::mq_unlink(name.as_ptr()) } == 0 {
                left.push(format!(
                    "the message queue {} was left behind: it stays until mq_unlink(3) or the next \
                     boot",
                    name.to_string_lossy()
                ));
            }
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_has_ended_meanwhile_is_not_told() {
        let (here, gone) = (proc::gettid(), thread::spawn(proc::gettid).join().unwrap());
        let list = format!("thread {gone}\nthread {here}\ndescriptor 0");
        let told = tell(std::process::id(), &list, Path::new("/"));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with(&format!("thread {here} was left running")), "{told:?}");
    }
}
