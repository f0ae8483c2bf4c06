//! `Pool`: the suite of `threads::Pool` as far as it goes for processes, and what only processes
//! do: they die.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod bytes;
mod deaths;
mod ends;
mod held;
mod results;
mod workers;

testkit::cases!(
    results::a_result_comes_back_once,
    results::map_keeps_the_order,
    results::several_arguments_are_a_tuple,
    results::an_error_keeps_its_type_and_a_panic_its_message,
    results::each_worker_has_its_own_copy,
    results::no_workers_are_refused,
    results::all_workers_work_at_once,
    results::a_deadline_leaves_the_task_alone,
    results::a_wait_goes_on_after_signals,
    results::results_come_in_order,
    results::results_come_as_they_are_done,
    results::tasks_may_be_endless,
    results::what_was_sent_ahead_is_taken_back,
    results::a_worker_may_have_a_pool,
    bytes::large_tasks_and_results_block_nobody,
    bytes::a_worker_that_does_not_read_blocks_nobody,
    bytes::what_is_too_large_is_refused,
    bytes::what_is_malformed_is_an_error_of_its_task,
    bytes::a_worker_that_talks_nonsense_is_replaced,
    workers::workers_know_nothing_of_each_other,
    workers::a_worker_lives_for_so_many_tasks,
    workers::an_initializer_runs_first_in_each_worker,
    workers::an_initializer_that_fails_is_no_pool,
    workers::an_initializer_that_fails_later_ends_in_errors,
    workers::a_copy_of_a_pool_is_nobodys,
    workers::with_threads_nobody_is_replaced,
    ends::close_and_join_finish_what_is_queued,
    ends::terminate_cancels_ten_thousand,
    ends::dropping_ends_the_workers,
    ends::a_stopped_worker_can_be_terminated,
    ends::workers_end_with_their_parent,
    ends::ctrl_c_leaves_nobody,
    deaths::a_killed_worker_loses_its_task_alone,
    deaths::a_killed_worker_loses_what_it_had_begun_of_a_chunk,
    deaths::a_task_that_exits_is_lost,
    deaths::an_idle_worker_that_is_killed_loses_nothing,
    deaths::a_child_of_a_worker_hides_no_death,
);
