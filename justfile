# Every recipe is one cargo command (or the script that CI runs): just is never needed.

# Where am I, what next?
default:
    cargo course

# Run one demo: just demo day04-poll
demo name *args:
    cargo run -p {{name}} -- {{args}}

# Everything that `cargo test` checks.
test:
    cargo test

# The lints, with warnings as errors.
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Format the code.
fmt:
    cargo fmt --all

# Records the demos anew, where they do something else than they did.
recordings:
    cargo run -p stage -- record-all

# What a wake-up costs on each back end.
bench:
    cargo run --release -p bench --bin wakeup

# All that stops a change from landing.
ci:
    bash .ci/run
