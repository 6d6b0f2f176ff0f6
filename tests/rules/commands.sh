#!/bin/sh
# The manual's table of ftpc's commands is that of its rows: usage and words, in their order.
# Usage: commands.sh PROGRAM PAGE
set -eu
dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-commands.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# "usage|Words." of each row, up to those that all tools have.
"$1" --no-config --execute '@help' </dev/null | awk '
  /^  help / { exit }
  /^  [A-Za-z]/ {
    usage = substr($0, 3, 30)
    if (substr($0, 31, 2) != "  ") { usage = substr($0, 3); getline } # too wide for its column
    words = substr($0, 33)
    sub(/ *$/, "", usage)
    print usage "|" toupper(substr(words, 1, 1)) substr(words, 2) "."
  }' >"$dir/rows"
awk '/^\.Sh / { in_table = $2 == "COMMANDS" }
  in_table && /^\.It Ic / { usage = $0; sub(/^\.It Ic /, "", usage); sub(/ No /, " ", usage); getline; print usage "|" $0 }' \
  "$2" >"$dir/page"
[ -s "$dir/rows" ] || { echo "$1: help lists no commands"; exit 1; }
diff "$dir/rows" "$dir/page" || { echo "$2: its table of commands is not that of the rows (<)"; exit 1; }
