#!/usr/bin/env bats
# shellcheck disable=SC2154
# Whole pages and recursion, against nginx: what is fetched, where it lies, and that the
# tree opens from the disk.

bats_require_minimum_version 1.5.0
load webget.bash
load ../servers/servers.bash

setup_file() {
  server_start nginx
}

teardown_file() {
  server_stop nginx
}

setup() {
  tool_setup
  rm -rf "${NGINX_ROOT:?}"/*
  HOST=localhost:$NGINX_HTTP
  URL=http://$HOST
  SITE=$NGINX_ROOT
  : >"$NGINX_LOG"
}

# site PATH: a file of the server from stdin
site() {
  mkdir -p "$(dirname "$SITE/$1")"
  cat >"$SITE/$1"
}

# What was asked for, in order, one request target a line.
asked() {
  sed 's/^[^"]*"[A-Z]* \([^ ]*\) .*/\1/' "$NGINX_LOG"
}

assert_asked() { # TARGET...: these and no others, each once
  local seen
  seen=$(asked | sort)
  [ "$seen" = "$(printf '%s\n' "$@" | sort)" ] || { echo "asked for: $seen"; return 1; }
}

# The files below a directory, and nothing else there.
assert_tree() { # DIR FILE...
  local seen
  seen=$(cd "$1" && find . ! -type d | sed 's|^\./||' | LC_ALL=C sort)
  shift
  [ "$seen" = "$(printf '%s\n' "$@" | LC_ALL=C sort)" ] || { echo "tree: $seen"; return 1; }
}

