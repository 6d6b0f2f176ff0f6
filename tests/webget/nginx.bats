#!/usr/bin/env bats
# webget against a real nginx: pages, statuses, bodies, codings, redirects, logins, uploads.

bats_load_library bats-support
bats_load_library bats-assert
bats_require_minimum_version 1.5.0
load ../servers/servers
load nginx

adler32() { # FILE: four bytes
  # shellcheck disable=SC2059 # the format is made
  printf "$(od -An -v -tu1 -w1 "$1" | awk '
    BEGIN { a = 1 }
    { a = (a + $1) % 65521; b = (b + a) % 65521 }
    END { printf "\\x%02x\\x%02x\\x%02x\\x%02x", b / 256, b % 256, a / 256, a % 256 }')"
}

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP
  cd "$NGINX_ROOT" || return 1
  echo hello >index.html
  echo hello >page.txt
  seq 1 20000 >numbers.txt
  head -c 20000000 /dev/urandom >big
  : >empty
  for size in 1 65535 65536 262143 262144 262145; do
    head -c $size big >"size$size"
  done
  gzip -k numbers.txt
  brotli -k numbers.txt
  zstd -q numbers.txt
  # gzip's ten bytes in front and eight behind taken off: bare deflate, as some servers have it;
  # then zlib's format, which is what "deflate" means (RFC 9110 8.4.1.2).
  gzip -n <numbers.txt | tail -c +11 | head -c -8 >raw.txt.zz
  { printf '\x78\x9c' && cat raw.txt.zz && adler32 numbers.txt; } >numbers.txt.zz
  for kind in gz br zst zz; do
    head -c 5000 numbers.txt.$kind >cut.$kind
    { head -c 3000 numbers.txt.$kind && head -c 5000 big; } >corrupt.$kind
  done
}

