#!/usr/bin/env bats
# Many objects of one real server: order, completeness, and how many connections
# they took, counted in the server's log.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load nginx

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP CLOSING=http://127.0.0.1:$NGINX_CLOSING
  mkdir "$NGINX_ROOT/n"
  cd "$NGINX_ROOT/n" || return 1
  # Of different sizes, a few of them large; each says its name. 1.txt 2.txt ...
  awk 'BEGIN {
    for (i = 1; i <= 1000; i++) {
      line = sprintf("object %d of many\n", i)
      for (n = (i % 100 == 0 ? 30000 : i % 7 * 20); n >= 0; n--)
        printf "%s", line > (i ".txt")
      close(i ".txt")
    }
  }'
  seq -f %.0f.txt 1 1000 | xargs cat >../all
  seq -f %.0f.txt 1 250 | xargs cat >../first250
  seq -f %.0f.txt 1 10 | xargs cat >../first10
  head -c 31000 ../all >../slowly
}

teardown_file() {
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

@test "1,000 URLs to stdout: in order, on one connection, pipelined" {
  same "$NGINX_ROOT/all" "$WEB/n/[1-1000].txt?stdout"
  assert_equal "$(logged 'txt?stdout' 1000 | wc -l)" 1000
  assert_equal "$(connections 'txt?stdout' 1000)" 1
}

@test "1,000 URLs to files, named by #1" {
  run webget -o 'page#1' "$WEB/n/[1-1000].txt?files"
  assert_success
  assert_output ''
  for i in $(seq 1 1000); do
    cmp "page$i" "$NGINX_ROOT/n/$i.txt"
  done
  assert_equal "$(files_in . | wc -l)" 1000
  assert_equal "$(connections 'txt?files' 1000)" 1
}

@test "-Z: several connections, each used again, and the order kept" {
  same "$NGINX_ROOT/all" -Z --parallel-max 8 "$WEB/n/[1-1000].txt?lanes"
  assert_equal "$(logged 'txt?lanes' 1000 | wc -l)" 1000
  local used
  used=$(connections 'txt?lanes' 1000)
  [ "$used" -gt 1 ]
  [ "$used" -le 8 ]
}

@test "a pipeline takes fewer round trips than objects" {
  run webget --timing -o /dev/null "$WEB/n/[1-100].txt"
  assert_success
  assert_line --regexp '^timing: 100 objects, 1 connection,'
  trips=$(sed -n 's/^timing: 100 objects.* \([0-9]*\) round trips.*/\1/p' <<<"$output")
  assert [ "$trips" -lt 60 ]
}

@test "a server that closes after 100 answers: 250 arrive, each once, in order" {
  same "$NGINX_ROOT/first250" "$CLOSING/n/[1-250].txt?closing"
  # What was delivered twice would show in the bytes; what nginx answered, here.
  run logged 'txt?closing' 250
  assert_equal "$(wc -l <<<"$output")" 250
  assert_equal "$(cut -d' ' -f4 <<<"$output" | sort -u | wc -l)" 250
  assert [ "$(connections 'txt?closing' 250)" -le 6 ]
  run webget -o 'page#1' "$CLOSING/n/[1-250].txt"
  assert_success
  for i in $(seq 1 250); do
    cmp "page$i" "$NGINX_ROOT/n/$i.txt"
  done
  assert_equal "$(files_in . | wc -l)" 250
}

@test "--connection: so many connections as the textbook says" {
  while read -r model expected; do
    same "$NGINX_ROOT/first10" --connection "$model" "$WEB/n/[1-10].txt?$model"
    assert_equal "$model $(connections "txt?$model" 10)" "$model $expected"
  done <<'END'
nonpersistent 10
parallel 10
persistent 1
pipelined 1
END
}

# The turns of a dialogue: how often the client takes the word.
turns() {
  awk '/^C/ { n += last != "C"; last = "C" } /^S/ { last = "S" } END { print n + 0 }'
}

@test "--connection: persistent asks after each answer, pipelined does not" {
  run webget -v -o /dev/null --connection persistent "$WEB/n/[1-10].txt"
  assert_equal "$(turns <<<"$output")" 10
  run webget -v -o /dev/null --connection pipelined "$WEB/n/[1-10].txt"
  assert_equal "$(turns <<<"$output")" 2
}

@test "--connection parallel: at the same time, and stdout in order" {
  # 31,000 bytes, 20 kB/s after the first second: 0.5 s each. All of them take less together
  # than one after the other, however slow the machine.
  local start=${EPOCHREALTIME/./}
  run webget --connection parallel -w '%{time_total}\n' -o /dev/null "$WEB/slow/slowly?[1-6]"
  local took=$((${EPOCHREALTIME/./} - start))
  assert_success
  assert_equal "${#lines[@]}" 6
  awk -v took="$took" '{ sum += $1 } END { exit !(sum > 1.5 && took < sum * 1000000 * 0.8) }' <<<"$output"
  same "$NGINX_ROOT/first250" --connection parallel "$WEB/n/[1-250].txt"
}

@test "a failure in the middle of a pipeline: the rest goes on" {
  run --separate-stderr webget "$WEB/n/[1-3].txt" "$WEB/missing/[1-3]" "$WEB/n/[4-10].txt"
  assert_failure 66
  assert_output "$(cat "$NGINX_ROOT/first10")"
  # shellcheck disable=SC2154 # run sets it
  assert_equal "$(grep -c 'HTTP status 404' <<<"$stderr")" 3
  # An answer without an end is no end of the others.
  run --separate-stderr webget "$WEB/n/[1-3].txt" "$WEB/truncated" "$WEB/n/[4-10].txt"
  assert_failure 75
  assert_output "$(cat "$NGINX_ROOT/n/1.txt" "$NGINX_ROOT/n/2.txt" "$NGINX_ROOT/n/3.txt" && printf short &&
    cd "$NGINX_ROOT/n" && cat 4.txt 5.txt 6.txt 7.txt 8.txt 9.txt 10.txt)"
  run --separate-stderr webget "$WEB/n/[1-3].txt" "$WEB/empty-reply" "$WEB/n/[4-10].txt"
  assert_failure 75
  assert_output "$(cat "$NGINX_ROOT/first10")"
}

@test "redirects and logins fall out of the pipeline and come in their place" {
  run webget "$WEB/n/1.txt" "$WEB/redirect/302" "$WEB/chunked" "$WEB/close-delimited" "$WEB/n/2.txt"
  assert_success
  assert_output "$(cat "$NGINX_ROOT/n/1.txt" && printf 'method GET\nauthorization \ncookie \nbody \n' &&
    printf 'one\ntwo\nthree\nuntil the end\n' && cat "$NGINX_ROOT/n/2.txt")"
  same "$NGINX_ROOT/first10" --anyauth -u ada:lovelace "$WEB/auth/n/[1-10].txt"
}

@test "uploads are not pipelined, but share a connection" {
  run webget -v -d x=1 "$WEB/echo-body?[1-5]"
  assert_success
  assert_equal "$(turns <<<"$output")" 5
  assert_equal "$(connections 'echo-body?' 5)" 1
}

@test "two servers in turn keep a connection each" {
  for i in 1 2 3; do
    echo "$WEB/n/$i.txt?two"
    echo "$CLOSING/n/$i.txt?two"
  done >urls
  # shellcheck disable=SC2046 # a URL a word
  run webget $(cat urls)
  assert_success
  assert_output "$(cd "$NGINX_ROOT/n" && cat 1.txt 1.txt 2.txt 2.txt 3.txt 3.txt)"
  assert_equal "$(connections 'txt?two' 6)" 2
}
