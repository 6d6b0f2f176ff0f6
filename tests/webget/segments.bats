#!/usr/bin/env bats
# One file from several connections and several servers; servers that lie, change their file,
# close early and stall (tests/servers/ranges.py). Whatever happens: the right file, or none.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

setup() {
  tool_setup
  mkdir ../root
  head -c 1500000 /dev/urandom >../root/big
  : >../log
  "$BATS_TEST_DIRNAME/../servers/ranges.py" ../root ../port ../log >/dev/null 2>&1 3>&- &
  SERVER=$!
  await test -s ../port
  BASE=http://127.0.0.1:$(cat ../port)
}

teardown() {
  kill "$SERVER"
}

# The file, from this kind of server, on up to 6 connections, each at 3 MB/s. Where a test is about
# ranges RATE is low: a second connection is tried after some round trips, and on a busy machine
# those take their time.
gather() { # KIND [option...]
  fetch --segments 6 -o page "${@:2}" "$BASE/$1/big?rate=${RATE-3000000}"
}

assert_whole() {
  assert_status 0
  cmp page ../root/big
  assert_files page
}

requests() { # REGEX
  grep -c -- "$1" ../log || true
}

@test "several ranges, each under If-Range, make the file" {
  RATE=200000 gather good --timing
  assert_whole
  [ "$(requests '^/good/big - -$')" -eq 1 ]
  [ "$(requests '^/good/big bytes=[0-9]*-[0-9]* "v1"$')" -ge 2 ]
  assert_said 'at once'
  [ "$(requests .)" -lt 30 ]
}

@test "a date is a version too; without one, or when it is small, there is one request" {
  RATE=200000 gather dated
  assert_whole
  [ "$(requests 'bytes=')" -ge 1 ]
  gather weak
  assert_whole
  [ "$(requests '^/weak/')" -eq 1 ]
  head -c 1000 ../root/big >../root/small
  fetch --segments 6 -o small "$BASE/good/small"
  assert_status 0
  [ "$(requests '/small')" -eq 1 ]
}

@test "a server that gives no ranges: its one answer is the file" {
  RATE=600000 gather noranges
  assert_whole
  assert_said 'it gives no ranges'
}

@test "ranges that lie are not believed: start, end, total, unit, version, several in one" {
  local lie lies='lies-start lies-end lies-total lies-unit lies-version multipart' pids=()
  for lie in $lies; do
    webget --segments 6 -o "$lie" "$BASE/$lie/big?rate=500000" 2>"../$lie.said" 3>&- &
    pids+=($!)
  done
  wait "${pids[@]}"
  for lie in $lies; do
    cmp "$lie" ../root/big
    grep 'no ranges from it' "../$lie.said"
  done
  # shellcheck disable=SC2086 # names
  assert_files $lies
}

@test "206 for a plain GET: the whole as one part is the file, anything else is not" {
  RATE=0 gather plain206
  assert_whole
  rm page
  RATE=0 gather unasked-part
  assert_status 76
  assert_error 'a part of it (206)'
  fetch -o page "$BASE/unasked-part/big"
  assert_status 76
  assert_files
}

@test "the file changes between two requests: never two versions in one" {
  RATE=600000 gather changes
  assert_whole
  assert_said 'its file has changed'
  # Nobody can see this one but by the digest.
  rm page
  RATE=300000 gather changes-silently --checksum "sha256:$(sha256sum <../root/big | cut -d' ' -f1)"
  assert_status 65
  assert_files
}

@test "connections that break: what is missing is asked for again, and only that" {
  gather early --retry-delay 0.02
  assert_whole
  [ "$(requests '^/early/big - ')" -eq 1 ]
}

@test "a connection that stalls is relieved by the others" {
  SECONDS=0
  gather stalls
  assert_whole
  [ "$SECONDS" -lt 28 ] # it stalls for 30
}

@test "a server that wants few connections gets few" {
  gather busy
  assert_whole
}

@test "mirrors of the same version help, by ETag, date or digest; redirects are followed" {
  RATE=150000 gather good --mirror "$BASE/good//big?rate=1000000" --mirror "$BASE/moved/x"
  assert_whole
  [ "$(requests '^/good//big')" -ge 1 ]
  rm page
  RATE=200000 gather dated --mirror "$BASE/good/big" --checksum "sha256:$(sha256sum <../root/big | cut -d' ' -f1)"
  assert_whole
  [ "$(requests '^/good/big bytes')" -ge 1 ]
}

@test "mirrors that have something else, less, or nothing are left out" {
  RATE=200000 gather dated --mirror "$BASE/other-dated/big" --mirror "$BASE/missing/big"
  assert_whole
  assert_said '/other-dated/big'
  assert_said 'nothing shows that its file is the same'
  assert_said 'it does not have the file'
  rm page
  RATE=200000 gather good --mirror "$BASE/other/big" --mirror "$BASE/shorter/big"
  assert_whole
  assert_said 'nothing shows that its file is the same'
  assert_said 'its file has another size'
}

@test "a mirror that breaks off keeps nobody from asking the others more than once" {
  RATE=200000 gather good --mirror "$BASE/good/nothing"
  assert_whole
  [ "$(requests '^/good/nothing')" -ge 1 ]
  [ "$(requests '^/good/big bytes')" -ge 1 ]
}

