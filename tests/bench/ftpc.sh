#!/bin/sh
# `make bench`, ftpc's part: beside curl, lftp and tnftp, from a real vsftpd, in one run.
# Medians of interleaved rounds; nothing here fails on a figure.
#   BENCH="ftp-start ftp-big ftp-many ftp-wire"   which; ROUNDS=5   how often each
# Wants root, for vsftpd and for the wire (50 ms round trip).
# shellcheck disable=SC2034 # what lib.sh reads
set -eu
cd "$(dirname "$0")/../.."
build=$PWD/${BUILD:-build}
tools=$build/bench
ftpc="$build/bin/ftpc --no-config --no-netrc -q"
rounds=${ROUNDS:-5}
. tests/servers/lib.sh
. tests/bench/lib.sh
. tests/bench/wire.sh
PATH=$PATH:/usr/sbin:/sbin
unset ftp_proxy all_proxy no_proxy NETRC

[ "$(id -u)" -eq 0 ] || { echo 'ftpc: not measured (wants root)'; exit 0; }
for figure in ftp-start ftp-big ftp-many ftp-wire; do
  case " ${BENCH-ftp-start ftp-big ftp-many ftp-wire} " in *" $figure "*) wanted="${wanted-} $figure" ;; esac
done
[ -n "${wanted-}" ] || exit 0

# In memory where there is room for two files of 1 GiB: a disk's moods are not the question.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -lt 4000000 ] || TMPDIR=${TMPDIR:-/dev/shm}
dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-bench.XXXXXX")
chmod 755 "$dir"
export HOME="$dir"
echo 'set ssl:verify-certificate no; set ftp:ssl-allow no; set net:max-retries 2' >"$dir/.lftprc"

cleanup() {
  tests/servers/vsftpd.sh stop "$dir/vsftpd"
  unstretch
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

serve() { # ADDRESS [COMMAND...]: vsftpd there, behind COMMAND
  address=$1
  shift
  VSFTPD_ADDRESS=$address "$@" tests/servers/vsftpd.sh start "$dir/vsftpd"
  . "$dir/vsftpd/env"
  site=ftp://$address:$VSFTPD_PORT
  printf 'hello\n' >"$VSFTPD_ANON/six"
  mkdir "$VSFTPD_ANON/hundred" "$VSFTPD_ANON/thousand"
  for i in $(seq 1000); do
    head -c 2000 /dev/urandom >"$VSFTPD_ANON/thousand/$i"
    [ "$i" -gt 100 ] || cp "$VSFTPD_ANON/thousand/$i" "$VSFTPD_ANON/hundred/$i"
  done
}

urls() { # a list for curl and tnftp
  for i in $(seq 100); do
    printf '%s/hundred/%s ' "$site" "$i"
  done
}

# Ahead of whatever else the machine does, server and clients: it is a matter of some
# milliseconds, in which each waits for the other several times.
start_up() {
  if chrt -f 10 true 2>/dev/null; then
    tests/servers/vsftpd.sh stop "$dir/vsftpd"
    serve 127.0.0.1 chrt -f 10
    in_place='chrt -f 10'
  fi
  try ftpc "$ftpc $site/six"
  try tnftp "tnftp -V -o - $site/six"
  try curl "curl -s $site/six"
  race ftp-start $((rounds * 4))
  row 'ftp: one small file, to tnftp' "$(median ftpc 1)" "$(median tnftp 1)" 0.6
  also curl
  if [ -n "$in_place" ]; then
    in_place=
    tests/servers/vsftpd.sh stop "$dir/vsftpd"
    serve 127.0.0.1
  fi
}

big() {
  yes 'a line of the one big file' | head -c 1073741824 >"$VSFTPD_ANON/big"
  afresh=$dir/out
  try ftpc "$ftpc -o $dir/out $site/big"
  try curl "curl -s -o $dir/out $site/big"
  try tnftp "tnftp -V -o $dir/out $site/big"
  try lftp "lftp -c 'get $site/big -o $dir/out'"
  race ftp-big "$rounds"
  row 'ftp: 1 GiB to a file, to the best' "$(median ftpc 1)" \
    "$(least "$(median curl 1)" "$(median tnftp 1)" "$(median lftp 1)")" 0.8
  also curl tnftp lftp
  amount '  peak memory' "$(median ftpc 3 | awk '{ print $1 / 1024 }')" MiB 6
  afresh=
  rm -f "$VSFTPD_ANON/big" "$dir/out"
}

# A directory of its own each time: what is there already would not be fetched.
many() {
  try ftpc "rm -rf $dir/to; $ftpc --parallel 8 --mirror $dir/to $site/thousand/"
  try lftp "rm -rf $dir/to; lftp -c 'open $site; mirror -P8 thousand $dir/to'"
  contest ftp-many "$rounds"
  row 'ftp: 1000 x 2 kB, to lftp mirror -P8' "$(median ftpc 1)" "$(median lftp 1)" 0.85
}

# As race, where what the last one wrote goes before the next.
contest() { # FIGURE ROUNDS
  figure=$1
  round=0
  while [ $round -le "$2" ]; do
    i=0
    while [ $i -lt "$tried" ]; do
      i=$((i + 1))
      eval "label=\$label_$i command=\$command_$i"
      # shellcheck disable=SC2154 # set by eval
      eval "${command%%; *}"
      eval "$(measured "${command#*; }")" >/dev/null 2>"$dir/stderr" </dev/null
      read -r wall cpu rss status <"$dir/measured"
      # shellcheck disable=SC2154 # set by eval
      [ "$status" -eq 0 ] || echo "  ($figure: $label ended with $status: $(head -c 200 "$dir/stderr"))"
      [ $round -eq 0 ] || echo "$wall $cpu $rss $status" >>"$dir/$figure.$label"
    done
    round=$((round + 1))
  done
  tried=0
}

# Two namespaces, and the wire between them.
wire() {
  tests/servers/vsftpd.sh stop "$dir/vsftpd"
  stretch || { echo 'ftp: round trips not measured (wants namespaces and /dev/net/tun)'; return; }
  serve 10.77.0.2 ip netns exec $server_space
  in_place="ip netns exec $client_space"
  try ftpc "$ftpc $site/six"
  try curl "curl -s $site/six"
  try tnftp "tnftp -V -o - $site/six"
  try lftp "lftp -c 'cat $site/six'"
  race ftp-one "$rounds"
  amount 'ftp: one small file' "$(trips ftpc)" 'round trips' 7
  also_trips curl tnftp lftp
  rounds=1
  try passive "rm -rf $dir/to; $ftpc --mirror $dir/to $site/hundred/"
  try active "rm -rf $dir/to; $ftpc -P - --mirror $dir/to $site/hundred/"
  try parallel "rm -rf $dir/to; $ftpc --parallel 8 --mirror $dir/to $site/hundred/"
  try lftp "rm -rf $dir/to; lftp -c 'open $site; mirror -P8 hundred $dir/to'"
  contest ftp-hundred 1
  amount 'ftp: 100 files, one passive session' "$(trips passive)" 'round trips' 340
  amount 'ftp: 100 files, one active session' "$(trips active)" 'round trips' 230
  amount 'ftp: 100 files, 8 sessions' "$(trips parallel)" 'round trips' 60
  also_trips lftp
  in_place=
}

# shellcheck disable=SC2086 # words
set -- $wanted
heading
serve 127.0.0.1
for figure_name; do
  case $figure_name in
  ftp-start) start_up ;;
  ftp-big) big ;;
  ftp-many) many ;;
  ftp-wire) wire ;;
  esac
done
