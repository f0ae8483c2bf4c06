//! The doctor on stepping, where tracing is refused in one way or the other.

use std::path::Path;

use nix::errno::Errno;
use testkit::sandbox::Filter;
use testkit::{Program, need, skip};

use crate::fixture::Workspace;

/// What `cargo course doctor` says of stepping. The rest may be missing in a sandbox.
fn stepping(set_up: impl FnOnce(Program) -> Program) -> String {
    let report = set_up(Workspace::new().course(&["doctor"])).run();
    let line = report.stdout.lines().find(|line| line.contains("  stepping  "));
    line.unwrap_or_else(|| panic!("nothing of stepping: {report:#?}")).into()
}

/// Ends the test, aloud, where the sandbox of the test cannot be made, or is not the only one.
macro_rules! needs {
    ($program:expr) => {
        if let Err(reason) = $program.can_start() {
            skip!("{reason}");
        }
        if !stepping(|it| it).starts_with("ok ") {
            skip!("nothing can be traced here anyway");
        }
    };
}

fn under(filter: &Filter) -> String {
    stepping(|it| it.filtered(filter))
}

/// PTRACE_GET_SYSCALL_INFO (linux/ptrace.h).
const CALL_INFO: u32 = 0x420e;

#[test]
fn a_filter_that_refuses_ptrace_is_named_with_its_remedy() {
    needs!(Program::new("true").filtered(&Filter::new()));
    for errno in [Errno::EPERM, Errno::ENOSYS] {
        let said = under(&Filter::new().refuse(libc::SYS_ptrace, errno));
        assert!(said.starts_with("missing  stepping  "), "{said}");
        let why = format!("a seccomp filter, as containers have one, refuses ptrace: {errno}. ");
        assert!(said.contains(&why), "{said}");
        assert!(
            said.contains("To do: docker run --cap-add SYS_PTRACE, or --security-opt "),
            "{said}"
        );
    }
}

#[test]
fn dockers_default_lets_one_step_and_hides_what_pipes_hold() {
    needs!(Program::new("true").filtered(&Filter::new()));
    let said = under(&Filter::docker());
    assert!(said.starts_with("ok       stepping"), "{said}");
    assert!(said.contains("pidfd_getfd: EPERM") && said.contains("SYS_PTRACE mends"), "{said}");
}

#[test]
fn memory_is_read_by_another_way_where_one_is_closed() {
    needs!(Program::new("true").filtered(&Filter::new()));
    let said = under(&Filter::new().refuse(libc::SYS_process_vm_readv, Errno::EPERM));
    assert!(said.starts_with("ok ") && said.contains("(by /proc/PID/mem)"), "{said}");
}

#[test]
fn a_kernel_without_the_newest_request_is_told_from_one_without_ptrace() {
    needs!(Program::new("true").filtered(&Filter::new()));
    let said = under(&Filter::new().refuse_first(libc::SYS_ptrace, CALL_INFO, Errno::EIO));
    assert!(said.contains("PTRACE_GET_SYSCALL_INFO: EIO") && said.contains("5.3"), "{said}");
    assert!(said.starts_with("missing") && said.contains("gVisor"), "{said}");
}

/// At the root, because the fixture's folders are closed to others.
#[test]
fn nobody_may_trace_his_own_children() {
    let course = || Program::new(env!("CARGO_BIN_EXE_course")).in_dir(Path::new("/")).as_nobody();
    needs!(course().args(["--help"]));
    let report = course().args(["doctor"]).run();
    let mut lines = report.stdout.lines();
    let said = lines.find(|line| line.contains("  stepping  ")).expect("a line of it");
    assert!(said.starts_with("ok       stepping"), "{report:#?}");
    assert!(!said.contains("pidfd_getfd"), "{said}");
}

/// strace -f traces what its program starts before anybody else can.
#[test]
fn a_tracer_that_is_there_already_is_named() {
    if need::program("strace").is_none() {
        skip!("there is no strace");
    }
    needs!(Program::new("strace").args(["-V"]));
    let workspace = Workspace::new();
    let traced = Program::new("strace").args(["-f", "-o", "/dev/null"]);
    let traced = traced.args([env!("CARGO_BIN_EXE_course"), "doctor"]);
    let report = workspace.set_up(traced).run();
    let mut lines = report.stdout.lines();
    let said = lines.find(|line| line.contains("  stepping  ")).expect("a line of it");
    assert!(said.contains("strace (") && said.contains(" traces this program"), "{said}");
    assert!(said.starts_with("missing") && said.contains("To do: run it outside of "), "{said}");
}
