//! Whose key is whose.

use nix::sys::signal::Signal;

/// What the driver must not feel: Ctrl-C and Ctrl-\ are for the conductor.
pub(crate) const NOT_THE_DRIVERS: &[Signal] = &[Signal::SIGINT, Signal::SIGQUIT];

/// What the conductor must not feel: Ctrl-Z is for the driver.
pub(crate) const NOT_THE_CONDUCTORS: &[Signal] = &[Signal::SIGTSTP];
