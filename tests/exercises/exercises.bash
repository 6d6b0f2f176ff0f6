# shellcheck shell=bash
# parley-exercises(7) as a script: its commands, rendered and then run as they are printed.

SHEET=$BATS_TEST_DIRNAME/../../man/parley-exercises.7

# The page as a reader sees it; literal blocks are indented by eleven columns.
sheet_page() {
  mandoc -T utf8 -O width=120 "$SHEET" | sed $'s/.\b//g'
}

# The literal lines of exercise N, without indentation.
sheet_lines() { # N
  sheet_page | awk -v title="^   $1[.] " '
    /^ ? ? ?[^ ]/ { mine = $0 ~ title; next }
    mine && (/^           / || (block && /^$/)) { block = 1; print substr($0, 12); next }
    { block = 0 }'
}

# A script of them: "$ " begins a command and "> " goes on with it; what follows otherwise
# is typed at the tool's prompt.
sheet_script() { # N
  sheet_lines "$1" | awk '
    function end() { if (typing) print "TYPED"; typing = 0 }
    /^[$] / { end(); command = substr($0, 3); interactive = /--interactive/; print command; next }
    /^> / { interactive = interactive || /--interactive/; print substr($0, 3); next }
    interactive && !typing && /^$/ { next }
    interactive {
      if (!typing) print "# typed"
      typing = 1; sub(/^[a-z0-9]+> /, ""); print
    }
    END { end() }' | awk '
    # The typed lines become a document for the command before them.
    { line[++n] = $0 }
    END {
      for (i = 1; i <= n; i++) {
        if (line[i + 1] == "# typed") { print line[i] " <<\"TYPED\""; i++ } else print line[i]
      }
    }'
}

# Runs exercise N in this directory: what it prints is in out and err.
exercise() { # N
  sheet_script "$1" >script
  cat script
  # Outside the kernel's own range: what else runs here does not get it in the meantime.
  PORT=$(. "$BATS_TEST_DIRNAME/../servers/lib.sh" && free_port) D=$DIALOGUES bash -eu -c '. ./prepared; . ./script' >out 2>err 3>&- ||
    { echo "status $?"; cat err; return 1; }
  cat out err
  # The peers were followed.
  if grep '^peer: ' err; then return 1; fi
}

exercises_setup() {
  unset http_proxy all_proxy no_proxy ftp_proxy NETRC
  export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8
  export XDG_CONFIG_HOME=$HOME XDG_STATE_HOME=$HOME
  PEER=${PARLEY_PEER:-$BATS_TEST_DIRNAME/../../build/tests/peer}
  DIALOGUES=$(cd "$BATS_TEST_DIRNAME/../dialogues" && pwd)
  BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}
  mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/bin"
  ln -sf "$(realpath "$PEER")" "$BATS_TEST_TMPDIR/bin/parley-peer"
  PATH=$(realpath "$BIN"):$BATS_TEST_TMPDIR/bin:$PATH
  cd "$BATS_TEST_TMPDIR/work" || return 1
  # Of the preparation all but the first line, which says what is the reader's choice.
  sheet_page | sed -n 's/^ \{11\}[$] \(AT=.*\)/\1/p' >prepared
}