teardown_file() {
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

@test "a page: to stdout, -o, -O, -o -" {
  run --separate-stderr webget "$WEB/"
  assert_success
  assert_output hello
  # shellcheck disable=SC2154 # run sets it
  assert_equal "$stderr" ''
  webget -o file "$WEB/"
  cmp file "$NGINX_ROOT/index.html"
  webget -O "$WEB/numbers.txt"
  cmp numbers.txt "$NGINX_ROOT/numbers.txt"
  same "$NGINX_ROOT/numbers.txt" -o - "$WEB/numbers.txt"
  webget --output-dir new/dir --create-dirs -O "$WEB/page.txt"
  cmp new/dir/page.txt file
  run files_in .
  assert_output "$(printf '%s\n' dir file new numbers.txt page.txt)"
  run webget -O "$WEB/"
  assert_failure 64
  assert_output --partial '-o FILE'
}

@test "IPv6, and a name with both families" {
  [ -e /proc/net/if_inet6 ] || skip "no IPv6"
  run webget "http://[::1]:$NGINX_HTTP/"
  assert_output hello
  run webget "http://localhost:$NGINX_HTTP/"
  assert_output hello
  run webget -4 -w ' %{remote_ip}' "http://localhost:$NGINX_HTTP/"
  assert_output --partial ' 127.0.0.1'
}

@test "every status has its exit status; the body of an error is dropped" {
  while read -r code expected; do
    run --separate-stderr webget "$WEB/status/$code"
    [ "$status" -eq "$expected" ] || fail "$code: $status instead of $expected"
    if [ "$code" -ge 400 ]; then
      assert_output ''
      [[ $stderr == "webget: $WEB/status/$code: HTTP status $code"* ]] || fail "$stderr"
      [ "$(wc -l <<<"$stderr")" -eq 1 ]
    fi
  done <<'END'
200 0
201 0
202 0
204 0
304 0
400 66
401 77
402 66
403 77
404 66
405 66
406 66
408 75
409 66
410 66
411 66
412 66
413 66
415 66
416 66
417 66
421 66
422 66
425 75
426 66
429 75
431 66
451 66
500 75
501 69
502 75
503 75
504 75
505 69
507 75
END
  run --separate-stderr webget --fail-with-body "$WEB/status/404"
  assert_failure 66
  assert_output 'status 404'
}

@test "404: a file that was there stays, none is made" {
  echo old >kept
  run webget -o kept "$WEB/missing"
  assert_failure 66
  assert_output --partial "$WEB/missing: HTTP status 404"
  assert_output --partial 'Not Found'
  run cat kept
  assert_output old
  run webget -o new "$WEB/missing"
  assert_failure 66
  run files_in .
  assert_output kept
}

@test "several URLs: failures are named, the rest is delivered, the first failure's status" {
  run --separate-stderr webget "$WEB/page.txt" "$WEB/missing" "$WEB/status/503" "$WEB/page.txt"
  assert_failure 66
  assert_output "$(printf 'hello\nhello')"
  assert_equal "$(wc -l <<<"$stderr")" 2
  [[ $stderr == *missing*404*status/503*503* ]]
  run --separate-stderr webget "$WEB/status/503" "$WEB/missing"
  assert_failure 75
}

@test "bodies of all sizes: to a file, a pipe, /dev/null, stdout as a file and at its end" {
  for name in empty size1 size65535 size65536 size262143 size262144 size262145 big; do
    webget -o file "$WEB/$name"
    cmp file "$NGINX_ROOT/$name"
    same "$NGINX_ROOT/$name" "$WEB/$name"
    webget "$WEB/$name" >file
    cmp file "$NGINX_ROOT/$name"
    echo first >file
    webget "$WEB/$name" >>file
    tail -c +7 file | cmp - "$NGINX_ROOT/$name"
    run webget -o /dev/null -w '%{size_download}' "$WEB/$name"
    assert_output "$(stat -c %s "$NGINX_ROOT/$name")"
  done
  (cd "$NGINX_ROOT" && cat size262145 empty big size1) >all
  same all "$WEB/size262145" "$WEB/empty" "$WEB/big" "$WEB/size1"
}

@test "--compressed: gzip, br, zstd, deflate, of files and on the fly" {
  for kind in gz br zst zz; do
    same "$NGINX_ROOT/numbers.txt" --compressed "$WEB/coded/numbers.txt.$kind"
    same "$NGINX_ROOT/numbers.txt.$kind" "$WEB/coded/numbers.txt.$kind"
  done
  same "$NGINX_ROOT/numbers.txt" --compressed "$WEB/coded/raw.txt.zz"
  run webget --compressed -D head -o file -w '%{size_download}' "$WEB/gz/numbers.txt"
  assert_success
  assert_output "$(stat -c %s "$NGINX_ROOT/numbers.txt")"
  cmp file "$NGINX_ROOT/numbers.txt"
  run cat head
  assert_output --partial 'Content-Encoding: gzip'
  assert_output --partial 'Transfer-Encoding: chunked'
  run webget -D - -o /dev/null "$WEB/gz/numbers.txt"
  refute_output --partial 'Content-Encoding'
}

@test "--compressed: what is cut or corrupt is an error and no file" {
  for kind in gz br zst zz; do
    for name in cut corrupt; do
      run webget --compressed -o "$name.$kind" "$WEB/coded/$name.$kind"
      [ "$status" -eq 76 ] || fail "$name.$kind: $status $output"
      [ "$(wc -l <<<"$output")" -eq 1 ] || fail "$output"
    done
  done
  run files_in .
  assert_output ''
}

@test "--max-filesize counts decoded bytes" {
  size=$(stat -c %s "$NGINX_ROOT/numbers.txt")
  same "$NGINX_ROOT/numbers.txt" --compressed --max-filesize "$size" "$WEB/coded/numbers.txt.gz"
  run webget --compressed --max-filesize $((size - 1)) -o file "$WEB/coded/numbers.txt.gz"
  assert_failure 69
  assert_output --partial max-filesize
  run webget --max-filesize 5 -o file "$WEB/page.txt"
  assert_failure 69
  run files_in .
  assert_output ''
}

@test "-r: ranges from the front, the middle, the end; one that cannot be" {
  run webget -r 0-3 -w '\n%{http_code}' "$WEB/numbers.txt"
  assert_output "$(printf '1\n2\n\n206')"
  run webget -r 1-4 "$WEB/page.txt"
  assert_output ello
  run webget -r -6 "$WEB/numbers.txt"
  assert_output 20000
  tail -c 10 "$NGINX_ROOT/big" >end
  same end -r 19999990- "$WEB/big"
  run webget -r 100- "$WEB/page.txt"
  assert_failure 66
  assert_output --partial 416
}

@test "redirects change the method as browsers do" {
  while read -r code method expected body; do
    run webget -X "$method" -d x=1 "$WEB/redirect/$code"
    assert_line "method $expected"
    assert_line --regexp "^body ?$body\$"
  done <<'END'
303 POST GET
307 POST POST x=1
308 POST POST x=1
307 PUT PUT x=1
308 DELETE DELETE x=1
301 PUT PUT x=1
302 PUT PUT x=1
303 PUT GET
END
  for code in 301 302; do
    run webget -d x=1 "$WEB/redirect/$code"
    assert_line 'method GET'
    refute_output --partial 'x=1'
  done
  for code in 301 302 303 307 308; do
    run webget "$WEB/redirect/$code"
    assert_line 'method GET'
  done
}

@test "redirects: relative, chains, limits, loops, none, and none wanted" {
  run webget -w '%{url_effective} %{num_redirects}' "$WEB/redirect/relative"
  assert_line "$WEB/target 1"
  run webget -w '%{num_redirects}' "$WEB/redirect/chain/1111"
  assert_line 5
  run webget --max-redirs 4 "$WEB/redirect/chain/1111"
  assert_failure 76
  assert_output --partial 'more than 4 redirects'
  run webget --max-redirs 5 "$WEB/redirect/chain/1111"
  assert_success
  run webget "$WEB/redirect/loop"
  assert_failure 76
  assert_output --partial 'more than 20 redirects'
  run webget "$WEB/redirect/file"
  assert_failure 76
  assert_output --partial 'file:'
  refute_output --partial root
  run webget --no-location -w '%{http_code} %{redirect_url}' -o /dev/null "$WEB/redirect/301"
  assert_success
  assert_output "301 $WEB/target"
  run webget -w '%{http_code}' -o /dev/null "$WEB/redirect/none"
  assert_success
  assert_output 302
}

@test "redirects keep credentials and cookies at home" {
  run webget -u ada:lovelace -H 'Cookie: a=b' "$WEB/redirect/302"
  assert_line 'authorization Basic YWRhOmxvdmVsYWNl'
  assert_line 'cookie a=b'
  for option in '-u ada:lovelace' '-H Authorization:secret' '--basic -u ada:lovelace' '--oauth2-bearer secret'; do
    # shellcheck disable=SC2086 # two words are meant
    run webget $option -H 'Cookie: a=b' "$WEB/redirect/other-port"
    assert_success
    assert_line 'method GET'
    assert_line --regexp '^authorization ?$'
    assert_line --regexp '^cookie ?$'
  done
}

@test "Basic: by option, URL, netrc; wrong, none" {
  run webget -u ada:lovelace "$WEB/auth/page.txt"
  assert_output hello
  run webget "http://ada:love%6cace@127.0.0.1:$NGINX_HTTP/auth/page.txt"
  assert_output hello
  echo 'machine 127.0.0.1 login ada password lovelace' >netrc
  chmod 600 netrc
  run webget --netrc-file netrc "$WEB/auth/page.txt"
  assert_output hello
  run webget --anyauth -u ada:lovelace "$WEB/auth/page.txt"
  assert_output hello
  logged '/auth/page.txt' 5 | tail -n 2 | grep -q ' 401 '
  run webget -u ada:wrong "$WEB/auth/page.txt"
  assert_failure 77
  refute_output --partial wrong
  run webget --no-netrc "$WEB/auth/page.txt"
  assert_failure 77
  assert_output --partial 401
}

@test "PUT, GET what was put, DELETE; from a file, stdin, large with Expect" {
  run webget -T "$NGINX_ROOT/numbers.txt" -w '%{http_code}' "$WEB/dav/a/numbers.txt"
  assert_success
  assert_output 201
  same "$NGINX_ROOT/numbers.txt" "$WEB/dav/a/numbers.txt"
  webget -T - "$WEB/dav/piped" < <(cat "$NGINX_ROOT/numbers.txt")
  same "$NGINX_ROOT/numbers.txt" "$WEB/dav/piped"
  run webget -v -T "$NGINX_ROOT/big" "$WEB/dav/big"
  assert_success
  assert_line 'C: Expect: 100-continue'
  assert_line 'S: HTTP/1.1 100 Continue'
  assert_line '[body C 20000000 bytes]'
  same "$NGINX_ROOT/big" "$WEB/dav/big"
  # Not wanted by the user, it is not waited for either.
  run webget -H Expect: -T "$NGINX_ROOT/big" -w '%{time_total}' "$WEB/dav/big"
  assert_success
  awk -v t="$output" 'BEGIN { exit !(t < 0.9) }'
  run webget -X DELETE -w '%{http_code}' "$WEB/dav/a/numbers.txt"
  assert_output 204
  run webget "$WEB/dav/a/numbers.txt"
  assert_failure 66
}

@test "POST: what arrives is what was given" {
  run webget -d a=b -d c=d "$WEB/echo-body"
  assert_output 'a=b&c=d'
  head -c 1000000 "$NGINX_ROOT/big" >data
  same data --data-binary @data "$WEB/echo-body"
  # shellcheck disable=SC2094 # both only read it
  same data --data-binary @- "$WEB/echo-body" <data
  run webget --data-urlencode 'x=ä &' "$WEB/echo-body"
  assert_output 'x=%C3%A4+%26'
  run webget --json '{"a":1}' "$WEB/echo-headers"
  assert_line 'content-type: application/json'
  assert_line 'accept: application/json'
  run webget -d a=b "$WEB/echo-headers"
  assert_line 'content-type: application/x-www-form-urlencoded'
  assert_line 'content-length: 3'
  assert_line 'method: POST'
  run webget -G -d a=b --url-query 'c=d e' "$WEB/echo-headers?z=1"
  assert_line 'request-uri: /echo-headers?z=1&a=b&c=d+e'
  assert_line 'method: GET'
}

@test "-I, -i, -D, -0: heads" {
  run webget -I "$WEB/page.txt"
  assert_line --index 0 --partial 'HTTP/1.1 200 OK'
  assert_line --partial 'Content-Length: 6'
  refute_line hello
  run webget -i "$WEB/page.txt"
  assert_line --index 0 --partial 'HTTP/1.1 200 OK'
  assert_line hello
  run webget -D head "$WEB/redirect/302"
  assert_success
  run grep -c '^HTTP/1.1 ' head
  assert_output 2
  run webget -0 "$WEB/echo-headers"
  assert_line 'protocol: HTTP/1.0'
}

@test "chunked and close-delimited bodies; several of them" {
  run webget "$WEB/chunked" "$WEB/close-delimited" "$WEB/chunked"
  assert_success
  assert_output "$(printf 'one\ntwo\nthree\nuntil the end\none\ntwo\nthree')"
  run webget -0 "$WEB/chunked"
  assert_output "$(printf 'one\ntwo\nthree')"
}

@test "truncated: 75, the old file stays, no new one, nothing left" {
  echo old >kept
  for output in kept new; do
    run webget -o $output "$WEB/truncated"
    assert_failure 75
    assert_output --partial '995 bytes too early'
  done
  run cat kept
  assert_output old
  run files_in .
  assert_output kept
}

@test "an empty reply: 75, said so" {
  run webget -o new "$WEB/empty-reply"
  assert_failure 75
  assert_output --partial 'empty reply'
  assert [ ! -e new ]
}

@test "too slow: --max-time and --timeout end it with 75 and no file" {
  SECONDS=0
  run webget -m 0.5 -o new "$WEB/slow/big"
  assert_failure 75
  assert [ $SECONDS -lt 30 ]
  run webget --timeout 0.3 -o new "$WEB/wait"
  assert_failure 75
  assert_output --partial 0.3
  run files_in .
  assert_output ''
}

@test "--limit-rate takes its time" {
  run webget --limit-rate 100k -o file -w '%{time_total}' "$WEB/size65536"
  assert_success
  cmp file "$NGINX_ROOT/size65536"
  awk -v t="$output" 'BEGIN { exit !(t > 0.3 && t < 30) }'
}

@test "--retry: after what Retry-After says, and not when it cannot help" {
  run webget --retry 1 -w '%{time_total}' "$WEB/retry-after"
  assert_failure 75
  assert_output --partial 'trying again in 1 s'
  awk -v t="${lines[-1]}" 'BEGIN { exit !(t > 0.9) }'
  assert_equal "$(logged /retry-after 2 | wc -l)" 2
  run webget --retry 3 "$WEB/status/404?once"
  assert_failure 66
  assert_equal "$(logged '404?once' 1 | wc -l)" 1
}

@test "nobody listens; no such host" {
  run webget "http://127.0.0.1:1/"
  assert_failure 75
  assert_output --partial '127.0.0.1:1: Connection refused'
  run webget http://does-not-exist.invalid/
  [ "$status" -eq 68 ] || [ "$status" -eq 75 ] # 75 where no resolver answers at all
}

@test "--resolve leads a name here" {
  run webget --resolve "example.org:$NGINX_HTTP:127.0.0.1" "http://example.org:$NGINX_HTTP/echo-headers"
  assert_line "host: example.org:$NGINX_HTTP"
}

@test "nowhere to write: full device, closed pipe, forbidden directory" {
  for name in page.txt big coded/numbers.txt.gz; do
    run webget --compressed -o /dev/full "$WEB/$name"
    [ "$status" -eq 74 ] || fail "$name: $status $output"
  done
  run bash -c "'${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/webget' '$WEB/page.txt' >/dev/full"
  assert_failure 74
  run webget -o missing/file "$WEB/page.txt"
  assert_failure 73
  set +e
  webget "$WEB/big" 2>/dev/null | head -c 1 >/dev/null
  status=${PIPESTATUS[0]}
  set -e
  [ "$status" -eq 74 ] || fail "closed pipe: $status"
}

@test "interrupted: 130, the old file stays, no temporary" {
  echo old >kept
  "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/webget" -o kept "$WEB/slow/big" 3>&- 2>error &
  pid=$!
  three_files() { [ "$(files_in . | wc -l)" -ge 3 ]; } # kept, error, the temporary
  await three_files
  # A background process of a script ignores INT; TERM goes the same way.
  kill -TERM $pid
  status=0
  wait $pid || status=$?
  assert_equal "$status" 130
  run cat kept
  assert_output old
  run files_in .
  assert_output "$(printf 'error\nkept')"
}
