# shellcheck shell=bash
# What a user sees: a terminal that tmux plays. `load ../peer/screen.bash` beside the tool's helpers.
#
#   setup() { tool_setup; screen_setup; }
#   teardown() { screen_stop; peer_stop; }
#   screen_run 80 24 "$PROGRAM" ...      # when it has ended the screen says "ended with N"
#   screen_type quit Enter               # as tmux names keys
#   screen_shows 'words'                 # waits until it does

screen_setup() {
  command -v tmux >/dev/null || skip 'no tmux'
  # The socket's path must be short.
  SCREEN_DIR=$(mktemp -d /tmp/screen.XXXXXX)
  export TERM=xterm
  unset TMUX
}

screen_stop() {
  [ -n "${SCREEN_DIR-}" ] || return 0
  tmux -S "$SCREEN_DIR/socket" kill-server 2>/dev/null || true
  rm -rf "$SCREEN_DIR"
}

screen_run() { # COLUMNS LINES COMMAND...
  local command
  command=$(printf '%q ' "${@:3}")
  # Of a program that its terminal's end ends: LeakSanitizer may wait for it for ever, busily.
  command="ASAN_OPTIONS=detect_leaks=0 $command"
  # bats waits until nobody holds its descriptors any more.
  tmux -S "$SCREEN_DIR/socket" -u -f /dev/null new-session -d -x "$1" -y "$2" \
    "LC_ALL=$LC_ALL $command; echo ended with \$?; sleep 60" 3>&- 4>&-
}

screen_type() { # KEY...
  tmux -S "$SCREEN_DIR/socket" send-keys "$@"
}

# Its lines, without the empty ones.
screen() {
  tmux -S "$SCREEN_DIR/socket" capture-pane -p | grep . || true
}

screen_has() { # WORDS
  [[ $(screen 2>/dev/null) == *"$1"* ]]
}

screen_shows() { # WORDS
  await screen_has "$1" || { screen; return 1; }
}
