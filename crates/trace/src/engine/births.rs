//! Births, other programs, and ends.

use super::current::Position;
use super::signals::process_of;
use super::tasks::Id;
use super::tracee::{Job, Motion};
use super::{Error, Stir, Tracer};
use crate::step::{Birth, End, Event, Place, Step};
use crate::sys::{self, Tid};

impl Tracer {
    /// A task has made another one, which has been seized by the kernel and will report itself.
    pub(super) fn bore(&mut self, id: Id, tid: Tid, event: i32) -> Result<(), Error> {
        let born = matches!(
            event,
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE
        );
        let Some(parent) = self.tasks.get(id).filter(|_| born) else { return Ok(()) };
        let Ok(child) = Tid::try_from(sys::event_message(tid)?) else { return Ok(()) };
        let (pid, maker) = (parent.pid, parent.name);
        // One that was killed at once has no process any more: then the way it was made tells.
        let thread =
            process_of(child).map_or(event == libc::PTRACE_EVENT_CLONE, |owner| owner == pid);
        let how = match event {
            _ if thread => Birth::Thread,
            libc::PTRACE_EVENT_VFORK => Birth::Vfork,
            _ => Birth::Fork,
        };
        // fork returns twice. The kernel does not report it of the child.
        let position = match &parent.position {
            Position::Inside(current) if how == Birth::Fork => Position::Born(current.clone()),
            _ => Position::Outside,
        };
        // A handler that runs, runs in both.
        let handlers = if how == Birth::Fork { parent.handlers.clone() } else { Vec::new() };
        if let Some(tracee) = self.tasks.get_mut(id)
            && let Position::Inside(current) = &mut tracee.position
        {
            current.lends_memory = how == Birth::Vfork;
        }
        let new = self.tasks.add(child, if thread { pid } else { child });
        if let Some(tracee) = self.tasks.get_mut(new) {
            (tracee.position, tracee.handlers) = (position, handlers);
            if !thread {
                self.symbols.forked(pid, child);
                self.script.process(child, tracee.name);
            }
        }
        self.tell(new, Event::Born { parent: maker, how });
        Ok(())
    }

    /// A process runs another program. The thread that has asked for it is the only one that is
    /// left, and has the process's number, whatever its own was.
    pub(super) fn executed(&mut self, id: Id, tid: Tid) -> Result<(), Error> {
        self.stir = Stir::Killed;
        let Ok(former) = Tid::try_from(sys::event_message(tid)?) else { return Ok(()) };
        let caller = self.tasks.of_tid(former).filter(|&caller| caller != id);
        if let Some(caller) = caller.and_then(|caller| self.tasks.remove(caller)) {
            if let Some(tracee) = self.tasks.get_mut(id) {
                tracee.position = caller.position;
            }
            let event = Event::Ended(End::Thread);
            let step = Step {
                number: 0,
                task: caller.name,
                event,
                call: None,
                place: Place::default(),
                output: None,
                changes: Vec::new(),
            };
            if self.begun {
                self.script.tell(id, step);
            }
            // Whoever moved as that thread moves on as this one.
            self.mover = id;
        }
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        tracee.handlers.clear();
        let pid = tracee.pid;
        self.watched.retain(|&(owner, _)| owner != pid);
        self.symbols.changed(pid);
        self.links.forget();
        let path = std::fs::read_link(format!("/proc/{tid}/exe"));
        let path = path.map_or_else(|_| String::new(), |path| path.display().to_string());
        self.tell(id, Event::Exec { path });
        Ok(())
    }

    /// A task has ended, and its parent may know it now: the kernel has waited for the tracer.
    pub(super) fn ended(&mut self, id: Id, end: End) {
        self.stir = Stir::Killed;
        self.came = self.slices;
        let Some(tracee) = self.tasks.get(id) else { return };
        let (pid, leader) = (tracee.pid, tracee.is_leader());
        let first = tracee.name == crate::task::Task::FIRST;
        let end = if leader { end } else { End::Thread };
        if first {
            self.end = Some(end);
        }
        if self.begun || first {
            self.tell_step(id, Event::Ended(end), None, Place::default(), None);
        }
        self.tasks.remove(id);
        if leader {
            self.dead.push((pid, None));
            self.symbols.gone(pid);
            self.links.forget();
            self.watched.retain(|&(owner, _)| owner != pid);
        }
    }

    /// A signal has stopped a process, and this task with it. It stays stopped as it would
    /// without a tracer.
    pub(super) fn stopped(&mut self, id: Id, tid: Tid, signal: i32) -> Result<(), Error> {
        sys::listen(tid)?;
        self.stir = self.stir.max(Stir::Woken);
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        tracee.motion = Motion::Listening;
        let pid = tracee.pid;
        let Some(process) = self.tasks.process_mut(pid) else { return Ok(()) };
        if std::mem::replace(&mut process.job, Job::Stopped) != Job::Stopped {
            // Told once, of the whole process: which of its threads is first is chance.
            let leader = self.tasks.of_tid(pid).unwrap_or(id);
            self.tell(leader, Event::Stopped { signal });
        }
        Ok(())
    }
}
