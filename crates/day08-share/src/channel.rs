//! Channels: the data goes to the other thread, and then nothing is shared.

use std::io::{self, Write as _};
use std::sync::mpsc::{self, TryRecvError, TrySendError};
use std::thread;

use cli::Outcome;
use crossbeam::channel;

pub(crate) fn show() -> Outcome {
    let mut out = io::stdout();

    // queue.Queue(maxsize=2): a full channel makes its sender wait, or tells it.
    let (sender, receiver) = mpsc::sync_channel(2);
    sender.send("bread".to_owned())?;
    sender.send("milk".to_owned())?;
    // The String is refused and comes back: it was moved, and never copied.
    let TrySendError::Full(back) = sender.try_send("salt".to_owned()).err().ok_or("no limit")?
    else {
        return Err("the receiver has gone".into());
    };
    writeln!(out, "a channel for two: a third is refused, {back:?} comes back")?;
    // The last sender's end is the end of the stream, after what lies in it. Python's Queue has
    // none (until 3.13): there, an item that means "the end" has to be agreed on.
    drop(sender);
    let (first, second) = (receiver.recv()?, receiver.recv()?);
    let end = receiver.try_recv() == Err(TryRecvError::Disconnected);
    writeln!(out, "  received: {first}, {second}, then the end of the stream: {end}")?;

    // std's channel has any number of senders and one receiver; crossbeam's any number of both.
    let (sender, receiver) = channel::bounded::<u64>(8);
    let sums = thread::scope(|scope| {
        let readers = [(); 3].map(|()| {
            let receiver = receiver.clone();
            scope.spawn(move || receiver.into_iter().fold((0, 0), |(n, sum), x| (n + 1, sum + x)))
        });
        drop(receiver);
        let sent = (1..=10_000).try_for_each(|number| sender.send(number));
        drop(sender);
        sent.map(|()| readers.map(|reader| reader.join().unwrap_or((0, 0))))
    })?;
    // Which of them got which is different on every run. That each went to exactly one is not.
    let (count, sum) = sums.iter().fold((0, 0), |(n, sum), one| (n + one.0, sum + one.1));
    writeln!(out, "  three receivers share 10000 numbers: {count} received, sum {sum}")?;
    Ok(())
}
