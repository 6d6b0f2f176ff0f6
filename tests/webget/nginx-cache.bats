#!/usr/bin/env bats
# --cache against a real nginx: what its expires, ETags, Vary and gzip make of it, seen in its log.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash
load ../servers/servers
load nginx

webget() {
  timeout 60 "$PROGRAM" --no-config "$@"
}

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP
  seq 5000 >"$NGINX_ROOT/text.html"
  for n in {1..40}; do echo "object $n" >"$NGINX_ROOT/o$n.txt"; done
}

teardown_file() {
  server_stop nginx
}

setup() {
  tool_setup
  : >"$NGINX_LOG"
}

kept() { # webget's arguments
  fetch --cache store -w '%{stderr}%{cache} %{http_code}\n' "$@"
  assert_status 0
}

# How many requests nginx has seen since the start of the test.
asked() {
  # The only worker writes a request's line before it looks at the next request.
  local mark=mark${EPOCHREALTIME/./}
  webget "$WEB/status/204?$mark"
  await has_lines "$NGINX_LOG" "$mark" >/dev/null
  grep -vc '204?mark' "$NGINX_LOG" || true
}

@test "expires: the second run asks nobody" {
  kept "$WEB/expires/text.html"
  assert_said 'miss 200'
  cmp <(echo "$output") "$NGINX_ROOT/text.html"
  [ "$(asked)" = 1 ]
  kept -v "$WEB/expires/text.html"
  cmp <(echo "$output") "$NGINX_ROOT/text.html"
  assert_said 'hit 200'
  refute_said '[connect'
  [ "$(asked)" = 1 ]
}

@test "max-age=0: asked again by ETag and date, 304, and no body comes twice" {
  kept "$WEB/expires-now/text.html"
  kept "$WEB/expires-now/text.html"
  assert_said 'validated 200'
  cmp <(echo "$output") "$NGINX_ROOT/text.html"
  [ "$(asked)" = 2 ]
  logged 'expires-now' 2 | tail -n 1 | grep -q '" 304 0 '
  # A new version is seen, and takes the old one's place.
  seq 6000 >"$NGINX_ROOT/text.html"
  kept "$WEB/expires-now/text.html"
  assert_said 'miss 200'
  cmp <(echo "$output") "$NGINX_ROOT/text.html"
  kept "$WEB/expires-now/text.html"
  assert_said 'validated 200'
  cmp <(echo "$output") "$NGINX_ROOT/text.html"
}

@test "gzip and Vary: a variant for each, both right" {
  for turn in miss hit; do
    kept --compressed "$WEB/expires-gz/text.html"
    assert_said "$turn 200"
    cmp <(echo "$output") "$NGINX_ROOT/text.html"
    kept "$WEB/expires-gz/text.html"
    assert_said "$turn 200"
    cmp <(echo "$output") "$NGINX_ROOT/text.html"
  done
  [ "$(asked)" = 2 ]
}

@test "no-store is not kept, 404 and 301 say their word" {
  kept "$WEB/no-store/text.html"
  kept "$WEB/no-store/text.html"
  assert_said 'miss 200'
  [ "$(asked)" = 2 ]
  [ -z "$(find store -type f -name '????????????????-????????????????')" ]
  for turn in 1 2; do
    fetch --cache store "$WEB/redirect/301"
    assert_status 0
  done
  # /redirect/301 once, its target twice.
  [ "$(logged 'redirect/301' 1 | wc -l)" = 1 ]
}

@test "-Z with a cache: forty objects, each right, in order; then without a server's help" {
  fetch --cache store -Z "$WEB/expires/o[1-40].txt"
  assert_status 0
  [ "$output" = "$(printf 'object %s\n' {1..40})" ]
  [ "$(asked)" = 40 ]
  fetch --cache store -Z --timing "$WEB/expires/o[1-40].txt"
  assert_status 0
  [ "$output" = "$(printf 'object %s\n' {1..40})" ]
  assert_said 'cache: 40 hits, 0 validated, 0 misses'
  fetch --cache store -Z "$WEB/expires/o[1-40].txt" "$WEB/expires/o{1,2}.txt?new"
  assert_status 0
  [ "$output" = "$(printf 'object %s\n' {1..40} 1 2)" ]
  [ "$(asked)" = 42 ]
  # Half of the runs' answers are stale for all lanes at once: still each its own.
  fetch --cache store -Z "$WEB/expires-now/o[1-40].txt"
  fetch --cache store -Z --timing "$WEB/expires-now/o[1-40].txt"
  assert_status 0
  [ "$output" = "$(printf 'object %s\n' {1..40})" ]
  assert_said 'cache: 0 hits, 40 validated, 0 misses'
}

@test "300 MB go through the cache, in and out, in little memory" {
  truncate -s 300M "$NGINX_ROOT/large"
  for _ in in out; do
    fetch_in 60000 --no-config --cache store --cache-size 4G -o got "$WEB/expires/large"
    assert_status 0
    cmp got "$NGINX_ROOT/large"
    rm got
  done
  rm "$NGINX_ROOT/large"
  [ "$(asked)" = 1 ]
}

@test "a crawl with a cache: the second one asks nobody, or only whether it is still so" {
  local place tree log
  mkdir -p "$NGINX_ROOT/site/d"
  echo '<link rel=stylesheet href=s.css><a href=d/two.html>two</a><a href=d/two.html#x>again</a>' >"$NGINX_ROOT/site/index.html"
  echo 'p { background: url(d/b.png) }' >"$NGINX_ROOT/site/s.css"
  echo '<img src=i.png><a href=../>up</a>' >"$NGINX_ROOT/site/d/two.html"
  for n in i b; do echo $n >"$NGINX_ROOT/site/d/$n.png"; done
  for place in expires expires-now; do
    tree=localhost:$NGINX_HTTP/$place/site
    for run in one -Z two; do
      : >"$NGINX_LOG"
      fetch --recursive -p --cache store --jsonl "${run/[a-y]*/--quiet}" -P "./$run" "http://localhost:$NGINX_HTTP/$place/site/"
      assert_status 0
      assert_quiet
      diff -r "$NGINX_ROOT/site" "./$run/$tree"
    done
    # robots.txt, a 404 without a time to live, is asked for in any case.
    log=$(logged GET 1 | grep -v robots.txt || true)
    case $place in
    expires) [ -z "$log" ] ;;
    *) [ "$(grep -c '" 304 0 ' <<<"$log")" -eq 5 ] && [ "$(wc -l <<<"$log")" -eq 5 ] ;;
    esac || { echo "$place: $log"; return 1; }
  done
  # What changed is seen, and its links are followed.
  echo '<a href=new.html>new</a>' >"$NGINX_ROOT/site/d/two.html"
  echo new >"$NGINX_ROOT/site/d/new.html"
  fetch --recursive -p --cache store -P three "http://localhost:$NGINX_HTTP/expires-now/site/"
  assert_status 0
  cmp "three/$tree/d/new.html" "$NGINX_ROOT/site/d/new.html"
  [ ! -e "three/$tree/d/i.png" ]
}
