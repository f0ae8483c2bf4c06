//! Our client and the course's server: the program itself where somebody has it, and a transcript of
//! what it says and hears in any case.

use std::net::{SocketAddr, UdpSocket};

use testkit::{Program, Running, need, skip, until};

use crate::hand::Hand;
use crate::seed;

/// What the reference sends and gets, byte for byte: `<` from the client, `>` to it.
const TRANSCRIPT: [(&str, &str); 13] = [
    ("<", "L 管理员"),
    (">", "该用户已存在"),
    ("<", "L 张三"),
    (">", "OK"),
    ("<", "C 张三 你好  大家"),
    ("<", "C 张三 "),
    (">", "\n欢迎 bob 进入聊天室"),
    (">", "\nbob 说:hello, 张三"),
    (">", "\nbob 说:"),
    (">", "\n管理员 说:还有五分钟"),
    (">", "\nbob退出了聊天室"),
    ("<", "Q 张三"),
    (">", "EXIT"),
];

#[test]
fn the_transcript_of_a_session() {
    let mut server = Hand::new();
    let mut client = server.client().stdin_pipe().spawn();
    client.type_in("管理员\n张三\n你好  大家\n\n");
    for (direction, text) in TRANSCRIPT {
        match direction {
            "<" if text.starts_with('Q') => {
                client.line("bob退出了聊天室");
                client.type_in(" quit \n");
                server.hears(text);
            }
            "<" => server.hears(text),
            _ => server.says(text),
        }
    }
    let done = client.wait();
    done.succeeded();
    let shown = "该用户已存在|您已进入聊天室|欢迎 bob 进入聊天室|bob 说:hello, 张三|bob 说:|\
                 管理员 说:还有五分钟|bob退出了聊天室|";
    assert_eq!(done.stdout, shown.replace('|', "\n"));
}

/// The course's server at a port of its own. It is killed when it is dropped: it has no other end.
struct Course {
    _running: Running,
    address: SocketAddr,
}

impl Course {
    /// Its port stands in its text, so another number is put there: one that was free just now.
    fn start(source: &str) -> Self {
        let free = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let source = source.replace("9999", &address.port().to_string());
        let program = Program::new("python3").args(["-c", &source]);
        let running = program.env("PYTHONIOENCODING", "utf-8").stdin_pipe().spawn();
        // It does not say when it can be reached.
        let asker = UdpSocket::bind("127.0.0.1:0").unwrap();
        asker.connect(address).unwrap();
        asker.set_nonblocking(true).unwrap();
        until("the course's server answers", || {
            let _ = asker.send("L 管理员".as_bytes());
            asker.recv(&mut [0; 64]).ok()
        });
        Self { _running: running, address }
    }

    fn client(&self, name: &str) -> Program {
        let program = Program::new(env!("CARGO_BIN_EXE_capstone-chat"));
        program.args(["client", &self.address.to_string(), "--name", name]).stdin_pipe()
    }
}

#[test]
fn the_courses_server_knows_no_difference() {
    let Some(source) = seed::source(seed::SERVER) else { skip!("the course's notes are not here") };
    if need::program("python3").is_none() {
        skip!("python3 is not here");
    }
    let server = Course::start(&source);
    let mut ann = server.client("ann").spawn();
    ann.line("您已进入聊天室");
    server.client("ann").run().failed(1, "the server refuses ann: 该用户已存在");
    server.client("管理员").run().failed(1, "该用户已存在");

    let mut bob = server.client("张三").spawn();
    bob.line("您已进入聊天室");
    assert_eq!(ann.line("欢迎"), "欢迎 张三 进入聊天室");
    bob.type_in("你好  大家\n\nquit me not\n");
    assert_eq!(ann.line("说"), "张三 说:你好  大家");
    assert_eq!(ann.line("说"), "张三 说:");
    assert_eq!(ann.line("说"), "张三 说:quit me not");
    ann.type_in("hello\n");
    assert_eq!(bob.line("ann"), "ann 说:hello");
    // The reference's own child sends its administrator's lines like this.
    let child = UdpSocket::bind("127.0.0.1:0").unwrap();
    child.send_to("C 管理员 还有五分钟".as_bytes(), server.address).unwrap();
    for client in [&mut ann, &mut bob] {
        assert_eq!(client.line("管理员"), "管理员 说:还有五分钟");
    }
    bob.close_stdin();
    bob.wait().succeeded();
    assert_eq!(ann.line("张三"), "张三退出了聊天室");
    ann.type_in("  quit \n");
    ann.wait().succeeded();
}
