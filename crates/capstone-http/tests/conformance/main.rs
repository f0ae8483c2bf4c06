//! The server as bytes on the wire, the same on all five models: whatever clients send, and whenever
//! they leave, the answers are right and nothing is left.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod bodies;
mod crowds;
mod cuts;
mod ends;
mod keen;
mod nonsense;
mod order;
mod peer;
mod start;
mod stops;
mod times;
mod told;
mod transfers;

use std::process::ExitCode;

use capstone_http::server::Model;
use testkit::cases::Case;

macro_rules! on_all_models {
    ($($room:ident::$case:ident;)+) => {
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
    order::files_come_whole;
    order::head_says_what_get_would;
    order::a_connection_goes_on_as_its_version_says;
    order::pipelined_requests_are_answered_in_order;
    order::who_sends_more_than_it_reads_is_not_read_from;
    order::conditions_and_ranges_reach_the_files;
    cuts::requests_cut_at_every_byte;
    cuts::a_byte_at_a_time;
    nonsense::what_cannot_be_understood_ends_the_connection;
    nonsense::what_is_not_to_be_had_does_not;
    nonsense::endless_heads_and_bodies;
    bodies::content_reaches_the_handler;
    bodies::continue_is_said_only_when_it_goes_on;
    bodies::a_body_that_nobody_wants;
    bodies::too_much_content;
    bodies::a_panic_costs_one_connection;
    times::the_silent_are_dropped_without_a_word;
    times::half_a_head_is_told_so;
    times::half_a_body_is_told_so;
    times::who_reads_nothing_is_dropped;
    times::who_reads_slowly_is_not;
    crowds::the_idle_delay_nobody;
    crowds::whoever_is_too_much_is_told_so;
    crowds::the_idle_make_room;
    crowds::running_out_of_descriptors;
    ends::resets_in_the_middle;
    ends::a_closed_side_is_answered;
    transfers::a_file_that_becomes_shorter_ends_the_connection;
    transfers::a_file_that_is_replaced_comes_as_it_was;
    stops::the_idle_go_and_the_busy_finish;
    stops::no_longer_than_the_grace;
    stops::nothing_that_was_asked_is_lost;
    stops::the_port_is_free_at_once;
    told::a_line_for_each_request;
    told::a_log_that_is_full;
    told::counters;
}
