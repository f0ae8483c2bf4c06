//! Killed at any moment, the store holds whole files only, old or new, and the next start removes
//! the rest. The program that is killed is this one.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::env;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use capstone_tftp::store::Store;
use common::{Folder, REPLACE, WAYS, Way};
use testkit::skip;

/// How often the server is killed, in each way in which a file system can differ.
const TIMES: u64 = 200;
/// Where a rename takes as long as anything else.
const MEMORY: Option<&str> = Some("/dev/shm");
/// The files that it uploads, over and over.
const NAMES: [&str; 3] = ["a", "b", "sub/c"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--upload", folder, seed, way] => upload(Path::new(folder), seed, way),
        _ => testkit::cases::run(&[
            ("nameless", || killed(Way::Nameless, MEMORY)),
            ("nameless_on_disk", || killed(Way::Nameless, None)),
            ("named", || killed(Way::Named, MEMORY)),
            ("named_on_disk", || killed(Way::Named, None)),
            ("linked", || killed(Way::Linked, MEMORY)),
            ("old", || killed(Way::Old, MEMORY)),
        ]),
    }
}

/// What is to be killed: uploads until then.
fn upload(folder: &Path, seed: &str, way: &str) -> ! {
    let way = WAYS.into_iter().find(|known| format!("{known:?}") == way).unwrap();
    way.take().unwrap();
    let mut random = fastrand::Rng::with_seed(seed.parse().unwrap());
    let store = Store::open(folder, REPLACE).unwrap();
    loop {
        let content = content(random.u8(..));
        let mut upload = store.write(random.choice(NAMES).unwrap().as_bytes(), None).unwrap();
        for piece in content.chunks(512) {
            upload.append(piece).unwrap();
        }
        upload.commit().unwrap();
        // Standard output is a pipe, and the first bytes of it are read.
        std::io::stdout().write_all(b".").unwrap();
        std::io::stdout().flush().unwrap();
    }
}

/// A file that tells by itself whether it is whole: its byte says how long it is.
fn content(byte: u8) -> Vec<u8> {
    vec![byte; 1 + 37 * usize::from(byte)]
}

fn killed(way: Way, on: Option<&str>) {
    // A case has a thread, and no filter of its own: the program takes the way.
    if let Err(reason) = std::thread::spawn(move || way.take()).join().unwrap() {
        skip!("{way:?}: {reason}");
    }
    let seed = env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println(&format!("SEED={seed}"));
    let mut random = fastrand::Rng::with_seed(seed);
    let on = on.filter(|on| Path::new(on).is_dir());
    let folder = Folder::on(on);
    let (mut drafts, mut there) = (0, 0);
    for _ in 0..TIMES {
        kill_one(&folder, way, &mut random);
        // Nobody has swept yet: what has a name that a client can say is whole.
        let all = folder.all();
        for name in &all {
            if name.contains(".capstone-tftp-") {
                drafts += 1;
            } else {
                let bytes = fs::read(folder.path().join(name)).unwrap();
                let whole = bytes.first().is_some_and(|byte| bytes == content(*byte));
                assert!(whole, "{way:?}, seed {seed}: {name} has {} bytes", bytes.len());
            }
        }
        let files = all.iter().filter(|name| NAMES.contains(&name.as_str())).count();
        assert!(files >= there, "{way:?}, seed {seed}: a file has vanished");
        there = files;
    }
    drop(folder.store(REPLACE));
    assert_eq!(folder.all(), NAMES, "{way:?}, seed {seed}");
    println(&format!("{drafts} drafts were left and swept"));
    // The moments are spread over an upload, not all before or behind it. A disk takes its time to
    // rename, and nobody is killed inside of that.
    assert!(on.is_none() || drafts > 0, "{way:?}, seed {seed}: nothing was interrupted");
}

/// Starts it, lets it upload at least one file, and kills it at some moment after that.
fn kill_one(folder: &Folder, way: Way, random: &mut fastrand::Rng) {
    let mut child = Command::new(env::current_exe().unwrap())
        .arg("--upload")
        .arg(folder.path())
        .args([random.u64(..).to_string(), format!("{way:?}")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The pipe stays open: it must not be its end that ends the child.
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    let moment = Instant::now() + Duration::from_micros(random.u64(..3000));
    while Instant::now() < moment {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn println(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
