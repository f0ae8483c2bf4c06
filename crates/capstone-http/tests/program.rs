//! The program as its users meet it: its arguments, its peers, its end.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "common/server.rs"]
mod server;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use nix::sys::signal::Signal;
use server::{HTTP, Server};
use testkit::{Program, skip, until};

const MODELS: [&str; 5] = ["iterative", "fork", "thread", "pool", "epoll"];

fn http(args: &[&str]) -> Program {
    Program::new(HTTP).args(args)
}

#[test]
fn curl_gets_what_there_is_from_every_model() {
    if testkit::need::program("curl").is_none() {
        skip!("no curl");
    }
    let curl = |args: &[&str]| Program::new("curl").args(["-sS"]).args(args);
    for model in MODELS {
        let server = Server::with(&["--model", model, "--data", "/api"]);
        let got = curl(&[&server.url("/a.txt")]).run();
        got.succeeded();
        assert_eq!(got.stdout, "hello", "{model}");
        let large = vec![b'x'; 5 << 20];
        fs::write(server.folder.path().join("large"), &large).unwrap();
        let copy = server.folder.path().join("copy");
        let copy = copy.to_str().unwrap();
        curl(&["-o", copy, &server.url("/large")]).run().succeeded();
        assert!(fs::read(copy).unwrap() == large, "{model}");
        // It expects to be told to continue, as it does with everything that is long.
        let title = "x".repeat(150);
        let body =
            format!("{{\"day\":9,\"minutes\":1,\"title\":\"{title}\"}}{}", " ".repeat(20_000));
        let json = "Content-Type: application/json";
        let put = ["-X", "PUT", "-H", json, "-H", "Expect: 100-continue", "-w", "%{http_code}"];
        let put = curl(&put).args(["--data", &body, &server.url("/api/new")]).run();
        put.succeeded();
        assert!(put.stdout.contains(&title) && put.stdout.ends_with("201"), "{put:#?}");
        let chunked = ["-T", "-", "-H", json, "-w", "%{http_code}", &server.url("/api/new")];
        let input = tempfile::tempfile().unwrap();
        (&input).write_all(body.as_bytes()).unwrap();
        std::io::Seek::rewind(&mut &input).unwrap();
        let put = curl(&chunked).stdin(input).run();
        let code = if model == "fork" { "201" } else { "200" };
        assert!(put.stdout.ends_with(code), "what a child writes is the child's alone: {put:#?}");
        server.ends();
    }
}

/// http.client keeps its connection and reads answers strictly.
#[test]
fn python_asks_again_and_again() {
    if testkit::need::program("python3").is_none() {
        skip!("no python3");
    }
    let script = "
import http.client, sys
c = http.client.HTTPConnection(sys.argv[1])
for n in range(50):
    c.request('GET', '/a.txt'); r = c.getresponse()
    assert (r.status, r.read()) == (200, b'hello')
    tag = r.headers['ETag']
    c.request('GET', '/a.txt', headers={'If-None-Match': tag}); r = c.getresponse()
    assert (r.status, r.read()) == (304, b'')
    c.request('HEAD', '/a.txt'); r = c.getresponse()
    assert (r.status, r.headers['Content-Length'], r.read()) == (200, '5', b'')
    c.request('POST', '/api', body=b'{', headers={'Content-Type': 'application/json'})
    r = c.getresponse()
    assert (r.status, r.read()) == (422, b'{\"error\":\"Unprocessable Content\"}\\n')
    c.request('POST', '/api', body=iter([b'{', b'}']), encode_chunked=True,
              headers={'Transfer-Encoding': 'chunked'})
    r = c.getresponse(); r.read()
    assert r.status == 422
print('done')
";
    for model in MODELS {
        let server = Server::with(&["--model", model, "--data", "/api"]);
        let python = Program::new("python3").args(["-c", script, &server.at.to_string()]).run();
        python.succeeded();
        assert_eq!(python.stdout, "done\n", "{model}");
        server.ends();
    }
}

