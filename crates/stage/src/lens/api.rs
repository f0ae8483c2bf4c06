//! Names of functions as people say them: `TcpListener::bind`.

/// The last two words of a path, without generics: a type, or a module, and the function.
/// `<std::net::TcpStream as std::io::Read>::read` is `TcpStream::read`.
pub(crate) fn short(path: &str) -> String {
    if let Some(what) = path.strip_prefix("core::ptr::drop_in_place<") {
        let what = last_words(&plain(what.strip_suffix('>').unwrap_or(what)), 1);
        return format!("drop({what})");
    }
    match path {
        "core::mem::drop" => "drop".into(),
        // Where std keeps it is nobody's business.
        "std::thread::functions::spawn" => "thread::spawn".into(),
        path => last_words(&plain(path), 2),
    }
}

fn last_words(path: &str, count: usize) -> String {
    let words: Vec<_> = path.split("::").filter(|word| !word.is_empty()).collect();
    let names: Vec<_> = words.iter().filter(|word| !word.starts_with('{')).copied().collect();
    match names[..] {
        [] => words.last().map_or("", |word| word.trim_matches(['{', '}'])).into(),
        ref names => names[names.len().saturating_sub(count)..].join("::"),
    }
}

/// Without what stands between angle brackets; of `<A as B>` at the beginning, A.
fn plain(path: &str) -> String {
    let (mut text, mut depth, mut hidden) = (String::new(), 0_u32, 0_u32);
    let implementation = path.starts_with('<');
    let mut rest = path;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '<' => {
                depth += 1;
                // Only the first bracket of an implementation holds what the function belongs to.
                if !(implementation && depth == 1 && text.is_empty()) {
                    hidden += 1;
                }
            }
            // An arrow, of a function's type, closes nothing.
            '>' if !text.ends_with('-') || hidden == 0 => {
                depth = depth.saturating_sub(1);
                hidden = hidden.saturating_sub(1);
            }
            ' ' if implementation && depth == 1 && hidden == 0 && rest.starts_with(" as ") => {
                hidden += 1;
                // Closed by the bracket that closes the implementation.
            }
            _ if hidden == 0 => text.push(letter),
            _ => {}
        }
        rest = &rest[letter.len_utf8()..];
    }
    text.trim_start_matches(['&', ' ']).replace("mut ", "")
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_path_is_cut_to_what_people_say() {
        for (path, said) in [
            ("std::net::tcp::TcpListener::bind", "TcpListener::bind"),
            ("<std::net::tcp::TcpStream as std::io::Read>::read", "TcpStream::read"),
            ("<&std::net::tcp::TcpStream as std::io::Write>::write_all", "TcpStream::write_all"),
            ("std::thread::Builder::spawn_unchecked_<F, T>", "Builder::spawn_unchecked_"),
            ("std::thread::spawn<closure, ()>", "thread::spawn"),
            ("std::thread::Thread<alloc::vec::Vec<u8>>::join", "Thread::join"),
            ("nix::sys::wait::waitpid", "wait::waitpid"),
            ("<std::process::Command>::spawn", "Command::spawn"),
            ("std::io::Write::write_fmt::{closure#0}", "Write::write_fmt"),
            ("core::ptr::drop_in_place<std::net::tcp::TcpStream>", "drop(TcpStream)"),
            ("core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "drop(Vec)"),
            ("core::ptr::drop_in_place<demo::run::{{closure}}>", "drop(run)"),
            ("core::mem::drop", "drop"),
            ("std::thread::functions::spawn", "thread::spawn"),
            ("std::thread::join_handle::JoinHandle<T>::join", "JoinHandle::join"),
            ("poll", "poll"),
            ("", ""),
        ] {
            assert_eq!(short(path), said, "{path}");
        }
    }
}
