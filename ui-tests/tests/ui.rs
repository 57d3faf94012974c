//! Compiles every case. `TRYBUILD=overwrite cargo test -p ui-tests` rewrites the
//! expected errors; read the difference before committing it.

#[test]
fn cases_compile_or_fail_as_written() {
    let cases = trybuild::TestCases::new();
    cases.pass("cases/*/pass/*.rs");
    cases.compile_fail("cases/*/fail/*.rs");
}
