#!/usr/bin/env bats
# Where bodies go: files whole or not at all, names that servers choose, heads, -w, ranges in URLs.

# The commands of sh -c expand their own arguments.
# shellcheck disable=SC2016
load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# An answer with this body; further header lines follow it.
body() { # TEXT [HEADER...]
  answer < <(
    printf 'S: %s\n' 'HTTP/1.1 200 OK' "Content-Length: ${#1}" "${@:2}"
    printf '%s\n' 'S:' "[send $1]"
  )
}

# ---- files ----

@test "-o and -O, in the order of the URLs" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 1
S:
[send a]
C: GET /dir/b.txt?q HTTP/1.1
[rest]
C: GET /c HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 1
S:
[send b]
S: HTTP/1.1 200 OK
S: Content-Length: 1
S:
[send c]
END
  fetch -o first -O "$URL/a" "$URL/dir/b.txt?q" "$URL/c"
  assert_status 0
  assert_output c
  assert_files b.txt first
  assert_content first a
  assert_content b.txt b
}

@test "-o - is stdout" {
  body text
  fetch -o - "$URL/"
  assert_output text
  assert_files
}

@test "-O of a URL without a name" {
  fetch -O http://127.0.0.1:1/
  assert_refused 64 'use -o FILE'
}

@test "-O never writes a hidden file, an option or a path" {
  local name
  for name in .bashrc -rf %2e%2e%2fup %2fetc%2fpasswd a%00b a%0ab; do
    body text
    fetch -O "$URL/dir/$name"
    [ "$status" -eq 0 ] || [ "$status" -eq 64 ]
    [ ! -e ../up ]
    [ -z "$(find . -mindepth 1 \( -name '.*' -o -name '-*' -o -name $'*\n*' \))" ] || { ls -lA; return 1; }
    find . -type f -delete
  done
}

@test "-OJ takes the server's name" {
  body text 'Content-Disposition: attachment; filename="report 1.pdf"'
  fetch -OJ "$URL/download"
  assert_status 0
  assert_files 'report 1.pdf'
}

@test "-OJ without such a name: the URL's" {
  body text
  fetch -OJ "$URL/download"
  assert_status 0
  assert_files download
}

@test "-OJ: names that are attacks" {
  local name
  for name in '../x' '..\\\\x' '/etc/passwd' '.bashrc' '-rf' '.' '..' '' 'a/../../b' 'C:\\\\x'; do
    body text "Content-Disposition: attachment; filename=\"$name\""
    mkdir -p deep/er
    (cd deep/er && webget -OJ "$URL/plain")
    [ "$(find .. -type f ! -path '*/peer*' ! -path '*/deep/er/*' | wc -l)" -eq 0 ]
    [ "$(find deep/er -type f ! -name '.*' ! -name '-*' | wc -l)" -eq 1 ] || { ls -lA deep/er; return 1; }
    rm -r deep
  done
}

@test "-OJ: control bytes and escapes in a name" {
  body text 'Content-Disposition: attachment; filename="a\x1b[31m\x07b.txt"'
  fetch -OJ "$URL/plain"
  [ "$(find . -type f ! -name '*[[:cntrl:]]*' | wc -l)" -eq 1 ]
}

@test "-OJ replaces nothing that is there" {
  echo mine >report
  body text 'Content-Disposition: attachment; filename=report'
  fetch -OJ "$URL/download"
  assert_status 73
  assert_error report
  assert_content report mine
  assert_files report
}

@test "--output-dir, --create-dirs, with -J too" {
  body text
  fetch --output-dir out -o page "$URL/"
  assert_status 73
  assert_files
  body text
  fetch --output-dir out --create-dirs -o sub/page "$URL/"
  assert_status 0
  assert_content out/sub/page text
  body text 'Content-Disposition: attachment; filename=theirs'
  fetch --output-dir out -OJ "$URL/x"
  assert_status 0
  assert_content out/theirs text
}

@test "--no-clobber writes beside what is there" {
  echo mine >page
  for _ in 1 2; do
    body text
    fetch --no-clobber -o page "$URL/"
    assert_status 0
  done
  assert_files page page.1 page.2
  assert_content page mine
}

@test "an existing file is replaced by a complete body only" {
  echo old >page
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send new]
[close]
END
  fetch -o page "$URL/"
  assert_status 75
  assert_content page old
  assert_files page
  body new
  fetch -o page "$URL/"
  assert_status 0
  assert_content page new
  assert_files page
}