# Every relative link of every page of a tree leads to a file in it: a link checker over a
# second opinion's parser.
check_links() { # DIR
  local page link path bad=0
  while IFS= read -r page; do
    while IFS= read -r link; do
      link=${link%\"}
      link=${link#*\"}
      case $link in
      '' | \#* | *://* | data:* | mailto:* | javascript:*) continue ;;
      esac
      link=${link%%#*}
      path=$(printf '%b' "${link//%/\\x}")
      [ -f "$(dirname "$page")/$path" ] || { echo "$page: $link leads nowhere"; bad=1; }
    done < <(xmllint --html --xpath '//@href | //@src' "$page" 2>/dev/null | sed 's/&amp;/\&/g')
  done < <(find "$1" -name '*.html')
  return $bad
}

small_site() {
  site index.html <<'END'
<!DOCTYPE html><title>home</title>
<link rel="stylesheet" href="css/main.css?v=1"><script src=js/app.js></script>
<img src="img/1.png" srcset="img/2.png 2x"><a href="a/">a</a>
<p style="background: url('img/3.png')"><a href="a/b/c.html?x=1&amp;y=2#frag">c</a>
<a href="mailto:a@example.org">mail</a><a href="http://elsewhere.invalid/">off</a><a href=#top>top</a>
END
  site css/main.css <<<'@import "two.css"; body { background: url(../img/4.png) }'
  site css/two.css <<<'@import url(main.css?v=1); @import "two.css"; p { background: url(/img/1.png) }'
  for n in 1 2 3 4; do site img/$n.png <<<"png $n"; done
  site js/app.js <<<'js'
  site a/index.html <<<'<a href="../index.html">up</a> <a href=b/c.html>c</a><img src=/img/1.png>'
  site a/b/c.html <<<'<a href=/>home</a><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
}

@test "a page and all it needs, each once, import loops included" {
  small_site
  fetch -p "$URL/"
  assert_status 0
  assert_quiet
  assert_asked / '/css/main.css?v=1' /css/two.css /js/app.js /img/1.png /img/2.png /img/3.png /img/4.png
  assert_tree "$HOST" index.html 'css/main.css?v=1.css' css/two.css js/app.js img/{1,2,3,4}.png
  cmp "$HOST/index.html" "$SITE/index.html"
  cmp "$HOST/img/4.png" "$SITE/img/4.png"
}

@test "with its links converted the tree stands by itself" {
  small_site
  fetch --recursive -p --convert-links "$URL/"
  assert_status 0
  check_links .
  grep -F 'href="css/main.css%3Fv=1.css"' "$HOST/index.html"
  grep -F 'href="a/index.html"' "$HOST/index.html"
  grep -F 'href="a/b/c.html%3Fx=1&amp;y=2.html#frag"' "$HOST/index.html"
  grep -F "url('img/3.png')" "$HOST/index.html"
  grep -F 'href="http://elsewhere.invalid/"' "$HOST/index.html"
  grep -F 'href="mailto:a@example.org"' "$HOST/index.html"
  grep -F 'src="../img/1.png"' "$HOST/a/index.html"
  grep -F '@import "two.css"' "$HOST/css/main.css?v=1.css"
  grep -F '@import url("main.css%3Fv=1.css")' "$HOST/css/two.css"
  grep -F 'url("../img/1.png")' "$HOST/css/two.css"
}

@test "what was not fetched is named with its whole URL" {
  small_site
  fetch -p --convert-links "$URL/a/"
  assert_status 0
  grep -F "href=\"$URL/index.html\"" "$HOST/a/index.html"
  grep -F 'src="../img/1.png"' "$HOST/a/index.html"
}

@test "base href, and integrity that would refuse what was converted" {
  site deep/page.html <<<'<base href=/img/><img src=1.png><link rel=stylesheet integrity="sha256-AA" crossorigin href="/s.css">'
  site img/1.png <<<png
  site s.css <<<'p {}'
  fetch -p --convert-links "$URL/deep/page.html"
  assert_status 0
  assert_asked /deep/page.html /img/1.png /s.css
  grep -F '<base href=""><img src="../img/1.png"><link rel=stylesheet   href="../s.css">' "$HOST/deep/page.html"
}

@test "what a drawing names is needed and converted as a page's" {
  site index.html <<<'<object data=d/x.svg></object>'
  site d/x.svg <<<'<svg xmlns="http://www.w3.org/2000/svg"><style>@import "x.css";</style><image href="/p.png?a"/></svg>'
  site d/x.css <<<'image { fill: url(x.svg#f) }'
  site p.png <<<png
  fetch -p --convert-links "$URL/"
  assert_status 0
  assert_quiet
  assert_asked / /d/x.svg /d/x.css '/p.png?a'
  assert_content "$HOST/d/x.svg" \
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "x.css";</style><image href="../p.png%3Fa"/></svg>'
}

@test "recursion: depth; requisites of the last pages with -p only" {
  for n in 1 2 3 4; do site $n.html <<<"<a href=$((n + 1)).html>on</a><img src=$n.png>"; site $n.png <<<png; done
  fetch --recursive --level 1 "$URL/1.html"
  assert_status 0
  assert_tree "$HOST" 1.html 1.png 2.html
  fetch --recursive --level 1 -p -P with "$URL/1.html"
  assert_status 0
  assert_tree "with/$HOST" 1.html 1.png 2.html 2.png
  rm "$SITE/4.html"
  site 4.html <<<end
  fetch --recursive --level inf -P all "$URL/1.html"
  assert_status 0
  assert_tree "all/$HOST" {1,2,3,4}.html {1,2,3}.png
}

@test "robots.txt and nofollow: obeyed in recursion, not by -p alone, never for what was named" {
  site index.html <<<'<a href=open.html>o</a><a href=shut/x.html>x</a><a rel=nofollow href=n.html>n</a><img src=shut/i.png>'
  site open.html <<<'<meta name=robots content="noindex, nofollow"><a href=beyond.html>b</a>'
  for f in shut/x.html n.html beyond.html shut/i.png; do site $f <<<x; done
  site robots.txt <<<$'User-agent: other\nDisallow: /\n\nUser-agent: WebGet\nDisallow: /shut'
  fetch --recursive "$URL/"
  assert_status 0
  assert_asked / /robots.txt /open.html
  assert_tree "$HOST" index.html open.html
  : >"$NGINX_LOG"
  fetch -p -P page "$URL/"
  assert_status 0
  assert_asked / /shut/i.png
  : >"$NGINX_LOG"
  fetch --recursive -P named "$URL/shut/x.html"
  assert_status 0
  assert_asked /shut/x.html
}

@test "robots.txt that the server can't give: nothing more is fetched there, and that is an error" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Type: text/html
S: Content-Length: 16
S:
[send <a href=/x>x</a>]
C: GET /robots.txt HTTP/1.1
[rest]
S: HTTP/1.1 503 Service Unavailable
S: Content-Length: 0
S:
END
  fetch --recursive "$URL/"
  assert_status 75
  assert_error '/robots.txt: HTTP status 503'
  assert_played
  assert_tree . "${URL#http://}/index.html"
}

@test "--no-parent, --accept, --reject, -nH, --cut-dirs, --directory-prefix" {
  site d/e/index.html <<<'<a href=../up.html>u</a><a href=f/x.html>x</a><a href=p.jpg>p</a><img src=/top.png>'
  site d/e/f/x.html <<<'<a href=y.jpg>y</a><a href=z.txt>z</a>'
  for f in d/up.html d/e/p.jpg d/e/f/y.jpg d/e/f/z.txt top.png; do site $f <<<x; done
  fetch --recursive --no-parent -p "$URL/d/e/"
  assert_status 0
  assert_tree "$HOST" d/e/{index.html,p.jpg} d/e/f/{x.html,y.jpg,z.txt} top.png
  fetch --recursive --accept 'jpg,z*' -nH --cut-dirs 2 -P files "$URL/d/e/"
  assert_status 0
  assert_tree files p.jpg f/y.jpg f/z.txt
  fetch --recursive --no-parent --reject jpg -P rest --no-host-directories "$URL/d/e/"
  assert_status 0
  assert_tree rest d/e/index.html d/e/f/{x.html,z.txt}
}

@test "--accept and --reject know a directory's page as index.html" {
  site index.html <<<'<a href=sub/>s</a><a href=one.txt>1</a>'
  site sub/index.html <<<'<a href=two.txt>2</a>'
  for f in one.txt sub/two.txt; do site $f <<<x; done
  fetch --recursive --accept html -nH -P only "$URL/"
  assert_status 0
  assert_tree only index.html sub/index.html
  fetch --recursive --reject html -nH -P other "$URL/"
  assert_status 0
  assert_tree other one.txt sub/two.txt
}

@test "--span-hosts: links to other hosts only with it, requisites always; credentials stay at home" {
  site index.html <<<"<a href=http://127.0.0.1:$NGINX_HTTP/other.html>o</a><img src=http://127.0.0.1:$NGINX_HTTP/i.png>"
  site other.html <<<'<a href=deep.html>d</a>'
  for f in deep.html i.png; do site $f <<<x; done
  fetch --recursive -p "$URL/"
  assert_status 0
  assert_tree . "$HOST/index.html" "127.0.0.1:$NGINX_HTTP/i.png"
  fetch --recursive --span-hosts -P far "$URL/"
  assert_status 0
  assert_tree far "$HOST/index.html" "127.0.0.1:$NGINX_HTTP/"{i.png,other.html,deep.html}
  fetch -v -p -P shown -u me:secret -H 'Cookie: a=b' "$URL/"
  [ "$(grep -c '^C2*: Authorization:' <<<"$stderr")" -eq 1 ]
  [ "$(grep -c '^C2*: Cookie:' <<<"$stderr")" -eq 1 ]
}

@test "redirects: one visit, the file under its last name, and links to either lead there" {
  site index.html <<<'<a href=/redirect/301>r</a><a href=/redirect/302>r</a><a href=/redirect/loop>l</a>'
  fetch --recursive --convert-links "$URL/"
  [ "$(asked | grep -c '^/target$')" -eq 1 ]
  [ "$(grep -o 'href="target"' "$HOST/index.html" | wc -l)" -eq 2 ]
  assert_tree "$HOST" index.html target
  assert_status 76
  assert_error '/redirect/loop'
}

@test "a redirect out of the recursion is not followed; that of the start is" {
  site index.html <<<'<a href=/redirect/other-port>r</a><a href=/redirect/file>f</a>'
  fetch --recursive "http://127.0.0.1:$NGINX_HTTP/"
  run asked
  refute_line /etc/passwd
  fetch -p -P p "$URL/redirect/301"
  assert_status 0
  assert_tree "p/$HOST" target
}

@test "a failing requisite is named, the rest is there, the status is its" {
  site index.html <<<'<img src=/status/404><img src=/status/503><img src=ok.png>'
  site ok.png <<<ok
  fetch -p "$URL/"
  assert_status 66
  assert_said '/status/404: HTTP status 404'
  assert_said '/status/503: HTTP status 503'
  assert_tree "$HOST" index.html ok.png
}

@test "several pages share what they need; the same page twice is one" {
  for n in 1 2; do site $n.html <<<'<img src=i.png>'; done
  site i.png <<<x
  fetch -p --jsonl "$URL/1.html" "$URL/2.html" "$URL/1.html#x"
  assert_status 0
  assert_asked /1.html /2.html /i.png
  [ "$(jq -r .file <<<"$output" | sort | paste -sd' ')" = "$HOST/1.html $HOST/2.html $HOST/i.png" ]
}

@test "-Z: several lanes make the same tree" {
  small_site
  fetch --recursive -p -P one "$URL/"
  : >"$NGINX_LOG"
  for models in '-Z' '--connection parallel' '--connection persistent' '--connection nonpersistent'; do
    # shellcheck disable=SC2086
    fetch --recursive -p -P "of$models" $models "$URL/"
    assert_status 0
    diff -r one "of$models"
  done
}

@test "--timestamping: a second run asks for the changed only, and reads the old for links" {
  small_site
  fetch -p -N "$URL/"
  assert_status 0
  : >"$NGINX_LOG"
  fetch -p -N "$URL/"
  assert_status 0
  [ "$(awk '{ print $(NF - 2) }' "$NGINX_LOG" | sort -u)" = 304 ]
  [ "$(asked | wc -l)" -eq 8 ]
}

@test "--timestamping --convert-links: a second run makes the same tree, and asks for all pages" {
  site index.html <<<'<a href="p?x=1">p</a><img src="i.png?v=3"><link rel=stylesheet href="s.css?v=1">'
  site p <<<'<a href="q.html?y=2">q</a>'
  site q.html <<<'<img src="i.png?v=3">'
  site s.css <<<'p { background: url(i.png?v=4) }'
  site i.png <<<png
  for how in -p '--recursive --no-parent'; do
    # shellcheck disable=SC2086
    fetch $how --timestamping --convert-links -P tree "$URL/"
    assert_status 0
    cp -r tree first
    check_links tree
    : >"$NGINX_LOG"
    # shellcheck disable=SC2086
    fetch $how --timestamping --convert-links -P tree "$URL/"
    assert_status 0
    diff -r first tree
    # Objects profit from their times, pages and style sheets are read as the server has them.
    sed 's/^[^"]*"[A-Z]* //' "$NGINX_LOG" | awk '{ print $1, $(NF - 2) }' >answers
    grep -q '^/i.png?v=4 304$' answers
    grep -q '^/s.css?v=1 200$' answers
    grep -q '^/ 200$' answers
    rm -rf tree first
  done
}

@test "names: a file and a directory of one name, case, length, dots, queries" {
  long=$(printf 'x%.0s' {1..240})
  site index.html <<END
<img src=/target><img src=/target/b.png><img src=A.png><img src=a.png><img src=$long.png>
<img src=%2e%2e/%2e%2e/out.png><img src=..%2f..%2fout2.png><img src=.profile><img src=-rf>
<img src="q.png?/../x"><img src="c%0a%1b.png"><img src=s%20p.png>
END
  mkdir "$SITE/target"
  for f in target/b.png A.png a.png $long.png out.png .profile -rf q.png 's p.png'; do site "$f" <<<"$f"; done
  fetch -p --convert-links -P tree "$URL/"
  check_links tree
  [ -z "$(find . -path ./tree -prune -o -type f -print)" ]
  [ -z "$(find tree -name '.*' -o -name '-*')" ]
  [ "$(find tree -iname 'a*.png' | wc -l)" -eq 2 ]
  [ -f "tree/$HOST/%2Eprofile" ]
  [ -f "tree/$HOST/%2Drf" ]
  [ -f "tree/$HOST/out.png" ]
  [ -f "tree/$HOST/q.png?%2F..%2Fx" ]
  [ -f "tree/$HOST/s p.png" ]
  [ -f "tree/$HOST/target" ]
  [ -n "$(find "tree/$HOST" -path '*/target~*/b.png')" ]
}

@test "a symbolic link in the way is not gone through" {
  small_site
  mkdir -p tree/"$HOST" away
  ln -s "$PWD/away" "tree/$HOST/img"
  ln -s "$PWD/away/js" "tree/$HOST/js"
  ln -s "$PWD/away/file" "tree/$HOST/index.html"
  fetch -p -P tree "$URL/"
  [ -z "$(ls -A away)" ]
}

@test "--wait: a pause between requests, which then are not sent ahead" {
  site index.html <<<'<img src=1.png><img src=2.png>'
  for n in 1 2; do site $n.png <<<x; done
  fetch -p --wait 0.2 --timing "$URL/"
  assert_status 0
  total=$(sed -n 's/.*3 objects.*total \([0-9]*\)\..*/\1/p' <<<"$stderr")
  [ "$total" -ge 400 ]
}

@test "what does not go together is said" {
  fetch -p -o file "$URL/"
  assert_status 64
  assert_error '--directory-prefix'
  fetch --recursive -d x=y "$URL/"
  assert_status 64
  fetch --recursive --spider "$URL/"
  assert_status 64
  assert_error '--spider'
  fetch --convert-links "$URL/"
  assert_status 64
  fetch -nc "$URL/"
  assert_status 64
  fetch --level x --recursive "$URL/"
  assert_status 64
}

@test "a page of a million links, and one nested 100,000 deep: bounded" {
  { for _ in {1..1000}; do echo '<a href="p.html">x</a><a href="/">y</a>'; done; } >"$SITE/k"
  for _ in {1..500}; do cat "$SITE/k"; done >"$SITE/index.html"
  rm "$SITE/k"
  site p.html < <(yes '<div>' | head -n 100000; echo '<a href=end.html>e</a>')
  site end.html <<<end
  fetch_in 400000 --recursive "$URL/"
  assert_status 0
  assert_tree "$HOST" index.html p.html end.html
}

# 10 MB of gzip that are 10 GB of zeros, to the path given: one deflate block's bytes, repeated by
# flushing the compressor's window.
bomb() { # FILE
  python3 - "$1" <<'END'
import sys, zlib
c = zlib.compressobj(9, zlib.DEFLATED, 31)
chunk = bytes(1 << 20)
parts = [c.compress(chunk) + c.flush(zlib.Z_FULL_FLUSH)]
# After a full flush the same megabyte gives the same bytes.
again = c.compress(chunk) + c.flush(zlib.Z_FULL_FLUSH)
with open(sys.argv[1], "wb") as f:
    f.write(parts[0] + again * 10239)
END
}

@test "a gzip bomb: streamed as far as is wanted, and no page, in bounded memory" {
  bomb "$SITE/index.html"
  [ "$(stat -c %s "$SITE/index.html")" -lt 12000000 ]
  local room=200000
  case $PROGRAM in *-san/* | *-tsan/*) room=unlimited ;; esac
  play < <(printf '%s\n' 'C: GET / HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Type: text/html' \
    'S: Content-Encoding: gzip' "S: Content-Length: $(stat -c %s "$SITE/index.html")" 'S:' "[bytes $SITE/index.html]" '[close]')
  # shellcheck disable=SC2016 # that shell expands it
  run --separate-stderr bash -c 'ulimit -v "$1" -f 200000; shift; exec "$@"' - $room timeout 20 "$PROGRAM" \
    -p --compressed "$URL/"
  assert_status 65
  assert_error 'larger than 64 MiB'
  [ -z "$(find . -type f)" ]
  peer_stop
  play < <(printf '%s\n' 'C: GET / HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' \
    'S: Content-Encoding: gzip' "S: Content-Length: $(stat -c %s "$SITE/index.html")" 'S:' "[bytes $SITE/index.html]" '[close]')
  # shellcheck disable=SC2016 # that shell expands it
  run --separate-stderr bash -c 'ulimit -v "$1"; shift; "$@" | head -c 300000000 | wc -c' - $room timeout 20 "$PROGRAM" \
    --compressed "$URL/"
  assert_output 300000000
}
