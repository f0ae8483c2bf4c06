//! Somebody swaps the parts of a name while it is resolved.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::{Scene, Way, text, ways};
use jail::{Dir, Error};
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use testkit::until;

/// How often a name is resolved at least.
const TIMES: u32 = 1_500;

/// Two names change places, in one step.
fn exchange(one: &Path, other: &Path) {
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE).unwrap();
}

/// Resolves `name` while another thread does `swap` over and over, until it was found and refused
/// and all that often enough.
fn contest(dir: &Dir, name: &str, swap: impl Fn() + Sync) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                swap();
            }
        });
        // Also when an assertion fails, or the scope would wait for ever.
        let _end = End(&over);
        let (mut found, mut refused) = (0, 0);
        until("a name was found and refused", || {
            match text(dir, name) {
                Ok(text) => {
                    assert_eq!(text, "inside");
                    found += 1;
                }
                Err(Error::Outside | Error::NotFound) => refused += 1,
                Err(error) => panic!("{error}"),
            }
            (found > 0 && refused > 0 && found + refused >= TIMES).then_some(())
        });
    });
}

struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_folder_swapped_for_a_link_to_the_root() {
    let scene = Scene::new();
    // What the name would be if the link to / were followed.
    let secret = scene.outside("secret").display().to_string();
    let below = scene.jail("sub").join(secret.trim_start_matches('/'));
    fs::create_dir_all(below.parent().unwrap()).unwrap();
    fs::write(&below, "inside").unwrap();
    scene.link("link", "/");
    assert_eq!(
        fs::read_to_string(scene.jail("link").join(secret.trim_start_matches('/'))).unwrap(),
        "outside"
    );
    let name = format!("sub{secret}");
    ways(|_| {
        contest(&scene.dir(), &name, || exchange(&scene.jail("sub"), &scene.jail("link")));
        put_back(&scene, "sub", "link");
    });
}

#[test]
fn a_file_swapped_for_a_link_beside_the_folder() {
    let scene = Scene::new();
    scene.link("sub/link", "../../outside/secret");
    ways(|_| {
        contest(&scene.dir(), "sub/b", || exchange(&scene.jail("sub/b"), &scene.jail("sub/link")));
        put_back(&scene, "sub/b", "sub/link");
    });
}

/// `..` in a link means another folder from one moment to the next. The walk follows no link and is
/// out of this.
#[test]
fn a_folder_carried_out_while_a_link_in_it_leads_upwards() {
    let scene = Scene::new();
    fs::write(scene.jail("secret"), "inside").unwrap();
    scene.link("sub/up", "../secret");
    ways(|way| {
        if way == Way::Kernel {
            contest(&scene.dir(), "sub/up", || {
                fs::rename(scene.jail("sub"), scene.outside("sub")).unwrap();
                fs::rename(scene.outside("sub"), scene.jail("sub")).unwrap();
            });
        }
    });
}

fn put_back(scene: &Scene, name: &str, link: &str) {
    if scene.jail(name).is_symlink() {
        exchange(&scene.jail(name), &scene.jail(link));
    }
}
