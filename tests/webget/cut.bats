#!/usr/bin/env bats
# shellcheck disable=SC2154
# A connection that ends in the midst of many answers (tests/servers/cutting.py), wherever that
# is: what had come stays, whole; what had not begun is asked for again; what was cut is named,
# and nothing of it stays.

load webget.bash

setup() {
  tool_setup
  mkdir ../root
  (
    cd ../root || exit
    # Pages in a row, each with pictures; sizes of all kinds, empty ones too.
    for n in {1..6}; do
      { printf '<link rel=stylesheet href=s%d.css><img src=i%d.png><a href=p%d.html>on</a>' "$n" "$n" $((n + 1))
        head -c $((n * 173 % 611)) /dev/zero | tr '\0' ' '; } >"p$n.html"
      echo "p { background: url(b$n.png) }" >"s$n.css"
      head -c $((n * 331 - 331)) /dev/zero | tr '\0' i >"i$n.png"
      head -c $((n * 97)) /dev/zero | tr '\0' b >"b$n.png"
    done
    echo end >p7.html
    { for n in {1..6}; do printf '<a href=p%d.html>p</a><img src=b%d.png>' "$n" "$n"; done; } >index.html
  )
  : >../log
  "$BATS_TEST_DIRNAME/../servers/cutting.py" ../root ../port ../log >/dev/null 2>&1 3>&- &
  SERVER=$!
  local tries=0
  until [ -s ../port ] || [ $((tries += 1)) -gt 200 ]; do sleep 0.02; done
  BASE=http://127.0.0.1:$(cat ../port)
  HOST=${BASE#http://}
}

teardown() {
  kill "$SERVER"
}

# After a run below PLACE into the directory tree: files whole, none hidden, and an answer that
# had been sent whole was asked for once.
assert_sound() { # PLACE
  local wrong twice
  mkdir -p "tree/$HOST/$1"
  wrong=$(diff -rq ../root "tree/$HOST/$1" | grep -v '^Only in ../root: ' || true)
  [ -z "$wrong" ] || { echo "$1: $wrong"; return 1; }
  [ -z "$(find tree -name '.*')" ] || { find tree; return 1; }
  twice=$(grep "^/$1/.* full$" ../log | sort | uniq -d || true)
  [ -z "$twice" ] || [[ $1 == *-rst ]] || { echo "$1: twice: $twice"; return 1; }
}

# The run of PLACE failed because of what it names, or else nothing is missing.
assert_told() { # PLACE FILES
  local have
  have=$(find "tree/$HOST/$1" -type f | wc -l)
  case $status in
  0) [ "$have" -eq "$2" ] && [ -z "$stderr" ] ;;
  75) [ "$have" -lt "$2" ] && [[ $stderr == *"$BASE/$1/"* ]] ;;
  *) false ;;
  esac || { echo "$1: status $status, $have files: $stderr"; return 1; }
}

# Cuts from the first byte to beyond the last, so many bytes apart.
sweep() { # WAY FIRST STEP FILES ARGUMENT...
  local n place
  for ((n = $2; n < 9500; n += $3)); do
    place=$n-$1
    rm -rf tree
    fetch "${@:5}" -P tree "$BASE/$place/"
    assert_sound "$place" && assert_told "$place" "$4" || return 1
  done
}

@test "a crawl" {
  sweep fin 0 547 26 --recursive
  sweep rst 5 797 26 --recursive
}

@test "a crawl of several connections" {
  sweep fin 7 1091 26 --recursive -Z
  sweep rst 9 1511 26 --recursive -Z
}

@test "a page and what it needs" {
  sweep fin 3 447 7 -p
}

@test "between two answers: what did not come is asked for again, and nothing has failed" {
  local n
  for n in 0 333 777 1777 3333 5555 8888; do
    rm -rf tree
    fetch --recursive -P tree "$BASE/$n-end/"
    assert_status 0
    assert_quiet
    assert_sound "$n-end"
    diff -r ../root "tree/$HOST/$n-end"
  done
}

@test "with --retry nothing is missing: only what was cut is asked for again" {
  local n
  for n in 0 1 250 320 1111 2345 4567 7654; do
    rm -rf tree
    fetch --recursive --retry 1 --retry-delay 0.01 --quiet -P tree "$BASE/$n-fin/"
    assert_status 0
    assert_sound "$n-fin"
    diff -r ../root "tree/$HOST/$n-fin"
    [ "$(grep -c "^/$n-fin/.* full$" ../log)" -eq 26 ]
    [ "$(grep -c "^/$n-fin/.* cut$" ../log)" -eq 1 ]
  done
}

@test "a list of URLs, pipelined: what was cut is named, the others come" {
  local n names=({i1.png,b1.png,p1.html,i2.png,b2.png,p2.html,i3.png,b3.png,p3.html})
  for n in 0 44 45 150 470 1234 2222 3456 9999; do
    rm -f -- *
    fetch "${names[@]/#/$BASE/$n-fin/}" --remote-name-all
    if [ "$n" -eq 9999 ]; then assert_status 0; else assert_status 75; fi
    [ "$(grep -c "^/$n-fin/.* full$" ../log)" -eq $((9 - (status > 0))) ]
    assert_error "$BASE/$n-fin/" || [ "$status" -eq 0 ]
    find . -type f | while read -r file; do cmp "$file" "../root/$file"; done
    [ "$(find . -type f | wc -l)" -eq $((9 - (status > 0))) ]
  done
}
