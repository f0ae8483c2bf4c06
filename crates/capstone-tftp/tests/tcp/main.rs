//! The course's protocol as bytes on the wire, the same on all five models: whatever clients send,
//! whenever they leave, the answers are right and nothing is left.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod aborts;
mod answers;
mod client;
mod cuts;
mod files;
mod limits;
mod peer;
mod putting;
mod start;

use std::process::ExitCode;

use capstone_tftp::server::tcp::Model;
use testkit::cases::Case;

macro_rules! on_all_models {
    ($($(#[$only:meta])? $room:ident::$case:ident;)+) => {
        fn main() -> ExitCode {
            let all: &[&[Case]] = &[
                $(&[
                    (concat!("iterative::", stringify!($case)), || $room::$case(Model::Iterative)),
                    (concat!("fork::", stringify!($case)), || $room::$case(Model::Fork)),
                    (concat!("thread::", stringify!($case)), || $room::$case(Model::Thread)),
                    (concat!("pool::", stringify!($case)), || $room::$case(Model::Pool)),
                    (concat!("epoll::", stringify!($case)), || $room::$case(Model::Epoll)),
                ],)+
            ];
            testkit::cases::run(&all.concat())
        }
    };
}

on_all_models! {
    answers::a_list_shows_ordinary_files_only;
    answers::a_long_list_comes_whole;
    answers::files_come_whole_with_and_without_checksum;
    answers::what_is_not_there_is_refused_and_the_stream_goes_on;
    answers::many_requests_at_once_are_answered_in_order;
    answers::the_rest_of_a_file_comes_if_it_is_still_the_same;
    answers::nonsense_ends_the_stream_with_a_word;
    cuts::frames_cut_at_every_byte;
    cuts::a_byte_at_a_time;
    files::a_file_that_is_replaced_meanwhile_comes_as_it_was;
    files::a_file_that_is_written_to_meanwhile_is_called_changed;
    files::a_file_that_becomes_shorter_ends_the_connection;
    putting::a_file_appears_when_it_is_whole;
    putting::refused_before_the_content;
    putting::refused_in_the_middle;
    putting::a_full_disk;
    putting::a_wrong_checksum_leaves_nothing;
    putting::two_of_one_name;
    aborts::an_upload_that_is_aborted_anywhere_leaves_nothing;
    aborts::clients_that_vanish_cost_nothing;
    limits::the_silent_are_dropped;
    limits::half_a_request_is_silence;
    limits::half_a_file_is_silence;
    limits::who_reads_nothing_is_dropped;
    limits::who_reads_slowly_is_not;
    limits::two_hundred_at_once;
    limits::running_out_of_descriptors;
    limits::a_stop_lets_the_idle_go_and_the_busy_finish;
    limits::a_stop_waits_no_longer_than_its_grace;
    client::lists_gets_and_puts;
    client::resumes;
    client::says_why_not;
    client::gives_up_on_a_silent_server;
}