@test "a replaced file keeps its permissions, a link stays a link" {
  echo old >target
  chmod 640 target
  ln -s target page
  body new
  fetch -o page "$URL/"
  assert_status 0
  [ -L page ]
  assert_content target new
  [ "$(stat -c %a target)" = 640 ]
}

@test "an empty body makes an empty file" {
  body ''
  fetch -o page "$URL/"
  assert_status 0
  assert_files page
  [ ! -s page ]
}

@test "a full disk: 74, and nothing kept" {
  body text
  fetch -o /dev/full "$URL/"
  assert_status 74
  assert_error 'No space left on device'
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 200000
S:
[body 200000]
[close]
END
  run --separate-stderr sh -c '"$0" "$1" >/dev/full' "$PROGRAM" "$URL/"
  assert_status 74
  assert_error 'No space left on device'
}

@test "a file system that fills up: 74, the old file stays, no temporary" {
  [ "$(id -u)" -eq 0 ] || skip 'needs root'
  mkdir small
  mount -t tmpfs -o size=64k none small 2>/dev/null || skip 'cannot mount'
  echo old >small/page
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 200000
S:
[body 200000]
[close]
END
  fetch -o small/page "$URL/"
  local left
  left=$(ls -A small)
  [ "$(cat small/page)" = old ] || left=lost
  umount small
  [ "$left" = page ]
  assert_status 74
  assert_error 'No space left on device'
}

@test "a closed stdout: 74" {
  body text
  run --separate-stderr sh -c '"$0" "$1" >&-' "$PROGRAM" "$URL/"
  assert_status 74
  assert_error 'Bad file descriptor'
}

@test "-w or --jsonl that standard output doesn't take: 74, and said once" {
  local option
  for option in '-w %{http_code}\n' --jsonl; do
    # shellcheck disable=SC2086 # two words
    body text && run --separate-stderr bash -c '"$@" >/dev/full' - "$PROGRAM" $option -o page "$URL/"
    assert_status 74
    assert_error 'standard output: No space left on device'
    assert_content page text
    # shellcheck disable=SC2086 # two words
    run --separate-stderr bash -c '"$@" >&-' - "$PROGRAM" $option \
      --remote-name-all http://127.0.0.1:1/a http://127.0.0.1:1/b
    assert_status 75
    # shellcheck disable=SC2154 # run sets it
    [ "$(grep -c 'standard output: Bad file descriptor' <<<"$stderr")" -eq 1 ]
    [ "$(wc -l <<<"$stderr")" -eq 3 ]
  done
}

@test "-O of a URL that names no file: the message names it, --jsonl has an object for it" {
  play <<'END'
C: GET /f1 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S:
[body 3]
C: GET /f2 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S:
[body 3]
END
  fetch --connection persistent --jsonl --remote-name-all "$URL/f1" "http://me:secret@${URL#*//}/" "$URL/f2"
  assert_status 64
  assert_error "$URL/: the URL names no file: use -o FILE instead of -O"
  [ "$(jq -r '"\(.url) \(.exit) \(.file)"' <<<"$output")" = "$URL/f1 0 f1
$URL/ 64 null
$URL/f2 0 f2" ]
  assert_files f1 f2
  assert_played
  fetch -Z --jsonl --remote-name-all http://127.0.0.1:1/ http://127.0.0.1:1/x/
  assert_status 64
  [ "$(jq -r .exit <<<"$output" | uniq -c | tr -s ' ')" = ' 2 64' ]
}

@test "a closed stdout does not lead a file's bytes astray" {
  body text
  run --separate-stderr sh -c '"$0" -o page "$1" >&- 2>&-' "$PROGRAM" "$URL/"
  assert_status 0
  assert_content page text
}

@test "a reader that has gone: 74" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 3000000
S:
[body 3000000]
[close]
END
  run --separate-stderr bash -c '"$0" "$1" | head -c0; echo "${PIPESTATUS[0]}"' "$PROGRAM" "$URL/"
  assert_output 74
  assert_error 'Broken pipe'
}

@test "a directory that is missing, one that may not be written, a name that is a directory" {
  local file
  mkdir dir
  for file in none/page dir/ dir /proc/none/page; do
    body text
    fetch -o "$file" "$URL/"
    assert_status 73
    assert_error "$file"
    [ -z "$(ls -A dir)" ]
  done
}

# ---- heads ----

@test "-i puts the head before the body, as it came" {
  answer <<'END'
S: HTTP/1.1 200 Fine
S: X-CaSe:  kept
S: Content-Length: 4
S:
[send text]
END
  webget -i -o got "$URL/"
  printf 'HTTP/1.1 200 Fine\r\nX-CaSe:  kept\r\nContent-Length: 4\r\n\r\ntext' | cmp - got
}

