# shellcheck shell=sh disable=SC2154
# Measuring for `make bench`: candidates run in turn, one round after another,
# so that what disturbs the machine disturbs all of them; then medians. To be sourced.
# Wants: $tools (directory of measure), $dir (scratch).

# try LABEL COMMAND: a candidate of the next race; COMMAND is for eval, may hold
# assignments in front and redirections behind. Its stdout goes to /dev/null.
try() {
  tried=$((tried + 1))
  eval "label_$tried=\$1 command_$tried=\$2"
}

# in_place is put before every command: a network namespace.
in_place=
# A file (or tree) that is removed, untimed, before every command: else one candidate pays for freeing
# what another wrote, and one that replaces a file only when it is whole needs memory for two.
afresh=
tried=0

race() { # NAME ROUNDS [1: without the round that warms up]
  figure=$1
  round=${3:-0}
  rm -f "$dir/$figure."*
  while [ "$round" -le "$2" ]; do # round 0 warms up and is not counted
    i=0
    while [ $i -lt $tried ]; do
      i=$((i + 1))
      eval "label=\$label_$i command=\$command_$i"
      [ -z "$afresh" ] || rm -rf "$afresh"
      eval "$(measured "$command")" >/dev/null 2>"$dir/stderr" </dev/null
      read -r wall cpu rss status <"$dir/measured"
      if [ "$status" -ne 0 ] && [ "$round" -eq 0 ]; then
        echo "  ($figure: $label ended with $status: $(head -c 200 "$dir/stderr"))"
      fi
      [ "$round" -eq 0 ] || echo "$wall $cpu $rss $status" >>"$dir/$figure.$label"
    done
    round=$((round + 1))
  done
  tried=0
}

# VAR=x COMMAND... becomes VAR=x NAMESPACE measure FILE COMMAND...
measured() {
  # shellcheck disable=SC2016
  printf '%s\n' "$1" | sed -E "s#^(([A-Z_]+=[^ ]* )*)#\1 $in_place $tools/measure $dir/measured #"
}

# The median of a field of a candidate; `-` when it never succeeded.
median() { # LABEL FIELD(1 wall ms, 2 cpu ms, 3 kB)
  [ -e "$dir/$figure.$1" ] || { echo -; return; }
  awk -v f="$2" '$4 == 0 { print $f }' "$dir/$figure.$1" | sort -n |
    awk '{ v[NR] = $1 } END { if (!NR) print "-"; else print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

least() { # NUMBER...: `-` are left out
  printf '%s\n' "$@" | awk '$1 != "-" && (!n++ || $1 < m) { m = $1 } END { print n ? m : "-" }'
}

heading() {
  printf '%-34s %10s %10s %8s %7s  %s\n' figure webget beside ratio limit ''
}

# row TEXT OURS THEIRS LIMIT [UNIT]: the ratio against its limit
row() {
  awk -v t="$1" -v a="$2" -v b="$3" -v l="$4" -v u="${5:-ms}" 'BEGIN {
    if (a == "-" || b == "-" || b == 0) { printf "%-34s %10s %10s %8s %7s  not measured\n", t, a, b, "-", l; exit }
    r = a / b
    printf "%-34s %7.1f %-2s %7.1f %-2s %8.2f %7s  %s\n", t, a, u, b, u, r, l, r <= l ? "ok" : "MISSED" }'
}

# amount TEXT OURS UNIT LIMIT: a figure with a limit of its own
amount() {
  awk -v t="$1" -v a="$2" -v u="$3" -v l="$4" 'BEGIN {
    if (a == "-") { printf "%-34s %10s %10s %8s %7s  not measured\n", t, "-", "", "", l; exit }
    printf "%-34s %10.2f %-10s %8s %7s  %s\n", t, a, u, "", l, a <= l ? "ok" : "MISSED" }'
}

# also LABEL...: what others took, for comparison
also() {
  printf '  '
  for label; do
    printf '  %s %s' "$label" "$(median "$label" 1)"
  done
  echo
}
