#!/bin/sh
# What runs in parallel, under ThreadSanitizer: make check-threads. Unit tests first, then the bats
# files given. A race fails the test in which it is seen, by the exit status 99, and is shown. Nothing
# is suppressed: what OpenSSL and the other libraries do is not compiled with the sanitizer, but
# their calls of libc are seen, and none of them has given cause.
set -u
cd "$(dirname "$0")/.." || exit 1
reports=$(mktemp -d "${TMPDIR:-/tmp}/parley-threads.XXXXXX") || exit 1
trap 'rm -rf "$reports"' EXIT
# The sanitizer makes everything ten times slower.
export FILE_SECONDS=900 TSAN_OPTIONS="exitcode=99 log_path=$reports/race"
status=0
for unit in $(env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory TSAN=1 list-unit-tests); do
  "$unit" >"$reports.out" 2>&1 || { echo "$unit failed"; grep -A9 '^not ok' "$reports.out"; status=1; }
  rm -f "$reports.out"
done
BUILD=build-tsan tests/run.sh "$@" || status=1
cat "$reports"/race.* 2>/dev/null | head -200
[ -z "$(ls "$reports")" ] || status=1
exit $status
