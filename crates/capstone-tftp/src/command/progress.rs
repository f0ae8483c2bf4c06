//! How far a transfer has come, for people: a bar on standard error, where that is a terminal that
//! can move its cursor. Elsewhere nothing. It has no colours, so nobody has to switch them off.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A name is cut where it is wider than so many columns; a Chinese character has two.
const BAR: &str = "{msg:24!} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
const COUNT: &str = "{msg:24!} {spinner} {bytes} {bytes_per_sec}";

/// One transfer.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// `name` is harmless. `size`: of the whole file, where it is known; `come`: what is there
    /// already.
    pub fn new(name: &str, size: Option<u64>, come: u64) -> Self {
        // It hides where there is no terminal, and on one that is dumb (`TERM`, or none).
        let target = ProgressDrawTarget::stderr_with_hz(8);
        let bar = ProgressBar::with_draw_target(size, target);
        bar.set_style(style(size));
        bar.set_message(name.to_owned());
        bar.set_position(come);
        // The rate is that of this transfer, not of what had come before.
        bar.reset_eta();
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }

    /// How large it is, once somebody says so.
    pub fn know(&self, size: Option<u64>) {
        if let Some(size) = size.filter(|&size| self.0.length() != Some(size)) {
            self.0.set_length(size);
            self.0.set_style(style(Some(size)));
        }
    }

    /// So many bytes of it are there.
    pub fn reach(&self, bytes: u64) {
        self.0.set_position(bytes);
    }
}

impl Drop for Progress {
    /// The line is the next one's again.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn style(size: Option<u64>) -> ProgressStyle {
    let style = ProgressStyle::with_template(if size.is_some() { BAR } else { COUNT });
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}
