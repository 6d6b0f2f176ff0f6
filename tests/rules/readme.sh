#!/bin/sh
# README.md names every tool that exists, its example and the set-up commands;
# common/README.md, the map, names every file of the house's rooms.
# Usage: readme.sh, from the project root.
set -eu
status=0

need() { # FILE WORD
  grep -qF -e "$2" "$1" 2>/dev/null && return
  echo "$1: nothing about $2"
  status=1
}

for dir in cmd/*/; do
  tool=$(basename "$dir")
  need README.md "$tool"
  [ ! -e README.md ] || grep -qE "^ *(\\$ )?$tool " README.md || {
    echo "README.md: no example of $tool"
    status=1
  }
done
need README.md 'make deps demo'
need README.md 'make deps check'
for dir in common/*/; do
  need common/README.md "$(basename "$dir")/"
done
exit $status
