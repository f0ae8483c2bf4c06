//! What chance fills a recording with.

use crate::record::Surroundings;
use crate::task::Task;

/// What is different from run to run; the first process is the one outside.
pub(super) struct World {
    pub(super) pids: [i32; 5],
    pub(super) ports: [u16; 3],
    pub(super) inodes: [u64; 3],
    pub(super) randoms: [&'static str; 2],
    pub(super) root: &'static str,
}

impl World {
    pub(super) fn surroundings(&self) -> Surroundings {
        let task = |(index, &pid): (usize, &i32)| (pid, TASKS[index]);
        let tasks = self.pids[1..].iter().enumerate().map(task).collect();
        Surroundings { tasks, folders: vec![(self.root.into(), ".".into())] }
    }
}

/// Who has the processes but the first.
pub(super) const TASKS: [Task; 4] = [
    Task::FIRST,
    Task { process: 2, thread: 1 },
    Task { process: 2, thread: 2 },
    Task { process: 3, thread: 1 },
];
