//! What the other servers are told, so that they do what ours does: the same files, no log, no limit
//! on the requests of a connection, as many workers.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use crate::peer::MANY;

/// Without its line for each request, and with HTTP/1.1, which keeps connections.
pub(crate) const PYTHON: &str = include_str!("server.py");

/// Nothing outside the folder that `path`, its configuration, lies in.
pub(crate) fn nginx(
    path: &Path,
    files: &Path,
    address: SocketAddr,
    workers: usize,
    cache: bool,
) -> String {
    let (here, files) = (path.display(), files.display());
    let (master, reuse) = if workers > 1 { ("on", " reuseport") } else { ("off", "") };
    // A worker that changes its user could not read the files.
    let user = if nix::unistd::Uid::effective().is_root() { "user root;" } else { "" };
    let mut text = format!(
        "daemon off; master_process {master}; worker_processes {workers}; {user}\n\
         pid {here}.pid; error_log stderr crit;\n\
         events {{ worker_connections {}; }}\n\
         http {{ access_log off; sendfile on;\n\
         keepalive_requests 1000000000; keepalive_timeout 600;\n",
        MANY + 500
    );
    if cache {
        text.push_str("open_file_cache max=1000; open_file_cache_valid 1;\n");
    }
    for what in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        // A String takes everything.
        let _ = writeln!(text, "{what}_temp_path {here}.{what};");
    }
    let _ = writeln!(text, "server {{ listen {address}{reuse} backlog=4096; root {files}; }} }}");
    text
}

pub(crate) fn lighttpd(files: &Path, port: u16, workers: usize) -> String {
    let workers = if workers > 1 { workers } else { 0 };
    format!(
        "server.document-root = \"{}\"\nserver.bind = \"127.0.0.1\"\nserver.port = {port}\n\
         server.max-worker = {workers}\nserver.max-connections = {}\nserver.max-fds = {}\n\
         server.max-keep-alive-requests = 65535\nserver.max-keep-alive-idle = 600\n\
         server.listen-backlog = 4096\n",
        files.display(),
        MANY + 500,
        2 * (MANY + 500).min(9999),
    )
}
