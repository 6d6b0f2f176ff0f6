#!/usr/bin/env bats
# ftpc at a prompt, on a terminal that tmux plays, with pyftpdlib.

load ftpc.bash
load ../peer/screen.bash
load ../servers/servers

setup_file() {
  server_start pyftpd
  mkdir -p "$PYFTPD_ROOT/many/deep"
  echo one >"$PYFTPD_ROOT/many/one"
  echo two >"$PYFTPD_ROOT/many/two"
  echo three >"$PYFTPD_ROOT/many/three"
  echo x >"$PYFTPD_ROOT/readme.txt"
  echo x >"$PYFTPD_ROOT/many/deep/down"
  head -c 3000000 /dev/zero >"$PYFTPD_ROOT/big"
  printf 'x\n' >"$PYFTPD_ROOT/"$'esc\x1b[31mape'
}

teardown_file() {
  server_stop pyftpd
}

setup() {
  tool_setup
  screen_setup
}

teardown() {
  screen_stop
}

at_prompt() { # ARGUMENT...
  screen_run 100 40 "$PROGRAM" "$@"
  screen_shows 'ftpc'
}

as_ada() {
  at_prompt "ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT"
  screen_shows 'ftpc 127.0.0.1>'
}

@test "prompt, verbs and remote names completed, directories too" {
  as_ada
  screen_type 'modt' Tab 'rea' Tab Enter
  screen_shows '> modtime readme.txt'
  screen_shows '20' # its time
  screen_type 'cat many/de' Tab 'do' Tab Enter
  screen_shows '> cat many/deep/down'
  screen_shows $'\nx\n'
  screen_type quit Enter
  screen_shows 'ended with 0'
}

@test "local names are completed for put, and the cache of remote ones is forgotten by a write" {
  echo mine >mine-alone
  as_ada
  screen_type 'size rea' Tab Enter
  screen_shows $'readme.txt\n2\n'
  screen_type 'put mine-a' Tab Enter
  screen_shows '> put mine-alone'
  screen_type 'size mine-' Tab Enter
  screen_shows '> size mine-alone'
  screen_shows $'size mine-alone\n5\n'
  screen_type 'delete mine-' Tab Enter
  screen_shows '> delete mine-alone'
  screen_type 'size mine-' Tab Enter
  screen_shows 'SIZE mine- was not accepted'
  assert [ ! -e "$PYFTPD_ROOT/mine-alone" ]
}

@test "prefixes: one that is ambiguous is named; help and ? list the commands" {
  as_ada
  screen_type 'm' Enter
  screen_shows 'm: which of '
  screen_shows 'mget'
  screen_type 'frob' Enter
  screen_shows 'frob: no such command'
  screen_type '? reget' Enter
  screen_shows 'go on with a file that is partly here'
  screen_type 'help' Enter
  screen_shows 'run COMMAND in a shell'
}

@test "listings through a pager; escapes in names are made visible" {
  as_ada
  screen_type 'ls -1 many | head -n 2' Enter
  screen_shows $'deep\none\nftpc'
  screen_type 'nlist many | tr a-z A-Z' Enter
  screen_shows THREE
  screen_type '!echo from the shell' Enter
  screen_shows $'\nfrom the shell'
  screen_type 'ls -1' Enter
  screen_shows 'esc\x1b[31mape'
}

@test "mget asks for each: n, a, q; prompt off asks for none" {
  as_ada
  screen_type 'mget many/*' Enter
  screen_shows 'mget one'
  screen_type n Enter
  screen_shows 'mget three'
  screen_type q Enter
  screen_shows $'127.0.0.1>'
  sleep 0.1
  assert_files
  screen_type 'mget many/*' Enter
  screen_shows 'mget one'
  screen_type a Enter
  await test -e two
  assert_files one three two
  rm ./*
  screen_type 'prompt off' Enter 'mget many/t*' Enter
  await test -e two
  assert_files three two
}

@test "history: kept without passwords, and found again" {
  at_prompt "127.0.0.1:$PYFTPD_PORT"
  screen_type 'user ada lovelace' Enter
  screen_shows '127.0.0.1>'
  screen_type 'pwd' Enter
  screen_shows $'\n/\n'
  screen_type 'quit' Enter
  screen_shows 'ended with 0'
  assert_equal "$(cat "$XDG_STATE_HOME/parley/ftpc.history")" $'pwd\nquit'
  assert_equal "$(stat -c %a "$XDG_STATE_HOME/parley/ftpc.history")" 600
  screen_stop
  screen_setup
  at_prompt --interactive
  screen_type Up Up Enter
  screen_shows 'nothing is open'
}

@test "Ctrl-C ends a transfer and leaves the prompt; a failed command does too" {
  at_prompt --limit-rate 200k "ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT"
  screen_shows '127.0.0.1>'
  screen_type 'get big' Enter
  screen_shows '%'
  screen_type C-c
  sleep 0.2
  screen_type 'cd nowhere' Enter
  screen_shows 'CWD nowhere'
  screen_type 'cat readme.txt' Enter
  screen_shows $'readme.txt\nx\n'
  assert_files
  screen_type C-d
  screen_shows 'ended with'
}
