#!/bin/sh
# `make bench-mail`: the figures of smtpsend beside curl, msmtp and smtp-source, in one run,
# against a sink of our own. Medians of interleaved rounds; nothing fails on a figure.
#   BENCH="small big many wire"   which; ROUNDS=5   how often each
# The wire (50 ms round trip) wants root, as in run.sh.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
build=${BUILD:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
tools=$build/bench
smtpsend="$build/bin/smtpsend --no-config --no-netrc -f a@example.org"
rounds=${ROUNDS:-5}
. tests/servers/lib.sh
. tests/bench/lib.sh
. tests/bench/wire.sh
PATH=$PATH:/usr/sbin:/sbin

dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-bench.XXXXXX")
pids=

cleanup() {
  # shellcheck disable=SC2086 # several
  [ -z "$pids" ] || kill $pids 2>/dev/null || true
  unstretch
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

wanted() { # FIGURE
  case " ${BENCH:-small big many wire} " in
  *" $1 "*) ;;
  *) return 1 ;;
  esac
}

letter() {
  printf 'From: a@example.org\nTo: b@example.net\nSubject: x\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n'
  printf 'Message-ID: <1@example.org>\n\nDo you like ketchup?\n'
}

prepare() {
  letter >"$dir/small"
  { letter; yes 'a line of the one big message, sixty and some characters long' | head -c 67000000; echo; } >"$dir/big"
  i=0
  while [ $i -lt 1000 ]; do
    i=$((i + 1))
    { echo "From a"; letter; head -c 900 /dev/zero | tr '\0' x | fold -w 70; printf '\n\n'; }
  done >"$dir/box1000"
  head -n "$(($(wc -l <"$dir/box1000") / 10))" "$dir/box1000" >"$dir/box100"
  printf 'defaults\naccount default\nhost %s\nport 25\nfrom a@example.org\n' 127.0.0.1 >"$dir/msmtprc"
}

serve() { # ADDRESS [COMMAND...]: a sink with CHUNKING and one without, behind COMMAND
  address=$1
  shift
  bdat=$(free_port)
  data=$(free_port)
  "$@" "$tools/mail_sink" "$address" "$bdat" &
  pids="$pids $!"
  "$@" "$tools/mail_sink" "$address" "$data" nochunking &
  pids="$pids $!"
  sleep 0.3
}

curl_to() { # PORT FILE
  echo "curl -s --url smtp://$address:$1/x --mail-from a@example.org --mail-rcpt b@example.net -T $2"
}

msmtp_to() { # PORT FILE
  echo "msmtp --file=/dev/null --host=$address --port=$1 -f a@example.org b@example.net <$2"
}

small() {
  try smtpsend "$smtpsend --server $address:$data b@example.net <$dir/small"
  try curl "$(curl_to "$data" "$dir/small")"
  try msmtp "$(msmtp_to "$data" "$dir/small")"
  race small $((rounds * 6))
  row 'one small message, to curl' "$(median smtpsend 1)" "$(median curl 1)" 0.4
  also msmtp
}

big() {
  try smtpsend "$smtpsend --server $address:$data b@example.net <$dir/big"
  try bdat "$smtpsend --server $address:$bdat b@example.net <$dir/big"
  try pipe "cat $dir/big | $smtpsend --server $address:$data b@example.net"
  try curl "$(curl_to "$data" "$dir/big")"
  race big "$rounds"
  row '67 MB message, to curl' "$(median smtpsend 1)" "$(median curl 1)" 0.5
  also bdat pipe
  amount '  peak memory' "$(median smtpsend 3 | awk '{ print $1 / 1024 }')" MiB 6
}

many() {
  try bdat "$smtpsend --server $address:$bdat --mbox $dir/box1000 b@example.net"
  try data "$smtpsend --server $address:$data --mbox $dir/box1000 b@example.net"
  try source "smtp-source -d -m 1000 -l 1000 -f a@example.org -t b@example.net $address:$data"
  race many "$rounds"
  row '1000 messages, BDAT, to smtp-source' "$(median bdat 1)" "$(median source 1)" 0.6
  row '1000 messages, DATA, to smtp-source' "$(median data 1)" "$(median source 1)" 1.2
  amount '  peak memory' "$(median bdat 3 | awk '{ print $1 / 1024 }')" MiB 6
}

# Two namespaces, and the wire between them, as in run.sh.
wire() {
  if [ "$(id -u)" -ne 0 ] || ! stretch; then
    echo 'round trips: not measured (wants root, network namespaces and /dev/net/tun)'
    return
  fi
  serve 10.77.0.2 ip netns exec $server_space
  in_place="ip netns exec $client_space"
  rtt=$(for _ in 1 2 3 4 5; do $in_place "$tools/bare_client" "$address" "$data"; done | sort -n | sed -n 3p)
  echo "one round trip here: $rtt ms (median of 5 connects)"
  try smtpsend "$smtpsend --server $address:$data b@example.net <$dir/small"
  try curl "$(curl_to "$data" "$dir/small")"
  try msmtp "$(msmtp_to "$data" "$dir/small")"
  try swaks "swaks -S 3 --pipeline --server $address --port $data -f a@example.org -t b@example.net -d $dir/small"
  race wire-data "$rounds"
  amount 'one message, PIPELINING' "$(trips smtpsend)" 'round trips' 5.3
  also_trips curl msmtp swaks
  try smtpsend "$smtpsend --server $address:$bdat b@example.net <$dir/small"
  race wire-bdat "$rounds"
  amount 'one message, CHUNKING' "$(trips smtpsend)" 'round trips' 4.4
  try data "$smtpsend --server $address:$data --mbox $dir/box100 b@example.net"
  try bdat "$smtpsend --server $address:$bdat --mbox $dir/box100 b@example.net"
  race wire-many 1
  amount '100 messages, DATA' "$(trips data)" 'round trips' 112
  amount '100 messages, CHUNKING' "$(trips bdat)" 'round trips' 9
  in_place=
}

prepare
printf '%-34s %10s %10s %8s %7s\n' figure smtpsend beside ratio limit
serve 127.0.0.1
for figure_name in small big many wire; do
  ! wanted $figure_name || $figure_name
done
