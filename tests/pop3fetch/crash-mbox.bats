#!/usr/bin/env bats
# Accidents while pop3fetch delivers into an mbox: see crash.bash.

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

@test "mbox: killed before every call" {
  every_accident kill --mbox box
}

@test "mbox: killed in the middle of every write" {
  every_accident torn --mbox box
}

@test "mbox: a full disk from every call on" {
  every_accident full --mbox box
}

@test "mbox: the connection cut at every send and every 200 bytes" {
  every_accident cut --mbox box
}
