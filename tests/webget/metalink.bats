#!/usr/bin/env bats
# --metalink: names made safe, places by priority, digests; documents that are none.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

hello() {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 5
S:
[send hello]
END
}

# A metalink of one file; its elements on stdin.
link_of() { # NAME
  cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<metalink xmlns="urn:ietf:params:xml:ns:metalink">
 <generator>a test</generator>
 <file name="$1">
$(cat)
 </file>
</metalink>
END
}

digest() { # TEXT
  printf %s "$1" | sha256sum | cut -d' ' -f1
}

@test "a file under its base name, from the best place, with its digest" {
  hello
  link_of 'some/dir/..page' >it.meta4 <<END
  <size>5</size>
  <hash type="md5">nonsense</hash>
  <hash type="sha-256">$(digest hello)</hash>
  <pieces length="5" type="sha-512"><hash>00</hash></pieces>
  <url priority="2">http://127.0.0.1:1/second</url>
  <url>ftp://127.0.0.1:1/never</url>
  <url priority="1">$URL/first</url>
END
  fetch --metalink it.meta4
  assert_status 0
  assert_content page hello
  rm it.meta4
  assert_files page
}

@test "another digest: 65 and no file; the next place when the first fails; stdin" {
  hello
  link_of page >it.meta4 <<END
  <hash type="sha-256">$(digest other)</hash><url>$URL/x</url>
END
  fetch --metalink it.meta4
  assert_status 65
  assert_said 'than the metalink says'
  hello
  link_of page >it.meta4 <<END
  <hash type="sha-256">$(digest hello)</hash>
  <url priority="1">http://127.0.0.1:1/</url><url priority="2">$URL/x</url>
END
  fetch --metalink - <it.meta4
  assert_status 0
  assert_said 'trying'
  rm it.meta4
  assert_files page
}

@test "what is no metalink, has entities, or no place, is refused" {
  local bad
  for bad in 'words' '<a>' '<metalink xmlns="urn:ietf:params:xml:ns:metalink"/>' \
    '<!DOCTYPE x [<!ENTITY a "b">]><metalink xmlns="urn:ietf:params:xml:ns:metalink"/>' \
    '<metalink><file name="page"><url>http://127.0.0.1:1/</url></file></metalink>'; do
    printf '%s' "$bad" >it.meta4
    fetch --metalink it.meta4
    assert_status 65
  done
  link_of '..' >it.meta4 <<<'<url>http://127.0.0.1:1/</url>'
  fetch --metalink it.meta4
  assert_status 65
  fetch --metalink none
  assert_status 74
}

@test "--continue goes on with its files too" {
  hello
  link_of page >it.meta4 <<<"<hash type=\"sha-256\">$(digest hello)</hash><url>$URL/x</url>"
  fetch --continue --metalink it.meta4
  assert_status 0
  assert_content page hello
}
