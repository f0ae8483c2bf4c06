//! Visits everything in a step that differs from run to run.

use std::time::Duration;

use crate::call::{Address, Answer, Bytes, Call, Value};
use crate::pid::Pid;
use crate::state::{Change, Descriptor, Object, Process, Socket};
use crate::step::{Event, Step};

/// What is done with it. Everything that has no function of its own here stays as it is.
pub(super) trait Visitor {
    fn pid(&mut self, _pid: &mut Pid) {}
    /// Whose state a change is about.
    fn owner(&mut self, pid: &mut Pid) {
        self.pid(pid);
    }
    /// `asked`: the program asks for this address (bind(2)).
    fn address(&mut self, _address: &mut Address, _asked: bool) {}
    /// A socket's own address.
    fn local(&mut self, address: &mut Address) {
        self.address(address, false);
    }
    fn inode(&mut self, _inode: &mut u64) {}
    fn text(&mut self, _text: &mut String) {}
    fn bytes(&mut self, _bytes: &mut Bytes) {}
    fn time(&mut self, _time: &mut Duration) {}
}

pub(super) fn step(step: &mut Step, visitor: &mut impl Visitor) {
    if let Some(called) = &mut step.call {
        call(called, visitor);
    }
    match &mut step.event {
        Event::Return { answer: Answer::Value(answer), .. } => value(answer, false, visitor),
        Event::Signal { sender: Some(sender), .. } => visitor.pid(sender),
        Event::Exec { path } => visitor.text(path),
        Event::Stuck(tasks) => {
            tasks.iter_mut().filter_map(|task| task.1.as_mut()).for_each(|it| call(it, visitor));
        }
        _ => {}
    }
    if let Some(output) = &mut step.output {
        visitor.text(&mut output.text);
    }
    step.changes.iter_mut().for_each(|it| change(it, visitor));
}

fn call(call: &mut Call, visitor: &mut impl Visitor) {
    let asks = call.name == "bind";
    call.args.iter_mut().for_each(|argument| value(argument, asks, visitor));
}

fn value(it: &mut Value, asked: bool, visitor: &mut impl Visitor) {
    match it {
        Value::Pid(pid) => visitor.pid(pid),
        Value::Bytes(bytes) => visitor.bytes(bytes),
        Value::Text(text) => visitor.text(text),
        Value::Address(address) => self::address(address, asked, visitor),
        Value::Time(Some(time)) => visitor.time(time),
        Value::List(values) => values.iter_mut().for_each(|it| value(it, asked, visitor)),
        Value::Fields(fields) => {
            for (_, it) in fields {
                value(it, asked, visitor);
            }
        }
        _ => {}
    }
}

fn address(address: &mut Address, asked: bool, visitor: &mut impl Visitor) {
    match address {
        Address::Path(name) | Address::Abstract(name) => visitor.text(name),
        _ => visitor.address(address, asked),
    }
}

fn change(change: &mut Change, visitor: &mut impl Visitor) {
    match change {
        Change::Process(pid, it) => {
            visitor.owner(pid);
            process(it, visitor);
        }
        Change::Parent(pid, parent) => {
            visitor.owner(pid);
            visitor.pid(parent);
        }
        Change::Name(pid, name) => {
            visitor.owner(pid);
            visitor.text(name);
        }
        Change::Descriptor(pid, _, it) => {
            visitor.owner(pid);
            descriptor(it, visitor);
        }
        Change::Gone(pid)
        | Change::Status(pid, _)
        | Change::Closed(pid, _)
        | Change::Signals(pid, _) => visitor.owner(pid),
    }
}

fn process(process: &mut Process, visitor: &mut impl Visitor) {
    visitor.text(&mut process.name);
    visitor.pid(&mut process.parent);
    process.descriptors.values_mut().for_each(|it| descriptor(it, visitor));
}

fn descriptor(descriptor: &mut Descriptor, visitor: &mut impl Visitor) {
    match &mut descriptor.object {
        Object::File { path: text, .. }
        | Object::Queue { name: text, .. }
        | Object::Other(text) => visitor.text(text),
        Object::Pipe { inode, path, .. } => {
            visitor.inode(inode);
            if let Some(path) = path {
                visitor.text(path);
            }
        }
        Object::Socket(it) => socket(it, visitor),
        Object::Process { pid: Some(pid) } => visitor.pid(pid),
        Object::Process { pid: None }
        | Object::Epoll { .. }
        | Object::Event { .. }
        | Object::Signals { .. }
        | Object::Timer
        | Object::Terminal => {}
    }
}

fn socket(socket: &mut Socket, visitor: &mut impl Visitor) {
    match &mut socket.local {
        Some(it @ (Address::Path(_) | Address::Abstract(_))) => address(it, false, visitor),
        Some(it) => visitor.local(it),
        None => {}
    }
    if let Some(peer) = &mut socket.peer {
        address(peer, false, visitor);
    }
}
