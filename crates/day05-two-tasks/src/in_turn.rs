//! One after the other: the second begins when the first has ended.

use cli::Outcome;

use crate::journal::Journal;
use crate::lesson::Way;
use crate::task::Task;

pub(crate) const WAY: Way = Way { name: "one after the other", run };

fn run(tasks: &[Task; 2], journal: &Journal) -> Outcome<Vec<u8>> {
    tasks.iter().map(|task| task.run(journal)).collect()
}