#[test]
fn mistakes_are_one_sentence() {
    http(&[]).run().failed(2, "DIR");
    http(&[".", "--model", "magic"]).run().failed(2, "the models are iterative, fork");
    http(&[".", "--metrics", "metrics"]).run().failed(2, "a path begins with a slash");
    http(&[".", "--idle", "0"]).run().failed(2, "0.001 to 3600 seconds");
    http(&[".", "--listen", "nonsense"]).run().failed(2, "nonsense");
    http(&["/nowhere"]).run().failed(1, "/nowhere: ");
    http(&[".", "--access-log", "/nowhere/log"]).run().failed(1, "/nowhere/log: ");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sentence = format!("another server has {address} already (EADDRINUSE)");
    http(&[".", "--listen", &address]).run().failed(1, &sentence);
    let help = http(&["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("Examples:"), "{help:#?}");
}

/// Although its event loops share the port among themselves.
#[test]
fn two_servers_never_share_a_port() {
    let server = Server::with(&["--workers", "4"]);
    let address = server.at.to_string();
    let sentence = format!("another server has {address} already (EADDRINUSE)");
    http(&[".", "--listen", &address, "--workers", "4"]).run().failed(1, &sentence);
    server.ends();
}

#[test]
fn a_socket_of_systemd_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "hello").unwrap();
    for model in MODELS {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = socket.local_addr().unwrap();
        let script =
            "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$1\" --model $2";
        let args = ["-c", script, HTTP, folder.path().to_str().unwrap(), model];
        let socket: std::os::fd::OwnedFd = socket.into();
        let mut running = Program::new("sh").args(args).stdin(socket).spawn();
        running.line(&format!("listening on {at}"));
        assert!(get(at, "/a.txt").ends_with("hello"), "{model}");
        running.signal(Signal::SIGTERM);
        assert!(running.wait().status.success());
    }
}

fn get(at: SocketAddr, path: &str) -> String {
    let mut stream = testkit::peer::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    heard
}

/// Begins to read a file that fits into no buffer.
fn busy(server: &Server) -> TcpStream {
    fs::write(server.folder.path().join("large"), vec![b'x'; 32 << 20]).unwrap();
    let mut stream = testkit::peer::connect(server.at).unwrap();
    write!(stream, "GET /large HTTP/1.0\r\n\r\n").unwrap();
    stream.read_exact(&mut [0; 100]).unwrap();
    stream
}

#[test]
fn a_signal_waits_for_the_busy_and_a_second_one_does_not() {
    for model in MODELS {
        for second in [false, true] {
            let server = Server::with(&["--model", model, "--grace", "3600"]);
            let mut stream = busy(&server);
            server.running.signal(Signal::SIGTERM);
            until("the first was heard", || server.running.stderr().find("event=stop"));
            if second {
                server.running.signal(Signal::SIGINT);
            } else {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).unwrap();
                assert!(rest.len() > (32 << 20) - 100, "{model}");
            }
            // Also the children of a child that was killed: `wait` would find them.
            let finished = server.running.wait();
            assert!(finished.status.success(), "{model} {finished:#?}");
        }
    }
}

#[test]
fn a_line_in_the_log_for_each_request() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Server::with(&["--access-log", log.path().to_str().unwrap(), "--metrics", "/m"]);
    assert!(get(server.at, "/a.txt").ends_with("hello"));
    assert!(get(server.at, "/m").contains("http_responses_total{class=\"2xx\"} 1\n"));
    server.ends();
    // At the end everything is written.
    let text = fs::read_to_string(log.path()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("\"GET /a.txt HTTP/1.0\" 200 5 \"-\" \"-\"\n"), "{text}");
}

/// The list that the example handler has is that of the course's own manifests.
#[test]
fn the_demos_are_those_of_the_course() {
    let server = Server::with(&["--data", "/api"]);
    let heard = get(server.at, "/api");
    let body = heard.split_once("\r\n\r\n").unwrap().1;
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    let mut rows = value["demos"].as_array().unwrap().iter();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|it| it.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("day") {
            continue;
        }
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let course = manifest.split_once("[package.metadata.course]").unwrap().1;
        let of = |key: &str| {
            let line = course.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.unwrap().to_owned()
        };
        let row = rows.next().unwrap();
        assert_eq!(row["name"], *name);
        assert_eq!(row["day"].to_string(), of("day"), "{name}");
        assert_eq!(row["minutes"].to_string(), of("minutes"), "{name}");
        assert_eq!(row["title"].to_string(), of("title"), "{name}");
    }
    assert_eq!(rows.next(), None);
    server.ends();
}
