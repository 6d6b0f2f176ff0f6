#!/usr/bin/env bats
# The progress line of several files, as a terminal shows it; the peer stops where the test wants to
# look, as in tests/webget/progress.bats.

# What the helpers set, the assertions read.
# shellcheck disable=SC2034
load ftpc.bash
load ../peer/screen.bash

setup() {
  tool_setup
  screen_setup
  mkfifo "$BATS_TEST_TMPDIR/gate"
  printf 'type=file;size=300;modify=20200101000000; a\r\ntype=file;size=700;modify=20200101000000; b\r\n' \
    >"$BATS_TEST_TMPDIR/listing"
}

teardown() {
  screen_stop
  peer_stop
}

# Two files in a directory; the second is what comes through the gate.
two_files() { # STEPS-BEFORE-THE-LISTING MLSD-LINE PREFIX
  printf '%s\n' 'S: 220 ready' 'C: USER anonymous' 'C: PASS *' 'C: FEAT' 'S: 331 who' 'S: 230 in' \
    'S: 211-Features' 'S:  EPSV' 'S:  MDTM' 'S:  MLST type*;size*;modify*;' 'S:  REST STREAM' 'S:  SIZE' \
    'S: 211 End'
  printf '%s' "$1"
  printf '%s\n' 'C: TYPE A' 'C: EPSV' 'S: 200 A' 'S: 229 (|||@PORT@|)' "C: $2" 'S: 150 listing' \
    '[data < listing]' 'S: 226 listed' \
    'C: TYPE I' "C: SIZE $3a" "C: MDTM $3a" 'C: EPSV' 'S: 200 I' 'S: 213 300' 'S: 213 20200101000000' \
    'S: 229 (|||@PORT@|)' "C: RETR $3a" 'S: 150 here' '[data S 300 bytes]' \
    "C: SIZE $3b" "C: MDTM $3b" 'C: EPSV' 'S: 226 done' 'S: 213 700' 'S: 213 20200101000000' \
    'S: 229 (|||@PORT@|)' "C: RETR $3b" 'S: 150 here' '[data < gate]' 'S: 226 done' 'C: QUIT' 'S: 221 bye'
}

pass() {
  # shellcheck disable=SC2016
  timeout 20 sh -c 'head -c 700 /dev/zero >"$1"' - "$BATS_TEST_TMPDIR/gate"
}

@test "a mirror: files and bytes of all that the listing tells, what it does above them" {
  play < <(two_files '' 'MLSD d' d/)
  screen_run 100 40 "$PROGRAM" --mirror m "$URL/d/"
  screen_shows '1 of 2 files [============>                           ]  30%  300 B of 1.0 KiB'
  [ "$(screen | head -3)" = $'ftpc: mkdir m\nftpc: get a\nftpc: get b' ]
  [ "$(screen | wc -l)" -eq 4 ]
  sleep 1
  pass
  screen_shows 'ended with 0'
  screen | grep -E '^2 files  1\.0 KiB in 0:0[1-9] \('
  [ "$(stat -c %s m/a m/b | tr '\n' ' ')" = '300 700 ' ]
  peer_wait
}

@test "mget: the dialogue is shown above the line" {
  play < <(two_files $'C: CWD d\nS: 250 in d\n' MLSD '')
  screen_run 100 60 "$PROGRAM" -v --execute 'cd d; mget *' "$URL/"
  screen_shows '1 of 2 files [============>                           ]  30%  300 B of 1.0 KiB'
  [[ $(screen | tail -1) == '1 of 2 files ['* ]]
  [ "$(screen | grep -c 'of 2 files')" -eq 1 ]
  screen | sed '$d' | while IFS= read -r line; do
    [[ $line =~ ^([CS]:\ .*|\[.*\]|ftpc\>\ .*)$ ]] || { echo "torn: $line"; exit 1; }
  done
  pass
  screen_shows 'ended with 0'
  peer_wait
}

@test "no line on a pipe" {
  play < <(two_files '' 'MLSD d' d/)
  ftpc -q --mirror m "$URL/d/" 2>said &
  sleep 0.8
  pass
  wait $!
  [ ! -s said ]
}
