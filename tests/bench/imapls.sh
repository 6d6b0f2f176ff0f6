#!/bin/sh
# `make bench`, imapls's part: beside mbsync and a client that only reads, from a real
# Dovecot, in one run. Medians of interleaved rounds; nothing here fails on a figure.
#   BENCH="imap-list imap-newest imap-export imap-wire"   which; ROUNDS=5   how often each
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

[ "$(id -u)" -eq 0 ] || { echo 'imapls: not measured (wants root)'; exit 0; }
for figure in imap-list imap-newest imap-export imap-wire; do
  case " ${BENCH-imap-list imap-newest imap-export imap-wire} " in *" $figure "*) wanted="${wanted-} $figure" ;; esac
done
[ -n "${wanted-}" ] || exit 0

dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-bench.XXXXXX")
export HOME="$dir/home" XDG_STATE_HOME="$dir/home"
mkdir "$HOME"

cleanup() {
  tests/servers/dovecot.sh stop "$dir/dovecot"
  [ ! -d "$dir/many" ] || tests/servers/dovecot.sh stop "$dir/many"
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

host=127.0.0.1
ours="$build/bin/imapls --no-config --no-netrc -q --tls off --auth plain --plaintext-login"
url() { # USER [PATH]
  echo "imap://$1:lovelace@$host:$DOVECOT_IMAP/${2-}"
}

mbsync_config() { # USER
  mkdir -p "$dir/mbsync"
  cat >"$dir/mbsync.conf" <<CONF
FSync yes

IMAPAccount a
Host $host
Port $DOVECOT_IMAP
User $1
Pass lovelace
SSLType None
AuthMechs PLAIN

IMAPStore far
Account a

MaildirStore near
Path $dir/to/
Inbox $dir/to/box

Channel c
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState $dir/to/state-
CONF
  echo "mbsync -q -c $dir/mbsync.conf c"
}

# contest FIGURE ROUNDS: every candidate in turn; what the last one wrote is put aside before the
# next, unless the figure is about what is there already. Aside, not away: after many files were
# removed, file systems are slow at making new ones, and whoever comes next would pay for it.
contest() {
  figure=$1
  rm -f "$dir/$figure."*
  round=0
  while [ $round -le "$2" ]; do # round 0 warms up and is not counted
    i=0
    while [ $i -lt "$tried" ]; do
      i=$((i + 1))
      eval "label=\$label_$i command=\$command_$i"
      [ -n "${keep-}" ] || [ ! -d "$dir/to" ] || mv "$dir/to" "$dir/aside.$figure.$round.$i"
      mkdir -p "$dir/to"
      sync
      # shellcheck disable=SC2086,SC2154 # a command of words, set by eval
      $in_place "$tools/measure" "$dir/measured" $command >"$dir/out" 2>"$dir/stderr" </dev/null
      read -r wall cpu rss status <"$dir/measured"
      # shellcheck disable=SC2154 # set by eval
      [ "$status" -eq 0 ] || echo "  ($figure: $label ended with $status: $(head -c 200 "$dir/stderr"))"
      [ $round -eq 0 ] || echo "$wall $cpu $rss $status" >>"$dir/$figure.$label"
    done
    round=$((round + 1))
  done
  tried=0
}

list() {
  mailbox ada 10000 2000
  try imapls "$ours $(url ada INBOX)"
  try bare "$tools/imap_client $host $DOVECOT_IMAP ada lovelace"
  contest imap-list "$rounds"
  row 'listing 10,000, to a bare client' "$(median imapls 1)" "$(median bare 1)" 1.3
  amount '  peak memory' "$(median imapls 3 | awk '{ print $1 / 1024 }')" MiB 16
}

# Kept as mdbox: with a Maildir of so many, Dovecot takes 90 ms and more to find where one is.
newest() {
  mkdir -p "$dir/many"
  DOVECOT_STORE=mdbox tests/servers/dovecot.sh start "$dir/many"
  (
    . "$dir/many/env"
    mailbox letters 100000 300
    doveadm -c "$DOVECOT_CONF" import -u ada -s "maildir:$DOVECOT_MAIL/letters" '' ALL
    try imapls "$ours -n 20 $(url ada INBOX)"
    contest imap-newest "$rounds"
    amount 'the newest 20 of 100,000' "$(median imapls 1)" ms 50
  )
  tests/servers/dovecot.sh stop "$dir/many"
}

export_all() {
  mailbox carol 10000 2000
  try imapls "$ours --export maildir:$dir/to/box $(url carol INBOX)"
  ! command -v mbsync >/dev/null || try mbsync "$(mbsync_config carol)"
  contest imap-export "$rounds"
  row '10,000 x 2 kB to a Maildir, to mbsync' "$(median imapls 1)" "$(median mbsync 1)" 0.25
}

wire() {
  stretch || { echo 'round trips of IMAP: not measured (network namespaces, /dev/net/tun)'; return; }
  tests/servers/dovecot.sh stop "$dir/dovecot"
  DOVECOT_LISTEN=10.77.0.2 ip netns exec $server_space tests/servers/dovecot.sh start "$dir/dovecot"
  . "$dir/dovecot/env"
  sleep 0.3
  host=10.77.0.2
  in_place="ip netns exec $client_space"
  mailbox ada 100 2000
  try imapls "$ours $(url ada INBOX)"
  contest imap-wire "$rounds"
  amount 'a mailbox of 100 at 50 ms' "$(trips imapls)" 'round trips' 5.9
  try imapls "$ours $(url ada)"
  contest imap-folders "$rounds"
  amount 'mailboxes with counts at 50 ms' "$(trips imapls)" 'round trips' 4.6
  keep=yes
  try imapls "$ours --export maildir:$dir/to/box $(url ada INBOX)"
  contest imap-again "$rounds"
  amount 'export, nothing new, at 50 ms' "$(trips imapls)" 'round trips' 6
  keep=
  in_place=
}

mkdir -p "$dir/dovecot"
tests/servers/dovecot.sh start "$dir/dovecot"
. "$dir/dovecot/env"
for figure_name in $wanted; do
  case $figure_name in imap-export) export_all ;; *) ${figure_name#imap-} ;; esac
done
