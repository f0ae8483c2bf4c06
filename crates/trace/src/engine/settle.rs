//! Waiting until everybody stands or sleeps.

use std::time::{Duration, Instant};

use super::current::{Manner, Position};
use super::rest::Rest;
use super::tracee::{Motion, Slice, Tracee};
use super::{Error, Stir, Tracer};
use crate::kernel::{Watch, carry_on, network_is_quiet};
use crate::step::Event;

/// Everybody must be found asleep so often in a row, where one that was woken by a thread of the
/// kernel's is so a moment later …
const LOOKS: u32 = 3;
/// … and so far apart.
const PAUSE: Duration = Duration::from_micros(100);
/// And so often, while packets are known to be on their way.
const PATIENT: u32 = 50;
/// Looks without a pause, while a report is expected any moment: so many, where each lends the
/// processor to others …
const SPINS: u32 = 20;
/// … and for so long, where nobody wants it: the mover's own may have to be woken first, which takes a
/// virtual machine tens of microseconds.
const SPIN: Duration = Duration::from_micros(200);
/// Most calls are over by now, and nobody is asked whether they sleep.
const BLIND: u32 = 3;

impl Tracer {
    /// Waits until every task stands, sleeps in the kernel, or has ended; then tells what has
    /// happened, in order.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        let (mut quiet, mut spins, mut since) = (0, 0, Instant::now());
        let mut moved = false;
        let mut carried = false;
        loop {
            if self.collect_stops()? {
                (quiet, spins, since) = (0, 0, Instant::now());
            }
            if !self.is_awaited() && self.stir == Stir::Nothing {
                break;
            }
            let early = self.mover_is_off() && spins < BLIND;
            let soon = spins < SPINS || since.elapsed() < SPIN;
            if soon && (early || self.mover_is_off() && self.mover_is_awake()) {
                spins += 1;
                std::thread::yield_now();
                continue;
            }
            // A writer may wait for room.
            if self.is_somebody_writing() && self.drain() {
                (quiet, spins, since) = (0, 0, Instant::now());
            }
            let rest = self.rest().max(self.rest_of_dead());
            quiet = if rest == Rest::Moves { 0 } else { quiet + 1 };
            moved |= quiet == 0 || self.mover_is_off();
            if self.is_told_to_stop() {
                return Ok(());
            }
            if rest == Rest::Ended {
                if !self.collect_ends()? {
                    std::thread::sleep(PAUSE);
                }
                quiet = 0;
                continue;
            }
            let looks = match rest {
                Rest::Unsure => LOOKS,
                // One may have been woken by another after he was looked at.
                _ if moved && self.off() > 1 => self.looks().max(2),
                _ => self.looks(),
            };
            if quiet >= looks {
                if carried || !self.writes_to_terminals() {
                    break;
                }
                let processes: Vec<_> = self.tasks.processes().map(|(pid, _)| pid).collect();
                carry_on(processes);
                (carried, quiet) = (true, 0);
            }
            if quiet == 0 && soon {
                spins += 1;
                std::thread::yield_now();
            } else if quiet == 0 || looks >= LOOKS {
                std::thread::sleep(PAUSE);
            }
        }
        self.stir = Stir::Nothing;
        self.tell_blocked();
        self.close();
        Ok(())
    }

    /// Whether characters may be on their way. Who has once written some may have done so again
    /// before he has ended somebody.
    fn writes_to_terminals(&mut self) -> bool {
        self.terminals |= self.stir == Stir::Later;
        self.terminals && self.stir >= Stir::Later
    }

    /// How often everybody has to be found asleep.
    fn looks(&mut self) -> u32 {
        if self.off() == 0 {
            return 1;
        }
        let mover = self.tasks.get(self.mover).filter(|mover| mover.is_off());
        let sleeps_in = mover.and_then(|mover| match &mover.position {
            Position::Inside(current) => Some((mover.pid, current.number, current.args[0])),
            _ => None,
        });
        let stir = sleeps_in.map(|(pid, number, argument)| self.stir_of(pid, number, argument));
        match stir.map_or(self.stir, |stir| self.stir.max(stir)) {
            // Who was woken at once is not asleep any more.
            Stir::Nothing | Stir::Woken => 1,
            Stir::Later => LOOKS,
            Stir::Network | Stir::Killed => match network_is_quiet() {
                // A packet that is being carried at this moment is in no queue.
                Some(true) => 2,
                // Somebody else's, maybe.
                Some(false) => PATIENT,
                None => LOOKS,
            },
        }
    }

    /// Whether a report must come: of the mover, or of somebody's birth.
    fn is_awaited(&self) -> bool {
        self.mover_is_off()
            || self.tasks.iter().any(|(_, tracee)| tracee.motion == Motion::Expected)
    }

    fn mover_is_off(&self) -> bool {
        let mover = self.tasks.get(self.mover);
        mover.is_some_and(|tracee| matches!(tracee.motion, Motion::Going(_)))
    }

    /// Whether it is known that the mover has a processor, or waits for one.
    fn mover_is_awake(&mut self) -> bool {
        let mover = self.tasks.get_mut(self.mover).and_then(Tracee::watch);
        mover.and_then(Watch::is_off_processor) == Some(false)
    }

    /// How many were let go or born, and have not reported themselves.
    fn off(&self) -> usize {
        self.tasks.iter().filter(|(_, tracee)| tracee.is_off()).count()
    }

    /// Tells who sleeps in a call, and has not been told so.
    fn tell_blocked(&mut self) {
        for id in self.tasks.ids() {
            let Some(tracee) = self.tasks.get_mut(id) else { continue };
            let off = matches!(tracee.motion, Motion::Going(_));
            let Position::Inside(current) = &mut tracee.position else { continue };
            if !off || std::mem::replace(&mut current.blocked, true) {
                continue;
            }
            self.came = self.slices;
            if tracee.slice != Slice::Ending {
                (tracee.slice, tracee.calls) = (Slice::Fresh, 0);
            }
            if let Manner::Lifted(wait) = &mut current.manner {
                // The kernel has read it; another thread may read it now. One that is gone by now
                // reports its end.
                let _ = wait.lift.change.undo_words(tracee.tid);
                wait.socket = None;
            }
            self.touch.by_call(tracee.pid, current, None);
            self.links.by_call(current.number);
            if current.told.is_some() {
                let current = current.clone();
                self.tell_call(id, Event::Blocked, &current);
            }
        }
    }
}
