#!/usr/bin/env bats
# `make check` counts what failed: a test, a crash, a missing test, one that hangs.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  cd "$BATS_TEST_TMPDIR" || return 1
}

counted() { # the last line of a check of FILE
  # This bats has exported things that would confuse the one within.
  run env -i PATH="/usr/local/bin:/usr/bin:/bin" TMPDIR="$BATS_TEST_TMPDIR" \
    FILE_SECONDS="${seconds:-60}" "$root/tests/run.sh" "$BATS_TEST_TMPDIR/a.bats"
}

@test "passed, failed and skipped are counted" {
  printf '@test "a" { true; }\n@test "b" { false; }\n@test "c" { skip; }\n' >a.bats
  counted
  assert_failure
  assert_line --index -1 '1 passed, 1 failed, 1 skipped'
  printf '@test "a" { true; }\n@test "b" { true; }\n' >a.bats
  counted
  assert_success
  assert_line --index -1 '2 passed, 0 failed'
}

@test "a file that breaks off or hangs is a failure" {
  printf 'setup_file() { false; }\n@test "a" { true; }\n' >a.bats
  counted
  assert_failure
  assert_line --index -1 --regexp '^0 passed, [1-9][0-9]* failed$'
  printf '@test "a" { sleep 30; }\n' >a.bats
  seconds=1 counted
  assert_failure
  assert_output --partial 'timed out'
}
