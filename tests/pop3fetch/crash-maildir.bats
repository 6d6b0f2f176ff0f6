#!/usr/bin/env bats
# Accidents while pop3fetch delivers into a Maildir: see crash.bash.

load pop3fetch
load dovecot.bash
load crash.bash

setup_file() {
  crash_start
}

teardown_file() {
  dovecot_stop
}

setup() {
  crash_setup
}

@test "Maildir: killed before every call" {
  every_accident kill --maildir box
}

@test "Maildir: killed before every call, on a file system of link and unlink only" {
  export CRASH_OLD=1
  every_accident kill --maildir box
}

@test "Maildir: killed in the middle of every write" {
  every_accident torn --maildir box
}

@test "Maildir: a full disk from every call on" {
  every_accident full --maildir box
}

@test "Maildir: the connection cut at every send and every 200 bytes" {
  every_accident cut --maildir box
}

@test "the order: messages synced and in place, state synced, DELE; state emptied after QUIT" {
  refill
  accident log 0 --maildir box
  awk '/^renameat2/ { linked = NR } /^fsync/ { synced = NR } /^write .* 0/ && linked && !noted { noted = NR }
    /^fdatasync/ { state = NR } /^send DELE/ { dele = NR } /^rename / { renamed = NR }
    END { exit !(linked && noted > linked && state > noted && dele > state && renamed > dele) }' call
}
