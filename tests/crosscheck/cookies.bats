#!/usr/bin/env bats
# Cookies, request by request: a server sets one, and what the next request returns is the same
# for libcurl and webget. Where it is not, the table says why.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
  here=$BATS_TEST_DIRNAME
  export ROOM=$BATS_FILE_TMPDIR
  "$here/../servers/certs.sh" "$ROOM/certs"
  python3 "$here/cookie_server.py" "$ROOM" "$ROOM/certs/server.pem" "$ROOM/certs/server.key" 3>&- &
  echo $! >"$ROOM/pid"
  while [ ! -e "$ROOM/http" ] || [ ! -e "$ROOM/https" ]; do sleep 0.02; done
  HTTP=$(cat "$ROOM/http") HTTPS=$(cat "$ROOM/https")
  export HTTP HTTPS
}

teardown_file() {
  kill "$(cat "$ROOM/pid")"
}

setup() {
  unset http_proxy https_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NETRC
  export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config HOME=$BATS_TEST_TMPDIR
  build=${PARLEY_BUILD:-$BATS_TEST_DIRNAME/../../build}
  cd "$BATS_TEST_TMPDIR" || return 1
  names=()
  for host in a.example sub.a.example b.example ba.example a.co.uk b.co.uk; do
    names+=(--resolve "$host:$HTTP:127.0.0.1")
  done
}

# a.example/x becomes a URL; s: before it means https, which only localhost speaks.
url() {
  case $1 in
  s:*) echo "https://localhost:$HTTPS/${1#*/}" ;;
  localhost/* | 127.0.0.1/*) echo "http://${1%%/*}:$HTTP/${1#*/}" ;;
  *) echo "http://${1%%/*}:$HTTP/${1#*/}" ;;
  esac
}

encoded() {
  jq -rn --arg text "$1" '$text | @uri'
}

# What the second request returned, to each.
both() { # FROM SET-COOKIE TO
  local from to
  from="$(url "$1")?set=$(encoded "$2")"
  to=$(url "$3")
  rm -f jar.* body.* heads
  "$build/tests/reference" "${names[@]}" --cacert "$ROOM/certs/ca.pem" -c jar.theirs -D heads -o body.theirs \
    "$from" "$to" >/dev/null
  "$build/bin/webget" --no-config "${names[@]}" --cacert "$ROOM/certs/ca.pem" -c jar.ours "$from" "$to" >body.ours
  theirs=$(sed -n 2p body.theirs) ours=$(sed -n 2p body.ours)
}

# FROM | SET-COOKIE | TO | why they differ
cases() {
  cat <<'END'
a.example/ | k=v | a.example/x
a.example/ | k=v | b.example/
a.example/ | k=v | sub.a.example/
a.example/ | k=v; Domain=a.example | sub.a.example/
a.example/ | k=v; Domain=.a.example | sub.a.example/
a.example/ | k=v; domain=A.EXAMPLE | sub.a.example/
sub.a.example/ | k=v; Domain=a.example | a.example/
a.example/ | k=v; Domain=b.example | b.example/
a.example/ | k=v; Domain=sub.a.example | sub.a.example/
ba.example/ | k=v; Domain=a.example | a.example/
a.example/ | k=v; Domain=example | b.example/
a.co.uk/ | k=v; Domain=co.uk | b.co.uk/
a.example/ | k=v; Domain= | a.example/
127.0.0.1/ | k=v; Domain=127.0.0.1 | 127.0.0.1/
127.0.0.1/ | k=v; Domain=0.0.1 | 127.0.0.1/
127.0.0.1/ | k=v | 127.0.0.1/
localhost/ | k=v | localhost/
localhost/ | k=v; Domain=localhost | localhost/
a.example/d/p | k=v | a.example/d/q
a.example/d/p | k=v | a.example/d
a.example/d/p | k=v | a.example/dd
a.example/d/p | k=v | a.example/
a.example/d/p | k=v; Path=/ | a.example/
a.example/d/p | k=v; Path=/e | a.example/e/f
a.example/d/p | k=v; Path=/e | a.example/ef
a.example/d/p | k=v; Path=/e/ | a.example/e/f
a.example/d/p | k=v; Path=e | a.example/d/x
a.example/d/p | k=v; Path= | a.example/d/x
a.example/d/p | k=v; Path=/a; Path=/b | a.example/b
s:/ | k=v; Secure | s:/x
s:/ | k=v; Secure; HttpOnly; SameSite=Lax | s:/x
a.example/ | k=v; Secure | a.example/
s:/ | __Secure-k=v; Secure | s:/x
s:/ | __Secure-k=v | s:/x
s:/ | __Host-k=v; Secure; Path=/ | s:/x
s:/ | __Host-k=v; Secure; Path=/x | s:/x
a.example/ | k=v; Max-Age=100 | a.example/
a.example/ | k=v; Max-Age=0 | a.example/
a.example/ | k=v; Max-Age=-1 | a.example/
a.example/ | k=v; Max-Age=99999999999999999999999 | a.example/
a.example/ | k=v; Expires=Wed, 09 Jun 1999 10:18:14 GMT | a.example/
a.example/ | k=v; Expires=Wed, 09-Jun-2049 10:18:14 GMT | a.example/
a.example/ | k=v; Expires=Wed Jun  9 10:18:14 2049 | a.example/
a.example/ | k=v; Expires=Wednesday, 09-Jun-49 10:18:14 GMT | a.example/
a.example/ | k=v; Expires=no date | a.example/
a.example/ | k=v; Max-Age=100; Expires=Wed, 09 Jun 1999 10:18:14 GMT | a.example/
a.example/ | k=v; Expires=Wed, 09 Jun 1999 10:18:14 GMT; Max-Age=100 | a.example/
a.example/ |   k  =  v  ;Path=/ | a.example/
a.example/ | k="a b" | a.example/
a.example/ | k=a=b | a.example/
a.example/ | k= | a.example/
a.example/ | k=v;;; unknown=1; Path = / | a.example/
a.example/ | K=v; PATH=/; HTTPONLY | a.example/
a.example/ | k=a,b | a.example/
a.example/ | k=a%3Bb | a.example/
a.example/ | k=v; Max-Age="100" | a.example/
a.example/ | k=v; SameSite=Strict | a.example/
s:/ | k=v; SameSite=None | s:/ | RFC 6265bis 5.7: SameSite=None without Secure is refused
a.example/ | only | a.example/ | RFC 6265bis 5.6: a cookie without = has no name, and is kept
a.example/ | =v | a.example/ | the same with an empty name
a.example/ | ; k=v | a.example/ | RFC 6265bis 5.6: what is behind the ; is an attribute; this pair is empty
END
}

@test "more than 40 cookies are returned, or not, as libcurl does it" {
  local count=0 wrong=0 from cookie to why line
  while IFS= read -r line; do
    from=${line%% | *} line=${line#* | }
    cookie=${line%% | *} line=${line#* | }
    to=${line%% | *} why=
    [ "$to" = "$line" ] || why=${line#* | }
    both "$from" "$cookie" "$to"
    count=$((count + 1))
    if [ -z "$why" ] && [ "$ours" != "$theirs" ]; then
      wrong=1
      echo "$from | $cookie | $to: libcurl returns '$theirs', webget '$ours'"
    elif [ -n "$why" ] && [ "$ours" = "$theirs" ]; then
      wrong=1
      echo "$from | $cookie | $to: no difference any more ($why)"
    fi
  done < <(cases)
  [ "$count" -ge 40 ] && [ "$wrong" = 0 ]
}
