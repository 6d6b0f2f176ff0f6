#!/bin/sh
# `make bench`: the figures of webget beside curl, wget, wget2 and bare clients,
# all in one run. Medians of interleaved rounds; nothing here fails on a figure.
#   BENCH="startup cache_hit https plain tls many site segments wire"   which; ROUNDS=5   how often each
#   SEGMENTS_MIB=256   the file of `segments`; on one connection each 8 MiB take a second
# The wire (50 ms round trip) wants root: two network namespaces, joined by
# tests/bench/wire, which delays packets; netem is not in every kernel.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
build=$root/${BUILD:-build}
tools=$build/bench
webget=$build/bin/webget
rounds=${ROUNDS:-5}
. tests/servers/lib.sh
. tests/bench/lib.sh
. tests/bench/wire.sh
PATH=$PATH:/usr/sbin:/sbin
unset http_proxy https_proxy all_proxy SSL_CERT_FILE SSL_CERT_DIR

# In memory where there is room for two files of 1 GiB: a disk's moods are not the question.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -lt 4000000 ] || TMPDIR=${TMPDIR:-/dev/shm}
dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-bench.XXXXXX")
paced_pid=

cleanup() {
  stop_pid "$dir/nginx.pid"
  [ -z "$paced_pid" ] || kill "$paced_pid" 2>/dev/null || true
  unstretch
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

wanted() { # FIGURE
  case " ${BENCH:-startup cache_hit https plain tls many site segments wire} " in
  *" $1 "*) ;;
  *) return 1 ;;
  esac
}

prepare() {
  mkdir -p "$dir/root/o" "$dir/tmp"
  CERT_NAMES=IP:10.77.0.2 tests/servers/certs.sh "$dir/certs"
  printf 'hello\n' >"$dir/root/six"
  i=0
  while [ $i -lt 1000 ]; do
    i=$((i + 1))
    head -c 2000 /dev/urandom >"$dir/root/o/$i"
  done
  # The system's trust store with our CA in it, as a hashed directory and as one
  # file: each client gets the form it takes by default, or as little as it can.
  mkdir "$dir/trust"
  cp -a /etc/ssl/certs/. "$dir/trust/"
  cp "$dir/certs/ca.pem" "$dir/trust/$(openssl x509 -noout -hash -in "$dir/certs/ca.pem").0"
  cat /etc/ssl/certs/ca-certificates.crt "$dir/certs/ca.pem" >"$dir/trust.pem"
}

serve() { # ADDRESS [COMMAND...]: nginx there, behind COMMAND
  address=$1
  shift
  stop_pid "$dir/nginx.pid"
  http=$(free_port)
  https=$(free_port)
  user=
  [ "$(id -u)" -ne 0 ] || user="user root $(id -gn);"
  sed "s|@DIR@|$dir|g; s|@USER@|$user|; s|@ADDRESS@|$address|; s|@HTTP@|$http|; s|@HTTPS@|$https|" \
    tests/bench/nginx.conf.in >"$dir/nginx.conf"
  "$@" nginx -p "$dir" -e "$dir/error.log" -c "$dir/nginx.conf" </dev/null >"$dir/start.log" 2>&1 &
  web=http://$address:$http
  secure=https://$address:$https
}

urls() { # FIRST LAST
  seq -f "$web/o/%.0f" "$1" "$2" | tr '\n' ' '
}

startup() {
  try webget "$webget $web/six"
  try wget "wget -q -O - $web/six"
  try curl "curl -s $web/six"
  try bare "$tools/bare_client $address $http /six"
  race startup $((rounds * 8))
  row 'start-up, 6 bytes, to wget' "$(median webget 1)" "$(median wget 1)" 0.6
  also curl bare
}

# Dated well back, so that the answer is fresh by itself.
cache_hit() {
  touch -d '100 days ago' "$dir/root/six"
  try hit "$webget --cache $dir/cache $web/six"
  try start "$webget --help"
  race cache_hit $((rounds * 8))
  row 'cache hit, to webget --help' "$(median hit 1)" "$(median start 1)" 1.3
}

https() {
  name=https://localhost:$https
  try webget "SSL_CERT_DIR=$dir/trust $webget $name/six"
  try curl "curl -s --cacert $dir/trust.pem $name/six"
  try wget "wget -q -O - --ca-certificate=$dir/trust.pem $name/six"
  race https $((rounds * 4))
  row 'HTTPS GET, system trust, to curl' "$(median webget 1)" "$(median curl 1)" 0.5
  also wget
}

# Not a sparse file: holes are read faster than data.
big_file() {
  [ -e "$dir/root/big" ] || yes 'a line of the one big file' | head -c 1073741824 >"$dir/root/big"
}

