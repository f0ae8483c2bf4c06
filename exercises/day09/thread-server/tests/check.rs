//! The server runs in a process of its own. The test plays the lockers, tells it to stop, and looks
//! at what it holds. What an answer waits for is a gate of the test's, so that a stop can come in
//! the middle of one; that nothing more will happen is seen when all of its threads are asleep.

mod server;

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::{Duration, Instant};

use server::{AN_HOUR, AT_ONCE, BIG, Client, Server};
use testkit::exercise::{Observed as _, PATIENCE};
use testkit::{equal, peer, step};
use thread_server::LONGEST;

testkit::exercise! {
    t1_two_at_the_same_time,
    t2_lines_as_they_come,
    t3_no_more_than_it_may: limit(Duration::from_secs(30)),
    t4_a_hundred_come_and_go: limit(Duration::from_secs(30)),
    t5_a_client_that_says_nothing_or_too_much: limit(Duration::from_secs(30)),
    t6_a_client_that_takes_nothing: limit(Duration::from_secs(30)),
    t7_a_panic_and_a_reset_cost_one_client: limit(Duration::from_secs(30)),
    t8_a_stop: limit(Duration::from_secs(30)),
    t9_a_stop_at_the_limit: limit(Duration::from_secs(30)),
    t10_a_stop_in_the_middle_of_answers: limit(Duration::from_secs(30)),
}

fn t1_two_at_the_same_time() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    let first = server.client();
    first.asks("the first client");
    first.say("wait\n");
    let second = server.client();
    step!("a second client has connected, while the first one waits for an answer");
    second.asks("the second client, while the first one waits for an answer,");
    second.say("half a li");
    server.open_the_gate(1);
    first.hears("waited\n", "the first client, while the second one is in the middle of a line,");
}

fn t2_lines_as_they_come() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    let client = server.client();
    for piece in ["1", "7", "\n1", "8\n19\n\n"] {
        client.say(piece);
        peer::until_read(&client.stream);
    }
    for wanted in ["17", "18", "19", ""] {
        let who = "a client whose lines come in pieces and stuck together";
        client.hears(&format!("door {wanted}\n"), who);
    }
    let longest = "x".repeat(LONGEST);
    client.say(&format!("{longest}\n"));
    client.hears(&format!("door {longest}\n"), "a client with a line of LONGEST bytes");
}