@test "a mirror of the right size with other bytes: the checksum says so, and there is no file" {
  RATE=200000 gather good --mirror "$BASE/other/big" --checksum "sha256:$(sha256sum <../root/big | cut -d' ' -f1)"
  assert_status 65
  assert_files
}

@test "the URL itself fails: a mirror takes its place" {
  gather missing --mirror "$BASE/good/big"
  assert_whole
}

# A run that is interrupted when so many ranges have been asked for.
break_off() { # RANGES [option...]
  local pid
  : >../log
  "$PROGRAM" -q --segments 4 -o page "${@:2}" "$BASE/good/big" 2>/dev/null 3>&- &
  pid=$!
  await has_lines ../log bytes= "$1"
  sleep 1.5 # for some bytes of each
  kill -TERM "$pid"
  wait "$pid" || true
}

@test "interrupted: no file; with --continue the gaps are known, and only they are fetched" {
  echo 50000 >../root/rate
  break_off 2
  assert_files
  break_off 2 --continue
  assert_files page.part page.part.info
  [ "$(sed -n 4p page.part.info | tr ',' '\n' | wc -l)" -ge 2 ]
  rm ../root/rate
  : >../log
  fetch --continue --segments 4 -o page "$BASE/good/big"
  assert_whole
  [ "$(requests 'big - -$')" -eq 0 ]
}

@test "gaps, and then without --segments: what stands before the first one is gone on with" {
  cp ../root/big page.part
  dd if=/dev/zero of=page.part bs=1000 seek=500 count=500 conv=notrunc status=none
  printf '%s\n' "$BASE/good/big" '"v1"' 1500000 0-500000,1000000-1500000 >page.part.info
  fetch --continue -o page "$BASE/good/big"
  assert_whole
  [ "$(requests 'big bytes=495904- "v1"')" -eq 1 ]
  rm page
  # A map that can't be right: from the beginning.
  head -c 1000 ../root/big >page.part
  printf '%s\n' "$BASE/good/big" '"v1"' 1500000 5-1 >page.part.info
  fetch --continue --segments 3 -o page "$BASE/good/big"
  assert_whole
}

@test "the rate of all together is limited" {
  SECONDS=0
  RATE=0 gather good --limit-rate 1000000
  assert_whole
  [ "$SECONDS" -ge 1 ]
}

@test "a mirror is a URL; wget's --mirror is something else" {
  fetch --mirror -o page "$BASE/good/big"
  assert_status 64
  assert_said '--recursive'
}

# A metalink of the file, with pieces of 300,000 bytes, from these kinds of servers.
link_to() { # KIND...
  local kind at
  {
    echo '<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="page">'
    echo "<size>${SIZE-1500000}</size><pieces length=\"300000\" type=\"sha-256\">"
    for at in 0 1 2 3 4; do
      echo "<hash>$(tail -c +$((at * 300000 + 1)) ../root/big | head -c 300000 | sha256sum | cut -d' ' -f1)</hash>"
    done
    echo '</pieces>'
    for kind; do echo "<url>$BASE/$kind/big?rate=3000000</url>"; done
    echo '</file></metalink>'
  } >../root/big.meta4
}

@test "pieces: bad ones are fetched again, from another source, and nothing else is" {
  link_to damaged
  fetch --metalink "$BASE/good/big.meta4"
  assert_status 65
  assert_said '1 of 5 pieces are bad'
  assert_files
  link_to damaged good
  : >../log
  fetch --metalink ../root/big.meta4
  assert_whole
  assert_said 'not those that the metalink tells'
  [ "$(requests '^/good/big bytes=')" -ge 1 ]
  rm page
  fetch --segments 4 --metalink ../root/big.meta4
  assert_whole
}

@test "a file of another size than the metalink says is not taken; the next place may have it" {
  link_to shorter good
  fetch --metalink ../root/big.meta4
  assert_whole
  assert_said 'it has 1499999 bytes, and the metalink says 1500000'
  rm page
  SIZE=5 link_to good
  fetch --metalink ../root/big.meta4
  assert_status 65
  assert_files
}

@test "a metalink by its URL; one that was fetched itself is called one" {
  link_to good
  fetch --segments 2 --metalink "$BASE/good/big.meta4" -w '%{http_code}\n'
  assert_whole
  assert_output 200
  rm page
  fetch -o page.meta4 "$BASE/good/big.meta4"
  assert_status 0
  assert_said 'this is a metalink'
  rm page.meta4
  fetch --metalink "$BASE/missing/big.meta4"
  assert_status 66
  fetch --metalink "$BASE/good/big"
  assert_status 65
  assert_said "$BASE/good/big is too large"
  head -c 100 ../root/big >../root/small
  fetch --metalink "$BASE/good/small"
  assert_status 65
  assert_said "$BASE/good/small"
  assert_files
}

@test "Link rel=duplicate: mirrors, but only with a digest" {
  RATE=150000 gather linked
  assert_whole
  [ "$(requests '^/good//big bytes')" -ge 1 ]
  assert_said 'a metalink describes this file'
  rm page
  : >../log
  gather linked-plain
  assert_whole
  [ "$(requests '^/good//big')" -eq 0 ]
}
