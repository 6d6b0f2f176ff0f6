#!/usr/bin/env bats
# What lanes have in common, all of it in one run: names looked up, TLS, a jar, HSTS, a cache, decoders,
# a trace, HAR, timing, the progress bar. Whether they keep out of one another's way is for `make
# check-threads` to say; here each object must be right.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load nginx

setup_file() {
  server_start nginx
  export WEB=http://localhost:$NGINX_HTTP SECURE=https://localhost:$NGINX_HTTPS
  mkdir "$NGINX_ROOT/n"
  for i in {1..60}; do
    seq "$i" $((i * 20)) >"$NGINX_ROOT/n/$i.txt"
    cat "$NGINX_ROOT/n/$i.txt" >>"$NGINX_ROOT/all"
  done
  { printf '<title>all</title><link rel=stylesheet href=s.css>'
    printf '<a href="n/%s.txt">x</a>' {1..60}; } >"$NGINX_ROOT/index.html"
  echo 'p { background: url(n/1.txt) }' >"$NGINX_ROOT/s.css"
  (cd "$NGINX_ROOT/n" && sha256sum ./*.txt | sed 's|\./||') >"$NGINX_ROOT/sums"
}

teardown_file() {
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

# Every store and every sink that a run can have.
everything() { # ARGUMENT...
  webget --cacert "$NGINX_CA" -b jar -c jar --cache store --compressed --trace trace --har run.har \
    --timing --progress -Z --parallel-max 8 "$@"
}

@test "objects of two origins, over TLS and not, each twice: first fetched, then from the cache" {
  cat "$NGINX_ROOT/all" "$NGINX_ROOT/all" >want
  for _ in 1 2; do
    everything "$SECURE/expires-gz/n/[1-60].txt" "$WEB/expires/n/[1-60].txt" >got 2>said
    cmp got want
  done
  grep -q 'cache: 120 hits' said
  jq -e '[.log.entries[].response.status] | all(. == 200 or . == 304)' run.har >/dev/null
}

@test "cookies that come with every answer, and those that go with the next ones" {
  everything "$SECURE/cookie?[1-30]" "$WEB/cookie?[1-30]" >got 2>said
  assert_equal "$(wc -l <got)" 60
  assert_equal "$(grep -c flavour jar)" 1
}

@test "files against a list of digests, by eight lanes" {
  everything --checksum-file "$NGINX_ROOT/sums" --remote-name-all "$SECURE/n/[1-60].txt" 2>said
  sha256sum --quiet -c "$NGINX_ROOT/sums"
}

@test "a site, recursively, with everything, links converted" {
  everything --recursive --convert-links -P tree "$SECURE/" 2>said
  for i in {1..60}; do
    cmp "tree/localhost:$NGINX_HTTPS/n/$i.txt" "$NGINX_ROOT/n/$i.txt"
  done
}

@test "redirects, errors and retries in between: the others are whole" {
  run webget --cacert "$NGINX_CA" -q -Z --parallel-max 8 --retry 1 --retry-delay 0 -c jar -o 'f#1' \
    "$SECURE/{n/1.txt,redirect/302,status/404,truncated,n/2.txt,status/503,empty-reply,n/3.txt,redirect/loop,n/4.txt}"
  assert_failure 66
  for i in 1 2 3 4; do
    cmp fn*"$i.txt" "$NGINX_ROOT/n/$i.txt"
  done
}