fn has_ended(client: &Client<'_>) -> bool {
    client.stream.set_nonblocking(true).unwrap();
    let end = client.stream.peek(&mut [0]);
    client.stream.set_nonblocking(false).unwrap();
    !matches!(end, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

fn t3_no_more_than_it_may() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    let mut clients: Vec<_> = (0..AT_ONCE).map(|_| server.client()).collect();
    clients.iter().for_each(|client| client.asks("one of 4 clients, of 4 at once,"));
    let more = server.client();
    more.say("17\n");
    step!("{AT_ONCE} clients were served and stay; one more has connected and sent a line");
    server.rests(
        "At the limit the listener is not asked for: poll(2) would say each time that somebody is \
         there, and he is not accepted",
    );
    assert!(
        !server.answers(&more.stream),
        "{} clients are served at the same time, and at_once is {AT_ONCE}. Each is a thread with a \
         stack, and who opens connections and says nothing makes you start them until there are \
         none left, for nobody",
        AT_ONCE + 1
    );
    equal!(
        server.connections().len(),
        AT_ONCE,
        "the connections that the server has accepted, with {AT_ONCE} clients at once and one more \
         who waits. In the backlog he costs neither a thread nor a descriptor, and the thread that \
         has accepted him is not free to do anything else"
    );
    drop(clients.pop());
    step!("one of the {AT_ONCE} has left");
    more.hears("door 17\n", "the client that had to wait, when one of the others has left,");
}

fn t4_a_hundred_come_and_go() {
    const CLIENTS: usize = 100;
    let server = Server::start(AT_ONCE, AN_HOUR);
    server.until_quiet();
    let (threads, stacks) = (server.threads(), server.stacks());
    for _ in 0..CLIENTS {
        let client = server.client();
        client.asks("one of a hundred that come one after the other");
    }
    step!("{CLIENTS} clients have come and gone, one after the other");
    server.has_let_go("All clients have left");
    server.until_quiet();
    equal!(
        server.threads(),
        threads,
        "the threads beside the first one, when all clients have left"
    );
    // The C library keeps 40 MiB of stacks for threads to come, which makes 20 of them.
    let more = server.stacks().saturating_sub(stacks);
    assert!(
        more < CLIENTS / 2,
        "{CLIENTS} clients have come and gone, one after the other, and all of their threads have \
         ended. The process has {more} stacks more than before. A thread that has ended keeps its \
         stack, of 2 MiB, until somebody has joined it (pthread_join(3)): who joins all of them at \
         the end collects them as long as the server runs"
    );
}

fn t5_a_client_that_says_nothing_or_too_much() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    let endless = server.client();
    endless.say(&"x".repeat(4 * LONGEST));
    step!("a client has sent {} bytes, and no end of a line is in them", 4 * LONGEST);
    assert!(
        server.answers(&endless.stream),
        "a client has sent {} bytes without the end of a line, LONGEST is {LONGEST}, and the \
         server waits for more. Who sends more than a line can have is not listened to any longer: \
         else the memory is his. {}",
        4 * LONGEST,
        server.place()
    );
    endless.ends("A line cannot be as long as that");
    drop(endless);
    drop(server);

    let patience = Duration::from_millis(150);
    let server = Server::start(2, patience);
    let start = Instant::now();
    let (silent, waits) = (server.client(), server.client());
    step!("a client has connected and says nothing");
    silent.ends(
        "A client that says nothing has a place, a thread and a descriptor for ever: that its \
         machine has lost its current nobody tells you. It has so long for a line as `patience` \
         says",
    );
    assert!(
        start.elapsed() >= patience,
        "a client was closed after {:?}, and it had {patience:?} for its line",
        start.elapsed()
    );
    waits.ends("Another one says nothing, either");
    let drips = server.client();
    step!("a client sends a byte now and then, and no end of a line");
    let start = Instant::now();
    while !has_ended(&drips) {
        assert!(
            start.elapsed() < PATIENCE,
            "a client sends a byte now and then and no end of a line, for {PATIENCE:?} by now, and \
             has {patience:?} for a line. A limit for each read begins anew with each byte \
             (SO_RCVTIMEO, socket(7)): the limit is one for the whole line. {}",
            server.place()
        );
        // The pause is what this peer is. It may be ended while it sends.
        let _ = peer::drip(&drips.stream, b".", patience / 5);
    }
    server.client().asks("a client that comes after those");
    server.has_let_go("Three clients were not waited for any longer");
}

fn t6_a_client_that_takes_nothing() {
    let server = Server::start(1, Duration::from_millis(150));
    let deaf = server.client();
    deaf.say("big\n");
    let next = server.client();
    next.say("17\n");
    step!("a client has asked for an answer of {BIG} bytes, and reads nothing; another one waits");
    let came = (&next.stream).read(&mut [0; 8]);
    assert!(
        matches!(came, Ok(1..)),
        "a client takes nothing of its answer and keeps its place for ever, and the next one gets \
         none: {came:?}. `patience` goes for taking an answer as well (SO_SNDTIMEO, or a deadline \
         for all of it). {}",
        server.place()
    );
}

fn t7_a_panic_and_a_reset_cost_one_client() {
    let server = Server::start(2, AN_HOUR);
    for _ in 0..3 {
        let client = server.client();
        client.say("panic\n");
        assert!(
            server.answers(&client.stream),
            "the answer to a client has panicked, and his connection stays open, with nobody who \
             serves it. {}",
            server.place()
        );
        client.ends("The answer has panicked");
        let client = server.client();
        client.asks(
            "the client after one whose answer has panicked (a place that is taken comes \
                     back, too)",
        );
        peer::reset(client.stream).unwrap();
        // One that is gone before anybody comes to accept it.
        peer::reset(server.client().stream).unwrap();
    }
    step!("three answers have panicked, and six connections were broken with RST (ECONNRESET)");
    let (one, two) = (server.client(), server.client());
    one.asks("the first of two, when others have broken off,");
    two.asks("the second of two, when others have broken off and so have given back their places,");
}

