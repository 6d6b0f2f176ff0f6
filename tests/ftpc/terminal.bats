#!/usr/bin/env bats
# ftpc at a prompt, on a terminal that tmux plays, with pyftpdlib.

load ftpc.bash
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
  command -v tmux >/dev/null || skip 'no tmux'
  # The socket's path must be short.
  TMUX_TMPDIR=$(mktemp -d /tmp/ftpc-tmux.XXXXXX)
  export TMUX_TMPDIR TERM=xterm
  unset TMUX
}

teardown() {
  [ -z "${TMUX_TMPDIR-}" ] || {
    tmux kill-server 2>/dev/null || true
    rm -rf "$TMUX_TMPDIR"
  }
}

# ftpc on a terminal of 100 x 40.
at_prompt() { # ARGUMENT...
  local command
  command=$(printf '%q ' "$PROGRAM" "$@")
  tmux -f /dev/null new-session -d -x 100 -y 40 "$command; echo ended with \$?; sleep 30" 3>&- 4>&-
  shows 'ftpc'
}

type_in() { # KEY...
  tmux send-keys "$@"
}

screen() {
  tmux capture-pane -p
}

# Waits until the screen shows these words.
shows() { # WORDS
  local tries=0
  until [[ $(screen 2>/dev/null) == *"$1"* ]]; do
    [ $((tries += 1)) -lt 1000 ] || break
    sleep 0.03
  done
  [ $tries -ge 1000 ] || return 0
  echo "the screen does not show: $1"
  screen | grep .
  return 1
}

as_ada() {
  at_prompt "ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT"
  shows 'ftpc 127.0.0.1>'
}

@test "prompt, verbs and remote names completed, directories too" {
  as_ada
  type_in 'modt' Tab 'rea' Tab Enter
  shows '> modtime readme.txt'
  shows '20' # its time
  type_in 'cat many/de' Tab 'do' Tab Enter
  shows '> cat many/deep/down'
  shows $'\nx\n'
  type_in quit Enter
  shows 'ended with 0'
}

@test "local names are completed for put, and the cache of remote ones is forgotten by a write" {
  echo mine >mine-alone
  as_ada
  type_in 'size rea' Tab Enter
  shows $'readme.txt\n2\n'
  type_in 'put mine-a' Tab Enter
  shows '> put mine-alone'
  type_in 'size mine-' Tab Enter
  shows '> size mine-alone'
  shows $'size mine-alone\n5\n'
  type_in 'delete mine-' Tab Enter
  shows '> delete mine-alone'
  type_in 'size mine-' Tab Enter
  shows 'SIZE mine- was not accepted'
  assert [ ! -e "$PYFTPD_ROOT/mine-alone" ]
}

@test "prefixes: one that is ambiguous is named; help and ? list the commands" {
  as_ada
  type_in 'm' Enter
  shows 'm: which of '
  shows 'mget'
  type_in 'frob' Enter
  shows 'frob: no such command'
  type_in '? reget' Enter
  shows 'go on with a file that is partly here'
  type_in 'help' Enter
  shows 'run COMMAND in a shell'
}

@test "listings through a pager; escapes in names are made visible" {
  as_ada
  type_in 'ls -1 many | head -n 2' Enter
  shows $'deep\none\nftpc'
  type_in 'nlist many | tr a-z A-Z' Enter
  shows THREE
  type_in '!echo from the shell' Enter
  shows $'\nfrom the shell'
  type_in 'ls -1' Enter
  shows 'esc\x1b[31mape'
}

@test "mget asks for each: n, a, q; prompt off asks for none" {
  as_ada
  type_in 'mget many/*' Enter
  shows 'mget one'
  type_in n Enter
  shows 'mget three'
  type_in q Enter
  shows $'127.0.0.1>'
  sleep 0.1
  assert_files
  type_in 'mget many/*' Enter
  shows 'mget one'
  type_in a Enter
  await test -e two
  assert_files one three two
  rm ./*
  type_in 'prompt off' Enter 'mget many/t*' Enter
  await test -e two
  assert_files three two
}

@test "history: kept without passwords, and found again" {
  at_prompt "127.0.0.1:$PYFTPD_PORT"
  type_in 'user ada lovelace' Enter
  shows '127.0.0.1>'
  type_in 'pwd' Enter
  shows $'\n/\n'
  type_in 'quit' Enter
  shows 'ended with 0'
  assert_equal "$(cat "$XDG_STATE_HOME/parley/ftpc.history")" $'pwd\nquit'
  assert_equal "$(stat -c %a "$XDG_STATE_HOME/parley/ftpc.history")" 600
  tmux kill-server
  none_runs() { ! tmux list-sessions >/dev/null 2>&1; }
  await none_runs
  at_prompt --interactive
  type_in Up Up Enter
  shows 'nothing is open'
}

@test "Ctrl-C ends a transfer and leaves the prompt; a failed command does too" {
  at_prompt --limit-rate 200k "ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT"
  shows '127.0.0.1>'
  type_in 'get big' Enter
  shows '%'
  type_in C-c
  sleep 0.2
  type_in 'cd nowhere' Enter
  shows 'CWD nowhere'
  type_in 'cat readme.txt' Enter
  shows $'readme.txt\nx\n'
  assert_files
  type_in C-d
  shows 'ended with'
}