@test "-D keeps the heads of all answers" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 302 Found
S: Location: /b
S: Content-Length: 0
S:
C: GET /b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send text]
END
  webget -D heads -o page "$URL/a"
  printf 'HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n' | cmp - heads
  assert_files heads page
}

@test "-D - and the body on stdout, in order" {
  body text
  run webget -D - "$URL/"
  assert_line --index 0 $'HTTP/1.1 200 OK\r'
  assert_line --index 2 $'\r'
  assert_line --index 3 text
}

# ---- -w ----

@test "-w: variables and escapes" {
  body text 'Content-Type: text/plain' 'X-Thing: 7'
  fetch -o page -w '%{response_code} %{size_download} %{content_type} %{url} %{filename_effective} %header{x-thing} %%\t|\n' "$URL/p"
  assert_status 0
  assert_output "200 4 text/plain $URL/p page 7 %"$'\t|'
}

@test "-w: JSON" {
  body text
  fetch -o page -w '%{json}\n' "$URL/p"
  assert_status 0
  [ "$(jq -r '"\(.response_code) \(.size_download) \(.url) \(.exitcode) \(.num_connects)"' <<<"$output")" = "200 4 $URL/p 0 1" ]
}

@test "-w: after each URL, after failures too, from a file" {
  play <<'END'
C: GET /1 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
C: GET /2 HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 0
S:
END
  printf '%s' '%{urlnum} %{http_code} %{exitcode} %{errormsg}\n' >format
  fetch -w @format "$URL/[1-2]"
  assert_status 66
  assert_line --index 0 '0 200 0 '
  assert_line --index 1 '1 404 66 HTTP status 404'
}

@test "-w: redirects are counted" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 302 Found
S: Location: /b
S: Content-Length: 0
S:
C: GET /b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -w '%{num_redirects} %{url_effective} %{num_connects}' "$URL/a"
  assert_output "1 $URL/b 1"
}

@test "--jsonl: a line for each URL" {
  play <<'END'
C: GET /1 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send text]
C: GET /2 HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 0
S:
END
  fetch --jsonl -o '#1' "$URL/[1-2]"
  assert_status 66
  [ "$(jq -sr 'map("\(.status) \(.bytes) \(.file) \(.exit)") | join(";")' <<<"$output")" = '200 4 1 0;404 0 null 66' ]
}

# ---- patterns ----

@test "{a,b} and [1-3] with #1 and #2 in -o" {
  play < <(for page in a1 a2 b1 b2; do
    printf '%s\n' "C: GET /$page HTTP/1.1" '[rest]' 'S: HTTP/1.1 200 OK' 'Content-Length: 2' | sed 's/^Con/S: Con/'
    printf '%s\n' 'S:' "[send $page]"
  done)
  fetch --connection persistent -o '#2-#1.txt' "$URL/{a,b}[1-2]"
  assert_status 0
  assert_played
  assert_files 1-a.txt 1-b.txt 2-a.txt 2-b.txt
  assert_content 2-a.txt a2
}

@test "steps, leading zeros, letters" {
  play < <(for page in 01x 04x 07x; do
    printf '%s\n' "C: GET /$page HTTP/1.1" '[rest]' 'S: HTTP/1.1 204 None' 'S:'
  done)
  fetch --connection persistent "$URL/[01-08:3]{x}"
  assert_status 0
  assert_played
}

@test "-g takes braces as they are; a pattern that is none is an error" {
  play <<'END'
C: GET /%7Ba,b%7D[1-2] HTTP/1.1
[rest]
S: HTTP/1.1 204 None
S:
END
  fetch -g "$URL/{a,b}[1-2]"
  assert_status 0
  assert_played
  local pattern
  for pattern in '{a' '[1-' '[3-1]' '[1-9999999999]' '{a,b}}' '[1-1000000][1-1000000]'; do
    fetch "http://127.0.0.1:1/$pattern"
    assert_refused 64 ''
  done
}

# ---- rates ----

@test "--limit-rate holds to it, roughly" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 60000
S:
[body 60000]
END
  local start end
  start=$(date +%s%N)
  fetch --limit-rate 60k -o page "$URL/"
  end=$(date +%s%N)
  assert_status 0
  [ "$(stat -c %s page)" -eq 60000 ]
  [ $(((end - start) / 1000000)) -ge 700 ]
  [ $(((end - start) / 1000000)) -le 15000 ]
}
