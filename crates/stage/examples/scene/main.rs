//! A program for the tests of `stage`: what it does depends on its argument.

use std::io::{self, Read as _, Write as _, pipe};
use std::process::{Command, ExitCode, abort};
use std::thread;

fn main() -> io::Result<ExitCode> {
    let role = std::env::args().nth(1);
    match role.as_deref() {
        None => lesson()?,
        Some("stuck") => stuck()?,
        Some("spin") => spin()?,
        Some("forever") => forever()?,
        Some("many") => many()?,
        Some("loud") => loud()?,
        Some("much") => much()?,
        Some("rude") => rude()?,
        Some("children") => children()?,
        Some("echo") => drop(io::copy(&mut io::stdin(), &mut io::stdout())?),
        Some("abort") => abort(),
        Some(code) => return Ok(ExitCode::from(code.parse().unwrap_or(99))),
    }
    Ok(ExitCode::SUCCESS)
}

/// One thread waits for another.
fn lesson() -> io::Result<()> {
    let (mut reader, mut writer) = pipe()?;
    // The thread sleeps in read until somebody
    // has written: 等待.
    let waiter = thread::spawn(move || {
        let mut word = [0; 8];
        reader.read(&mut word)
    });
    writer.write_all(b"word")?; // wakes it
    let length = waiter.join().map_err(|_| io::Error::other("it panicked"))??;
    writeln!(io::stdout(), "read {length} bytes")
}

/// Waits for itself.
fn stuck() -> io::Result<()> {
    let (mut reader, writer) = pipe()?;
    reader.read_exact(&mut [0])?;
    drop(writer);
    Ok(())
}

/// Computes for ever.
fn spin() -> io::Result<()> {
    writeln!(io::stdout(), "spinning")?;
    loop {
        std::hint::spin_loop();
    }
}

/// Never ends.
fn forever() -> io::Result<()> {
    let mut null = std::fs::File::create("/dev/null")?;
    loop {
        null.write_all(b"again")?;
    }
}

/// A hundred children at a time.
fn many() -> io::Result<()> {
    let start = |_| Command::new("true").spawn();
    let children = (0..100).map(start).collect::<io::Result<Vec<_>>>()?;
    for mut child in children {
        child.wait()?;
    }
    Ok(())
}

/// Megabytes.
fn loud() -> io::Result<()> {
    let line = [b'x'; 8191];
    for _ in 0..400 {
        io::stdout().write_all(&line)?;
        writeln!(io::stdout())?;
    }
    Ok(())
}

/// 50 MB.
fn much() -> io::Result<()> {
    let line = vec![b'y'; 65536];
    for _ in 0..800 {
        io::stdout().write_all(&line)?;
    }
    writeln!(io::stdout())
}

/// What a terminal would obey, and what is no text: in its name, and in what it says.
fn rude() -> io::Result<()> {
    std::fs::write("/proc/self/comm", "\x1b[31mred\x07")?;
    io::stdout().write_all(b"\x1b[2J\x1b]0;mine\x07 no \xff\xfe text\n")?;
    io::stderr().write_all(b"\x1b[?1049l\x9b5n end\n")
}

/// Some that sleep until somebody kills them.
fn children() -> io::Result<()> {
    let start = |_| Command::new("sleep").arg("infinity").spawn();
    let children = (0..5).map(start).collect::<io::Result<Vec<_>>>()?;
    writeln!(io::stdout(), "all there")?;
    for mut child in children {
        child.wait()?;
    }
    Ok(())
}
