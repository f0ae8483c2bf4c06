//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn join_in_loop_has_two_threads_and_runs_them_in_turn() {
    let mut running = Program::example("join_in_loop").spawn();
    let pid = running.pid().to_string();
    running.line("two threads: ");
    let order = running.line("at the same time");
    assert_eq!(order, "  one begins, one ends, one begins, one ends; at the same time: false");
    let threads = ["first", "second"].map(|name| {
        let line = running.line(name);
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[3].trim_end_matches(','), pid, "{line}");
        words[5].to_owned()
    });
    assert!(threads[0] != threads[1] && !threads.contains(&format!("{pid},")), "{threads:?}");
    let done = running.wait();
    done.succeeded();
    // Both ways take the sum.
    assert_eq!(done.stdout.matches("less than the sum: false").count(), 2, "{}", done.stdout);
}