plain() {
  big_file
  for out in "$dir/out" /dev/null; do
    afresh=$dir/out
    try webget "$webget -o $out $web/big"
    try splice "$tools/splice_client $address $http /big $out"
    try curl "curl -s -o $out $web/big"
    try wget "wget -q -O $out $web/big"
    race "plain$(basename "$out")" "$rounds"
    row "1 GiB, http, $(basename "$out"), to splice" "$(median webget 1)" "$(median splice 1)" 1.15
    also curl wget
    amount '  peak memory' "$(memory)" MiB 6
  done
  afresh=
  rm -f "$dir/out"
}

memory() {
  median webget 3 | awk '{ print $1 == "-" ? "-" : $1 / 1024 }'
}

tls() {
  big_file
  name=https://localhost:$https
  try webget "$webget --cacert $dir/certs/ca.pem -o /dev/null $name/big"
  try curl "curl -s --http1.1 --cacert $dir/certs/ca.pem -o /dev/null $name/big"
  try bare "$tools/tls_read_client $address $https /big $dir/certs/ca.pem /dev/null"
  race tls "$rounds"
  row '1 GiB, https, to curl --http1.1' "$(median webget 1)" "$(median curl 1)" 0.95
  also bare
  amount '  peak memory' "$(memory)" MiB 10
  amount '  (bare OpenSSL client)' "$(median bare 3 | awk '{ print $1 / 1024 }')" MiB 10
}

many() {
  try webget "$webget $(urls 1 1000)"
  try curl "curl -s -Z -o /dev/null $web/o/[1-1000]"
  try wget2 "wget2 -q -O /dev/null $(urls 1 1000)"
  try bare "$tools/pipe_client $address $http /o/ 1000 100"
  race many "$rounds"
  row '1000 x 2 kB, to the better' "$(median webget 1)" "$(least "$(median curl 1)" "$(median wget2 1)")" 0.5
  also curl wget2 bare
}

# A site: 1,000 pages in a tree, each leading to ten; a page with ten images, and one with 99.
# The images have 1 kB: ten fit into what TCP sends at first (RFC 6928: 14,600 bytes), as the formula has
# it. Larger ones wait for slow start, one more round trip, whoever asks for them.
make_site() {
  [ ! -e "$dir/root/site" ] || return 0
  mkdir -p "$dir/root/site" "$dir/root/small"
  i=0
  while [ $i -lt 99 ]; do
    i=$((i + 1))
    head -c 1000 "$dir/root/o/$i" >"$dir/root/small/$i"
  done
  awk -v dir="$dir/root/site" 'BEGIN {
    for (i = 0; i < 1000; i++) {
      name = dir "/" (i ? "p" i : "index") ".html"
      print "<!DOCTYPE html><title>page</title><a href=index.html>home</a>" >name
      for (k = 1; k <= 10; k++)
        if (i * 10 + k < 1000) printf "<p><a href=\"p%d.html\">on to %d</a>\n", i * 10 + k, i * 10 + k >name
      for (k = 0; k < 20; k++) print "<p>A paragraph of the kind that pages have, some words long." >name
      close(name)
    }
    for (n = 10; n <= 99; n += 89) {
      name = dir "/images" n ".html"
      print "<!DOCTYPE html><title>images</title>" >name
      for (k = 1; k <= n; k++) printf "<img src=\"/small/%d\">\n", k >name
      close(name)
    }
  }'
}

site() {
  make_site
  try webget "$webget -q --recursive --level inf -P $dir/w/1 $web/site/index.html"
  try wget2 "wget2 -q -r -l 0 -P $dir/w/2 $web/site/index.html"
  afresh=$dir/w
  race site "$rounds"
  afresh=
  row '1000 pages recursively, to wget2' "$(median webget 1)" "$(median wget2 1)" 0.5
  amount '  peak memory' "$(memory)" MiB 16
}

wait_file() { # FILE
  tries=0
  until [ -s "$1" ] || [ $((tries += 1)) -gt 200 ]; do sleep 0.02; done
}

# Each connection at 8 MB/s, without bursts: the kernel paces them.
segments() {
  mib=${SEGMENTS_MIB:-256}
  yes 'a line of the file in segments' | head -c $((mib * 1048576)) >"$dir/root/segmented"
  tests/servers/paced.py "$dir/root/segmented" 8000000 "$dir/paced.port" &
  paced_pid=$!
  wait_file "$dir/paced.port"
  paced=http://127.0.0.1:$(cat "$dir/paced.port")/segmented
  afresh=$dir/out
  try one "$webget -q -o $dir/out $paced"
  try eight "$webget -q --segments 8 -o $dir/out $paced"
  race segments 1 1
  afresh=
  cmp -s "$dir/out" "$dir/root/segmented" || echo '  (what was fetched is another file)'
  row "$mib MiB, 8 segments, to one" "$(median eight 1)" "$(median one 1)" 0.1428
  times=$(printf '%s %s\n' "$(median one 1)" "$(median eight 1)" | awk '$2 > 0 { printf "%.2f", $1 / $2 }')
  echo "    ${times:-not} times as fast (7 are wanted)"
  rm -f "$dir/out" "$dir/root/segmented"
  kill "$paced_pid"
  paced_pid=
}

