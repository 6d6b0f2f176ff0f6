#!/bin/sh
# `make bench`, pop3fetch's part: beside mpop, curl and fetchmail, from a real Dovecot, in one run.
# Medians of interleaved rounds; nothing here fails on a figure.
#   BENCH="pop3-many pop3-list pop3-big pop3-wire"   which; ROUNDS=5   how often each
# Wants root, for Dovecot and for the wire (50 ms round trip). What is written is on
# $TMPDIR's disk: durability is a part of the figures.
set -eu
cd "$(dirname "$0")/../.."
build=$PWD/${BUILD:-build}
tools=$build/bench
rounds=${ROUNDS:-5}
. tests/servers/lib.sh
. tests/bench/lib.sh
. tests/bench/wire.sh
PATH=$PATH:/usr/sbin:/sbin
unset all_proxy no_proxy NETRC

[ "$(id -u)" -eq 0 ] || { echo 'pop3fetch: not measured (wants root)'; exit 0; }
for figure in pop3-many pop3-list pop3-big pop3-wire; do
  case " ${BENCH-pop3-many pop3-list pop3-big pop3-wire} " in *" $figure "*) wanted="${wanted-} $figure" ;; esac
done
[ -n "${wanted-}" ] || exit 0

dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-bench.XXXXXX")
export HOME="$dir/home" XDG_STATE_HOME="$dir/home"
mkdir "$HOME"

cleanup() {
  tests/servers/dovecot.sh stop "$dir/dovecot"
  unstretch
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mailbox() { # USER COUNT SIZE
  rm -rf "${DOVECOT_MAIL:?}/$1"
  tests/servers/letters.py "$DOVECOT_MAIL/$1" "$2" "$3"
  chown -R nobody "$DOVECOT_MAIL/$1"
}

# The candidates, each from a clean start: $to is another directory for each run.
host=127.0.0.1
# shellcheck disable=SC2016 # expanded by contest
to='$to'
ours() { # USER: into a Maildir
  echo "$build/bin/pop3fetch --no-config --no-netrc -q --tls off --auth plain --plaintext-login --state $to/state --maildir $to/box pop3://$1:lovelace@$host:$DOVECOT_POP3/"
}

theirs() { # USER
  echo "mpop --host=$host --port=$DOVECOT_POP3 --user=$1 --passwordeval=$dir/password --auth=user --tls=off --keep=on --received-header=off -q --uidls-file=$to/state --delivery=maildir,$to/box"
}

# fetchmail has no Maildir of its own: it gives each message to a program.
fetchmail_rc() { # USER
  cat >"$dir/fetchmailrc" <<RC
poll $host service $DOVECOT_POP3 protocol pop3 uidl
  user $1 password lovelace keep fetchall sslproto "" mda "$dir/into-maildir"
RC
  cat >"$dir/into-maildir" <<'MDA'
#!/bin/sh
cat >"$BOX/tmp/$$" && sync "$BOX/tmp/$$" && mv "$BOX/tmp/$$" "$BOX/new/$$"
MDA
  chmod 700 "$dir/fetchmailrc" "$dir/into-maildir"
  echo "env BOX=\$to/box fetchmail -f $dir/fetchmailrc --nosyslog --pidfile \$to/pid -i \$to/ids -s"
}

# contest ROUNDS: every candidate in turn. What they write is removed after the last of them: for
# half a minute ext4 gives out no inode that was freed, and searches past them for each new one.
contest() { # FIGURE ROUNDS
  figure=$1
  rm -f "$dir/$figure."*
  round=0
  while [ $round -le "$2" ]; do # round 0 warms up and is not counted
    i=0
    while [ $i -lt "$tried" ]; do
      i=$((i + 1))
      eval "label=\$label_$i command=\$command_$i"
      to=$dir/runs/$figure.$round.$i
      mkdir -p "$to/box/tmp" "$to/box/new" "$to/box/cur"
      sync
      # shellcheck disable=SC2046,SC2086,SC2154 # a command of words, set by eval
      $in_place "$tools/measure" "$dir/measured" $(eval "echo \"$command\"") >"$to/out" 2>"$dir/stderr" </dev/null
      read -r wall cpu rss status <"$dir/measured"
      # shellcheck disable=SC2154 # set by eval
      [ "$status" -eq 0 ] || echo "  ($figure: $label ended with $status: $(head -c 200 "$dir/stderr"))"
      [ $round -eq 0 ] && [ "$2" -gt 0 ] || echo "$wall $cpu $rss $status" >>"$dir/$figure.$label"
    done
    round=$((round + 1))
  done
  rm -rf "$dir/runs"
  # shellcheck disable=SC2016 # expanded here
  tried=0 to='$to'
}

many() {
  mailbox ada 10000 2000
  try pop3fetch "$(ours ada)"
  try mpop "$(theirs ada)"
  try curl "curl -s pop3://ada:lovelace@$host:$DOVECOT_POP3/[1-10000]"
  contest pop3-many "$rounds"
  row '10,000 x 2 kB to a Maildir, to mpop' "$(median pop3fetch 1)" "$(median mpop 1)" 0.35
  also curl
  # Once, for it takes minutes where the others take seconds.
  try fetchmail "$(fetchmail_rc ada)"
  contest pop3-many-fetchmail 0
  also fetchmail
}

list() {
  mailbox ada 10000 2000
  try pop3fetch "$build/bin/pop3fetch --no-config --no-netrc --tls off --auth plain --plaintext-login --list pop3://ada:lovelace@$host:$DOVECOT_POP3/"
  contest pop3-list "$rounds"
  amount 'listing 10,000' "$(median pop3fetch 1)" ms 300
}

big() {
  mailbox bob 1 1073741824
  try pop3fetch "$(ours bob)"
  contest pop3-big 1
  amount '1 GiB message, peak memory' "$(median pop3fetch 3 | awk '{ print $1 / 1024 }')" MiB 6
  echo "    in $(median pop3fetch 1) ms"
}

wire() {
  stretch || { echo 'round trips of POP3: not measured (network namespaces, /dev/net/tun)'; return; }
  tests/servers/dovecot.sh stop "$dir/dovecot"
  DOVECOT_LISTEN=10.77.0.2 ip netns exec $server_space tests/servers/dovecot.sh start "$dir/dovecot"
  . "$dir/dovecot/env"
  sleep 0.3
  host=10.77.0.2
  in_place="ip netns exec $client_space"
  mailbox carol 100 2000
  try pop3fetch "$(ours carol)"
  try mpop "$(theirs carol)"
  try curl "curl -s pop3://carol:lovelace@$host:$DOVECOT_POP3/[1-100]"
  try fetchmail "$(fetchmail_rc carol)"
  contest pop3-wire "$rounds"
  amount '100 x 2 kB at 50 ms, to a Maildir' "$(trips pop3fetch)" 'round trips' 9.5
  echo "    mpop $(trips mpop) curl $(trips curl) fetchmail $(trips fetchmail)"
  in_place=
}

mkdir -p "$dir/dovecot"
printf '#!/bin/sh\necho lovelace\n' >"$dir/password"
chmod +x "$dir/password"
tests/servers/dovecot.sh start "$dir/dovecot"
. "$dir/dovecot/env"
for figure_name in $wanted; do
  ${figure_name#pop3-}
done
