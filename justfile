# The steps of .ci/run, one to one.

# Everything that CI runs.
ci:
    bash .ci/run

fmt:
    cargo fmt --all --check
    cargo fmt --manifest-path benches/Cargo.toml --check

clippy:
    cargo clippy --workspace --all-targets --features aster-interop/peer -- -D warnings

test:
    cargo test --workspace

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

demo:
    cargo run -p mission-control -- demo

interop:
    interop/run

tidy:
    bash .ci/tidy

# Only the compile-fail and compile-pass programs (also part of `test`).
ui:
    cargo test -p ui-tests

# Measures beside raw iroh, tonic, tarpc and irpc, and writes docs/performance:
# about a quarter of an hour from a clean clone. `just bench --quick`, or the
# names of rows, for less. Not part of CI.
bench *arguments:
    benches/run {{arguments}}

# Instruction counts of six small operations; needs valgrind.
instructions:
    .ci/instructions

# Mutants of gate, admission and trust; needs cargo-mutants. Not part of CI.
mutants *names:
    .ci/mutants {{names}}

# Licences and sources; needs cargo-deny.
deny:
    cargo deny check bans licenses sources

# A flame graph of a call; needs perf and inferno.
flame:
    benches/flame