# The textbook's page, in each of its ways.
page() { # FIGURE IMAGES MODEL LIMIT
  afresh=$dir/page
  try webget "$webget -q -p -P $dir/page --connection $3 $web/site/images$2.html"
  race "wire-page-$2-$3" "$rounds"
  afresh=
  rm -rf "$dir/page"
  amount "$1, $3" "$(trips webget)" 'round trips' "$4"
  # shellcheck disable=SC2086
  $in_place "$webget" --timing -p -P "$dir/page" --connection "$3" "$web/site/images$2.html" 2>&1 |
    sed -n 's/^timing: \([0-9]* objects.*\|model.*\)/    \1/p'
}

pages() {
  make_site
  page 'HTML and ten images' 10 nonpersistent 22.5
  page 'HTML and ten images' 10 parallel 6.5
  page 'HTML and ten images' 10 persistent 12.5
  page 'HTML and ten images' 10 pipelined 3.5
  page 'a page of 100 objects' 99 pipelined 7
}

# What is missing of a file that broke off, 5,000 bytes: with its version compared (If-Range, and an overlap),
# and just asked for.
resumed() {
  head -c 2000000 /dev/urandom >"$dir/root/long"
  mkdir "$dir/broken"
  head -c 1995000 "$dir/root/long" >"$dir/broken/long.part"
  { echo "$web/long"
    $in_place "$webget" --head "$web/long" | tr -d '\r' | sed -n 's/^ETag: //p'
    echo 2000000; } >"$dir/broken/long.part.info"
  afresh=$dir/half
  printf '#!/bin/sh\ncp -r "%s" "%s" && exec "$@"\n' "$dir/broken" "$dir/half" >"$dir/half.sh"
  chmod +x "$dir/half.sh"
  try webget "$dir/half.sh $webget --continue -o $dir/half/long $web/long"
  try plain "$dir/half.sh $webget -r 1995000- -o $dir/half/rest $web/long"
  try curl "$dir/half.sh curl -s -C - -o $dir/half/long.part $web/long"
  race wire-resume "$rounds"
  afresh=
  amount 'the rest of a file, verified' "$(trips webget)" 'round trips' "$(trips plain | awk '{ printf "%.2f", $1 + 1 }')"
  also_trips plain curl
}

# Two namespaces, and the wire between them.
# trips LABEL: its wall time in round trips
wire() {
  if [ "$(id -u)" -ne 0 ] || ! stretch; then
    echo 'round trips: not measured (wants root, network namespaces and /dev/net/tun)'
    return
  fi
  serve 10.77.0.2 ip netns exec $server_space
  sleep 0.3
  in_place="ip netns exec $client_space"
  rtt=$(for _ in 1 2 3 4 5; do $in_place "$tools/bare_client" "$address" "$http"; done | sort -n | sed -n 3p)
  echo "one round trip here: $rtt ms (median of 5 connects)"
  ca=$dir/certs/ca.pem

  try webget "$webget $web/six"
  try curl "curl -s $web/six"
  try wget "wget -q -O - $web/six"
  race wire-http "$rounds"
  amount 'one object, http' "$(trips webget)" 'round trips' 2.2
  also_trips curl wget

  try webget "$webget --cacert $ca $secure/six"
  try curl "curl -s --cacert $ca $secure/six"
  try wget "wget -q -O - --ca-certificate=$ca $secure/six"
  race wire-https "$rounds"
  amount 'one object, https (TLS 1.3)' "$(trips webget)" 'round trips' 3.3
  also_trips curl wget

  try webget "$webget $(urls 1 100)"
  try curl-Z "curl -s -Z -o /dev/null $web/o/[1-100]"
  try wget2 "wget2 -q -O /dev/null $(urls 1 100)"
  try bare "$tools/pipe_client $address $http /o/ 100 100"
  race wire-many "$rounds"
  amount '100 x 2 kB, one connection' "$(trips webget)" 'round trips' 7.3
  also_trips curl-Z wget2 bare
  resumed
  pages
  in_place=
}

prepare
heading
serve 127.0.0.1
sleep 0.3
for figure_name in startup cache_hit https plain tls many site segments wire; do
  ! wanted $figure_name || $figure_name
done
