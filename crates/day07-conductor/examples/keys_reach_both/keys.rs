//! Whose key is whose.

use nix::sys::signal::Signal;

/// WRONG: "Ctrl-C is the conductor's" is nothing that the terminal knows. The driver gets it too,
/// and its default action ends him.
pub(crate) const NOT_THE_DRIVERS: &[Signal] = &[Signal::SIGQUIT];

/// What the conductor must not feel: Ctrl-Z is for the driver.
pub(crate) const NOT_THE_CONDUCTORS: &[Signal] = &[Signal::SIGTSTP];
