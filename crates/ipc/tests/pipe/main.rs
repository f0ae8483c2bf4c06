//! Pipes between real processes, after CPython's tests of multiprocessing connections.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod bare;
mod descriptors;
mod messages;
mod waits;

testkit::cases!(
    messages::messages_never_merge,
    messages::an_empty_message_is_a_message,
    messages::a_message_may_be_cut_at_every_byte,
    messages::sixteen_mebibytes_come_whole,
    messages::what_is_too_large_is_refused_on_both_sides,
    messages::the_end_is_told_from_a_torn_message_at_every_byte,
    messages::a_killed_peer_is_an_end_or_a_tear,
    messages::sending_to_nobody_is_epipe,
    messages::many_writers_do_not_mix,
    messages::both_directions_and_their_halves,
    waits::a_deadline_passes_under_a_dripping_peer,
    waits::a_deadline_passes_under_a_peer_that_drips_fast,
    waits::a_deadline_that_has_passed_reads_once,
    waits::a_deadline_passes_where_there_is_no_room,
    waits::a_signal_is_no_end,
    waits::poll_waits_for_whole_messages,
    waits::a_poller_sees_the_end,
    descriptors::descriptors_work_on_the_other_side,
    descriptors::descriptors_stay_with_their_messages,
    descriptors::a_long_message_carries_its_descriptors_once,
    descriptors::descriptors_survive_a_cut_at_every_byte,
    descriptors::descriptors_that_nobody_takes_are_closed,
    descriptors::descriptors_have_a_number_at_most,
    descriptors::lost_descriptors_are_told,
    descriptors::garbage_is_told,
    descriptors::ends_close_on_exec,
);
