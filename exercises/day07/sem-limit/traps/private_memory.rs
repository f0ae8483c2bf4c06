//! expect: in the parent value() is 3
//! expect: they have two semaphores

use std::io;
use std::ptr::NonNull;

use libc::sem_t;
use nix::errno::Errno;
#[derive(Debug)]
pub struct Semaphore {
    at: NonNull<sem_t>,
}

impl Semaphore {
    pub fn new(places: u32) -> nix::Result<Self> {
        // SAFETY: a sem_t consists of bytes and integers: all zeros is a value of it.
        let at = Box::leak(Box::new(unsafe { std::mem::zeroed::<sem_t>() }));
        let new = Self { at: NonNull::from(at) };
        // SAFETY: it is a box's, so it is aligned and large enough, and new.
        Errno::result(unsafe { libc::sem_init(new.at.as_ptr(), 1, places) })?;
        Ok(new)
    }
    pub fn acquire(&self) -> nix::Result<()> {
        loop {
            // SAFETY: `new` has initialised it, and the box lives as long as `self`. A child's copy
            // of it is no semaphore (sem_init(3)): that is the mistake.
            match Errno::result(unsafe { libc::sem_wait(self.at.as_ptr()) }) {
                Err(Errno::EINTR) => {}
                done => return done.map(drop),
            }
        }
    }
    pub fn release(&self) -> nix::Result<()> {
        // SAFETY: as in `acquire`.
        Errno::result(unsafe { libc::sem_post(self.at.as_ptr()) }).map(drop)
    }
    pub fn value(&self) -> nix::Result<i32> {
        let mut value = 0;
        // SAFETY: as in `acquire`, and the answer goes to an integer of ours.
        Errno::result(unsafe { libc::sem_getvalue(self.at.as_ptr(), &raw mut value) })?;
        Ok(value)
    }
    pub fn limited<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.acquire()?;
        let _place = Place(self);
        work()
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: it was leaked from a box of this type, and nobody can have borrowed from `self`
        // any more.
        drop(unsafe { Box::from_raw(self.at.as_ptr()) });
    }
}
struct Place<'a>(&'a Semaphore);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let _ = self.0.release();
    }
}
