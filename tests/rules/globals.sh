#!/bin/sh
# No mutable variable of file scope (or static in a function): worker threads
# each run a session of their own, and that works because nothing is shared.
# Asks the object files, so no spelling escapes. Usage: globals.sh OBJECT...
# Two may: cli/interrupt.o, as a signal handler has nothing else to write to, and
# cli/shell_readline.o, as readline's hooks carry no context.
set -eu

objdump -t "$@" 2>&1 | awk '
  /file format/ { sub(/: *file format.*/, ""); object = $0; allowed = object ~ /cli\/(interrupt|shell_readline)\.o$/; next }
  # value flags(7 columns) section TAB size name; d and f in the flags are sections and files.
  { flags = substr($0, 18, 7); rest = substr($0, 26); split(rest, part, /[ \t]+/) }
  flags ~ /[dfF]/ || allowed { next }
  part[1] ~ /^\.(data|bss|tdata|tbss)|^\*COM\*/ && part[1] !~ /^\.data\.rel\.ro/ {
    name = part[3]; sub(/^\.hidden */, "", name)
    if (name == "") name = part[4]
    print object ": " name " can be written to; make it const or pass it"
    found = 1
  }
  END { exit found }'
