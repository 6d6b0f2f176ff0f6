#!/bin/sh
# The manual says it all: every tool has a page, and each option its --help
# prints stands in that page or in parley.7. Usage: manual.sh BINDIR MANDIR TOOL...
set -eu
bin=$1 man=$2
shift 2
status=0

complain() {
  echo "$*"
  status=1
}

text() {
  mandoc -T utf8 -O width=200 "$@" 2>/dev/null | sed "s/.$(printf '\b')//g"
}

for tool in "$@"; do
  page=$man/$tool.1
  if [ ! -f "$page" ]; then
    complain "$page: missing"
    continue
  fi
  said=$(text "$page"; [ ! -f "$man/parley.7" ] || text "$man/parley.7")
  options=$("$bin/$tool" --help | grep -oE '(^|[ ,])--[a-z0-9][a-z0-9.-]*' | tr -d ' ,' | sort -u)
  [ -n "$options" ] || complain "$tool --help names no option"
  for option in $options; do
    printf '%s\n' "$said" | grep -qE -e "(^|[^a-z0-9-])$option([^a-z0-9-]|\$)" ||
      complain "$page: $option is not described there, nor in parley.7"
  done
done
exit $status
