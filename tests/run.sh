#!/bin/sh
# `make check`: builds, lint, unit tests, bats files and a short fuzz run, then
# units and bats again under the sanitizers. Only what fails is shown whole.
# The last line is `N passed, M failed` (and `, K skipped`); the status is 1
# if anything failed. Nothing hangs: every file has FILE_SECONDS.
#
#   tests/run.sh [FILE.bats ...]   only these, in the plain build, or in $BUILD
set -u
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}
FILE_SECONDS=${FILE_SECONDS:-300}
FUZZ_SECONDS=${FUZZ_SECONDS:-3}
if [ "${1-}" = --one ]; then # xargs calls this script again for each bats file
  results=$2
else
  results=$(mktemp -d "${TMPDIR:-/tmp}/parley-check.XXXXXX") || exit 1
  trap 'rm -rf "$results"' EXIT
  trap 'exit 130' INT TERM
fi
# What a run of a user would be led by.
unset http_proxy https_proxy ftp_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NETRC
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME="$results/config" XDG_STATE_HOME="$results/state"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

# Runs a command, gives its output to $results/N.log and its counts to N.count,
# and prints one line. A file of TAP counts its tests, anything else counts as one.
run_one() { # LABEL COMMAND...
  label=$1
  log=$(mktemp "$results/XXXXXXXX.log")
  shift
  timeout -k 10 "$FILE_SECONDS" "$@" >"$log" 2>&1 </dev/null
  status=$?
  # A test's own output may say `ok` too: only numbered lines count.
  awk -v status=$status -v label="$label" '
    /^1\.\.[0-9]+/ { planned += substr($1, 4) }
    /^ok [0-9]/ { if (tolower($0) ~ /# *skip/) skipped++; else passed++ }
    /^not ok [0-9]/ { failed++ }
    END {
      if (!passed && !failed && !skipped && !planned)
        status == 0 ? passed++ : failed++
      else if (passed + failed + skipped < planned)
        failed += planned - passed - failed - skipped
      else if (status != 0 && !failed)
        failed++
      line = sprintf("%-44s %4d passed", label, passed)
      if (failed) line = line sprintf(", %d FAILED", failed)
      if (skipped) line = line sprintf(", %d skipped", skipped)
      if (status == 124 || status == 137) line = line " (timed out)"
      print passed + 0, failed + 0, skipped + 0 > "/dev/stderr"
      print line
    }' "$log" 2>"${log%.log}.count" >"${log%.log}.line"
  { cat "${log%.log}.line"
    read -r _ failed _ <"${log%.log}.count"
    [ "$failed" -eq 0 ] || show_failure "$log"; } >"${log%.log}.show"
  cat "${log%.log}.show"
}

# The failing tests of a TAP file with what they said; anything else from its end.
show_failure() { # LOG
  if grep -q '^not ok [0-9]' "$1"; then
    awk '/^(not )?ok [0-9]/ { show = /^not/ } show { print "    " $0 }' "$1"
    grep -E 'ERROR: |runtime error:' "$1" | head -5
  else
    tail -n 60 "$1" | sed 's/^/    /'
  fi
}

bats_files() { # the files of a build: the rules don't depend on it
  for file in tests/*/*.bats; do
    case $1:$file in
    build-san:tests/rules/*) ;;
    *) [ ! -e "$file" ] || echo "$file" ;;
    esac
  done
}

tab=$(printf '\t')
if [ "${1-}" = --one ]; then
  run_one "${3%%"$tab"*}" sh -c "exec ${3#*"$tab"}"
  exit 0
fi

# Lines of LABEL and command, a tab between. A make inside is not part of this one.
two_at_a_time() {
  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL xargs -r -d '\n' -P2 -n1 tests/run.sh --one "$results"
}

run_bats() { # BUILD FILE...
  build=$1
  shift
  [ $# -gt 0 ] || return 0
  PARLEY_BUILD=$PWD/$build PARLEY_BIN=$PWD/$build/bin PARLEY_PEER=$PWD/$build/tests/peer
  export PARLEY_BUILD PARLEY_BIN PARLEY_PEER PARLEY_ROOT="$PWD"
  for file; do
    printf '%s\t%s\n' "$file ($build)" "bats --formatter tap '$file'"
  done | two_at_a_time
}

build() { # BUILD MAKE-ARGUMENT...: compiling takes what it takes
  label="build ($1)"
  shift
  seconds=$FILE_SECONDS
  FILE_SECONDS=1800
  run_one "$label" "$MAKE" -k -j2 --no-print-directory "$@"
  FILE_SECONDS=$seconds
}

suite() { # BUILD MAKE-VARIABLE...
  build=$1
  shift
  build "$build" "$@" all test-programs
  "$MAKE" -s --no-print-directory "$@" list-unit-tests | sed "s|.*|&$tab&|" | two_at_a_time
  # shellcheck disable=SC2046 # file names of ours, no spaces in them
  run_bats "$build" $(bats_files "$build")
}

total() {
  cat "$results"/*.count 2>/dev/null | awk '
    { p += $1; f += $2; s += $3 }
    END {
      line = p + 0 " passed, " f + 0 " failed"
      if (s) line = line ", " s " skipped"
      print line
      exit f > 0
    }'
}

if [ $# -gt 0 ]; then
  run_bats "${BUILD:-build}" "$@"
  total
  exit
fi

suite build
make_one="'$MAKE' -s --no-print-directory"
"$MAKE" -s --no-print-directory list-lint | sed "s|.*|lint-&$tab$make_one lint-&|" | two_at_a_time
build build-fuzz fuzz-programs
"$MAKE" -s --no-print-directory list-fuzz |
  sed "s|.*|fuzz &$tab$make_one FUZZ_SECONDS=$FUZZ_SECONDS fuzz-&|" | two_at_a_time
suite build-san SAN=1
total
