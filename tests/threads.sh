#!/bin/sh
# What runs in parallel, under ThreadSanitizer: make check-threads. A race fails the test in which
# it is seen, by the exit status 99, and is shown.
set -u
cd "$(dirname "$0")/.." || exit 1
reports=$(mktemp -d "${TMPDIR:-/tmp}/parley-threads.XXXXXX") || exit 1
trap 'rm -rf "$reports"' EXIT
# OpenSSL is not compiled with the sanitizer, so its locks are not seen.
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp exitcode=99 log_path=$reports/race"
BUILD=build-tsan tests/run.sh "$@"
status=$?
cat "$reports"/race.* 2>/dev/null | head -200
[ -z "$(ls "$reports")" ] || status=1
exit $status
