//! The broken twins are broken in the way that they say.

use testkit::Program;

fn told(twin: &str) -> String {
    let done = Program::example(twin).run();
    done.succeeded();
    done.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
}

#[test]
fn zombie_leak_leaves_a_zombie_for_each_job() {
    says(&told("zombie_leak"), &["5 children have ended, 5 zombies in /proc"]);
}

#[test]
fn status_as_code_calls_the_living_and_the_killed_a_success() {
    let told = told("status_as_code");
    says(&told, &["not ended 0 0 success", "SIGTERM 15 0 success", "SIGKILL 9 0 success"]);
    says(&told, &["exit 3 768 3 failed with 3"]);
}

#[test]
fn wait_steals_takes_a_child_from_std() {
    says(&told("wait_steals"), &["has collected 2; somebody else's wait: No child processes"]);
}
