//! The terminal, taken and given back: at the end, after a panic, when a signal ends or stops us.

use std::io::{self, Stdout, Write as _, stdout};
use std::process::exit;
use std::sync::Once;

use cli::Outcome;
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use process::signals::{Calls, Disposition};
use ratatui::Terminal;
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{cursor, execute};

use super::model::Model;
use super::view::{self, Palette};

/// The terminal, as long as it is ours. Dropping this gives it back.
#[derive(Debug)]
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    palette: Palette,
    /// Signals that would end us and leave the terminal behind.
    ends: Vec<Disposition>,
    /// SIGTSTP, and how often it has come.
    stop: Option<Disposition>,
    /// SIGCONT, and how often it was seen to.
    back: Disposition,
    returned: u64,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// To end, as this signal would have it.
    ToEnd(Signal),
    /// To stop.
    ToStop,
}

const ENDS: [Signal; 4] = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT];

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn enter() -> Outcome<Self> {
        let count = |signal| Disposition::count(signal, Calls::Restart);
        let ends = ENDS.into_iter().map(count).collect::<Result<_, _>>()?;
        let (stop, back) = (Some(count(Signal::SIGTSTP)?), count(Signal::SIGCONT)?);
        restore_after_panic();
        take()?;
        // From here on dropping it gives the terminal back.
        let terminal = Terminal::new(CrosstermBackend::new(stdout()));
        let terminal = terminal.inspect_err(|_| give_back())?;
        let palette = Palette::of_environment();
        Ok(Self { terminal, palette, ends, stop, back, returned: 0 })
    }

    /// Draws what is different from what is there.
    pub(crate) fn draw(&mut self, model: &Model) -> io::Result<()> {
        let palette = self.palette;
        let draw = |frame: &mut ratatui::Frame<'_>| {
            view::draw(model, palette, frame.area(), frame.buffer_mut());
        };
        self.terminal.draw(draw).map(drop)
    }

    /// Draws everything anew next time.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        // Terminal::clear would ask the terminal where its cursor is, and wait for the answer.
        self.terminal.backend_mut().clear()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Whether a signal has come that wants something.
    pub(crate) fn called(&self) -> Option<Called> {
        let ends = self.ends.iter().zip(ENDS).find(|(end, _)| end.seen() > 0);
        let stops = self.stop.as_ref().is_some_and(|stop| stop.seen() > 0);
        ends.map(|(_, signal)| Called::ToEnd(signal)).or(stops.then_some(Called::ToStop))
    }

    /// Ends with the status of a program that the signal has killed.
    pub(crate) fn die(self, signal: Signal) -> ! {
        drop(self);
        exit(128 + signal as i32)
    }

    /// Gives the terminal back and stops, as every program does at Ctrl-Z, until it goes on.
    pub(crate) fn suspend(&mut self) -> Outcome {
        give_back();
        // In raw mode the keys come as keys: the others of the shell's job, which have not seen
        // this one, are told; our own handler counts it.
        kill(Pid::from_raw(0), Signal::SIGTSTP)?;
        self.stop = None;
        raise(Signal::SIGTSTP)?;
        self.stop = Some(Disposition::count(Signal::SIGTSTP, Calls::Restart)?);
        Ok(())
    }

    /// Whether we have been stopped and go on again. The terminal was somebody else's meanwhile:
    /// it is taken again.
    pub(crate) fn is_back(&mut self) -> bool {
        let returned = self.back.seen();
        let is_back = returned != self.returned;
        self.returned = returned;
        is_back && take().and_then(|()| self.clear()).is_ok()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, cursor::Hide)
}

/// As far as it goes: nobody is left to be told.
fn give_back() {
    let _ = execute!(stdout(), cursor::Show, LeaveAlternateScreen);
    let _ = stdout().flush();
    let _ = disable_raw_mode();
}

/// What a panic says must not vanish with the other screen. One of the tracer's thread ends the
/// tracing, which is shown, and not the interface: it must not write into the picture.
fn restore_after_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (before, ours) = (std::panic::take_hook(), std::thread::current().id());
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == ours {
                give_back();
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests;
