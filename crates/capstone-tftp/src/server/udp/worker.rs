//! The loop of one worker.

use std::net::UdpSocket;
use std::os::fd::AsFd as _;
use std::time::Instant;

use multiplex::{Deadline, Epoll, Interest, Poller as _, Token, Trigger};
use server::Stopper;
use syscall::{Context as _, Result};

use super::alarms::Alarms;
use super::listener::Listener;
use super::table::Table;
use super::{Options, Report};
use crate::carrier::{Inbox, Outbox};
use crate::store::Store;
use crate::tftp::packet::Code;

const STOP: Token = Token(u32::MAX);
pub(super) const LISTENER: Token = Token(u32::MAX - 1);

/// Who hears of what is over.
pub(super) type Told<'a> = &'a (dyn Fn(&Report<'_>) + Sync);

/// A listener and its transfers.
#[derive(Debug)]
pub(super) struct Worker<'a> {
    pub(super) listener: Listener,
    pub(super) poller: Epoll,
    pub(super) table: Table,
    alarms: Alarms,
    inbox: Inbox,
    pub(super) outbox: Outbox,
    /// Bytes of windows that nobody has.
    pub(super) memory: usize,
    pub(super) store: &'a Store,
    pub(super) options: &'a Options,
    stop: &'a Stopper,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        listener: UdpSocket,
        store: &'a Store,
        options: &'a Options,
        stop: &'a Stopper,
    ) -> Result<Self> {
        let listener = Listener::new(listener)?;
        let mut poller = Epoll::new().map_err(|error| error.errno()).call("epoll_create1")?;
        for (fd, token) in [(listener.as_fd(), LISTENER), (stop.as_fd(), STOP)] {
            let added = poller.register(fd, token, Interest::READABLE, Trigger::Level);
            added.map_err(|error| error.errno()).call("epoll_ctl")?;
        }
        let (inbox, outbox, memory) = (Inbox::new(), Outbox::new(), options.memory);
        let (table, alarms) = (Table::default(), Alarms::default());
        Ok(Self { listener, poller, table, alarms, inbox, outbox, memory, store, options, stop })
    }

    /// Until the stop, and what has begun.
    pub(super) fn work(mut self, told: Told<'_>) -> Result<()> {
        let mut events = Vec::new();
        let mut grace = None;
        while grace.is_none_or(|grace: Deadline| !grace.has_passed() && self.table.len() > 0) {
            self.poller
                .wait(&mut events, self.until(grace))
                .map_err(|error| error.errno())
                .call("epoll_wait")?;
            let now = Instant::now();
            for event in &events {
                match event.token {
                    LISTENER => self.admit_all(now, told),
                    STOP => grace = Some(self.hear_no_more(told)),
                    Token(key) => self.turn(key, now, told),
                }
            }
            while let Some(key) = self.alarms.ring(now) {
                self.wake(key, now, told);
            }
        }
        for key in self.table.keys() {
            self.end(key, Code::NotDefined, "the server is going down", told);
        }
        Ok(())
    }

    fn until(&self, grace: Option<Deadline>) -> Deadline {
        let alarm = self.alarms.next().map_or(Deadline::Never, Deadline::At);
        match (alarm, grace) {
            (Deadline::At(alarm), Some(Deadline::At(grace))) => Deadline::At(alarm.min(grace)),
            (Deadline::Never, Some(grace)) => grace,
            _ => alarm,
        }
    }

    fn turn(&mut self, key: u32, now: Instant, told: Told<'_>) {
        let alone = self.table.len() == 1;
        let Some(transfer) = self.table.get_mut(key) else { return };
        if transfer.waits_for_room {
            transfer.speak(&mut self.outbox, now);
        }
        transfer.turn(&mut self.inbox, &mut self.outbox, alone);
        self.settle(key, Instant::now(), told);
    }

    /// An alarm rings, perhaps of a deadline that has moved.
    fn wake(&mut self, key: u64, now: Instant, told: Told<'_>) {
        let Ok(key) = u32::try_from(key) else { return };
        let Some(transfer) = self.table.get_mut(key) else { return };
        transfer.alarm = None;
        if transfer.side.deadline().is_some_and(|deadline| deadline <= now) {
            transfer.side.expire(now);
            transfer.speak(&mut self.outbox, now);
        }
        self.settle(key, now, told);
    }

    /// After a turn: what is to be waited for now.
    pub(super) fn settle(&mut self, key: u32, now: Instant, told: Told<'_>) {
        let Some(transfer) = self.table.get_mut(key) else { return };
        transfer.report(now, told);
        if transfer.side.over() {
            return self.remove(key);
        }
        let room = if transfer.waits_for_room { Interest::WRITABLE } else { Interest::empty() };
        let interest = Interest::READABLE | room;
        let fd = transfer.socket.as_fd();
        // Where it fails (ENOMEM), the alarm wakes it.
        if interest != transfer.watched
            && self.poller.modify(fd, Token(key), interest, Trigger::Level).is_ok()
        {
            transfer.watched = interest;
        }
        if let Some(deadline) = transfer.side.deadline()
            && transfer.alarm.is_none_or(|alarm| alarm > deadline)
        {
            transfer.alarm = Some(deadline);
            self.alarms.set(deadline, key.into());
        }
    }

    /// Before its time.
    pub(super) fn end(&mut self, key: u32, code: Code, words: &str, told: Told<'_>) {
        if let Some(transfer) = self.table.get_mut(key) {
            let now = Instant::now();
            transfer.side.fail(code, words);
            transfer.speak(&mut self.outbox, now);
            transfer.report(now, told);
            self.remove(key);
        }
    }

    fn remove(&mut self, key: u32) {
        if let Some(transfer) = self.table.remove(key) {
            self.memory += transfer.memory;
            // It is about to be closed, which ends the watch in any case.
            let _ = self.poller.remove(transfer.socket.as_fd());
        }
    }

    /// No requests from now on; those who have all that they wanted are not waited for.
    fn hear_no_more(&mut self, told: Told<'_>) -> Deadline {
        let _ = self.poller.remove(self.listener.as_fd());
        let _ = self.poller.remove(self.stop.as_fd());
        for key in self.table.keys() {
            let ended = self.table.get_mut(key).is_some_and(|transfer| transfer.has_ended());
            if ended {
                self.end(key, Code::NotDefined, "", told);
            }
        }
        Deadline::after(self.options.grace)
    }
}