fn t8_a_stop() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    server.client().asks("a client that leaves again");
    server.until_quiet();
    server.tell_to_stop();
    server.ends_after(
        1,
        "An accept that blocks returns when a client comes, and not before. Wait for the listener \
         and for `stop` by one call, poll(2)",
    );
    let server = Server::start(AT_ONCE, AN_HOUR);
    let clients: Vec<_> = (0..AT_ONCE - 1).map(|_| server.client()).collect();
    clients.iter().for_each(|client| client.asks("one of three clients"));
    clients[1].say("half a li");
    server.until_quiet();
    step!("three clients are connected and silent, one of them in the middle of a line");
    server.tell_to_stop();
    for client in &clients {
        assert!(
            server.answers(&client.stream),
            "the server was told to stop, and a silent client is still connected: all of the \
             server sleeps. A thread that sleeps in read(2) hears of no flag, and closing its \
             descriptor elsewhere does not wake it (close(2)). shutdown(2) does: the read returns \
             0, as if the client had ended. {}",
            server.place()
        );
        client.ends("The server was told to stop, and this client is silent");
    }
    server.ends_after(AT_ONCE - 1, "Those who are inside have ended, and have to be joined");
}

fn t9_a_stop_at_the_limit() {
    let server = Server::start(1, AN_HOUR);
    let inside = server.client();
    inside.asks("the only client, of one at once,");
    let outside = server.client();
    outside.say("17\n");
    server.until_quiet();
    step!("one client is inside, of one at once, and another one is in the backlog");
    server.tell_to_stop();
    assert!(
        server.answers(&inside.stream),
        "the server was told to stop, and its client is still connected: all of the server sleeps. \
         At the limit it waits for a place, and hears of nothing else. {}",
        server.place()
    );
    inside.ends("The server was told to stop, and this client is between two lines");
    outside.ends("The server was told to stop, and this client has never been accepted");
    server.ends_after(1, "Also at its limit a server has to hear of a stop");
}

fn t10_a_stop_in_the_middle_of_answers() {
    let server = Server::start(AT_ONCE, AN_HOUR);
    let (waits, big, silent) = (server.client(), server.client(), server.client());
    waits.say("wait\n17\n18\n");
    big.say("wait big\n");
    silent.asks("a third client");
    server.until_quiet();
    step!("two answers are being made, and a third client is silent");
    server.tell_to_stop();
    assert!(
        server.answers(&silent.stream),
        "the server was told to stop, and a silent client is still connected, while others wait \
         for their answers. The end is sent when nobody has the stream any more: not its thread, \
         and nobody who has a clone or an Arc of it. {}",
        server.place()
    );
    silent.ends("The server was told to stop, and this client is silent");
    server.until_quiet();
    assert!(
        server.process.runs(),
        "the server was told to stop, and has ended while two answers were being made: the doors \
         are open by then, and nobody is told. Somebody has to join these threads before serve() \
         returns"
    );
    server.open_the_gate(2);
    waits.hears(
        "waited\n",
        "a client whose answer was being made when the stop came (shutdown(2) has two \
        directions),",
    );
    waits.ends(
        "The server was told to stop, and this client had sent two lines more before. They are not \
         begun any more: whoever sends in advance would keep the server alive",
    );
    let mut rest = Vec::new();
    let end = (&big.stream).take(BIG as u64 + 2).read_to_end(&mut rest);
    assert!(
        end.is_ok() && rest.len() == BIG + 1,
        "an answer of {BIG} bytes was being made when the stop came, and {} of them have come, \
         then {end:?}. What has begun is finished",
        rest.len()
    );
    server.ends_after(3, "The answers are finished");
}
