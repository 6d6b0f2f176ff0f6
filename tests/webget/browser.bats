#!/usr/bin/env bats
# shellcheck disable=SC2154
# The tree that -p and -r leave on disk, opened by a browser: every object is there, under the
# name the page gives it, and nobody is asked for anything any more. Skipped where there is no
# Chromium. Each image is as many pixels wide as its number: the page measures what it shows.

bats_require_minimum_version 1.5.0
load webget.bash
load ../servers/servers.bash

setup_file() {
  BROWSER=$(type -P chromium chromium-browser google-chrome chrome-headless-shell | head -n 1) || true
  export BROWSER
  [ -z "$BROWSER" ] || server_start nginx
}

teardown_file() {
  [ -z "$BROWSER" ] || server_stop nginx
}

setup() {
  [ -n "$BROWSER" ] || skip "no chromium here"
  tool_setup
  rm -rf "${NGINX_ROOT:?}"/*
  HOST=localhost:$NGINX_HTTP
  URL=http://$HOST
  SITE=$NGINX_ROOT
}

# site PATH: a file of the server from stdin
site() {
  mkdir -p "$(dirname "$SITE/$1")"
  cat >"$SITE/$1"
}

# PNGs in shades of red, NUMBER wide, of the server.
pictures() { # NUMBER PATH [NUMBER PATH...]
  python3 - "$SITE" "$@" <<'END'
import os, struct, sys, zlib

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

for number, path in zip(sys.argv[2::2], sys.argv[3::2]):
    width, path = int(number), os.path.join(sys.argv[1], path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pixels = zlib.compress((b"\0" + bytes((255 - width, 0, 0)) * width) * 8)
    head = struct.pack(">IIBBBBB", width, 8, 8, 2, 0, 0, 0)
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
END
}

# What a page says of itself when it is loaded, a line each: the width of each [id] and of its
# background, and what it took from elsewhere than this disk.
probe() {
  cat <<'END'
<pre id=seen></pre><script>
const lines = [];
const note = line => { lines.push(line); document.getElementById('seen').textContent = lines.join('\n'); };
const background = e => {
  const url = getComputedStyle(e).backgroundImage.match(/^url\("(.*)"\)$/);
  if (!url) return;
  const image = new Image();
  image.onload = () => note('behind ' + e.id + ' ' + image.width);
  image.src = url[1];
};
addEventListener('message', e => note(e.data));
addEventListener('load', () => {
  for (const e of document.querySelectorAll('[id]:not(#seen)')) {
    note(e.id + ' ' + (e.naturalWidth || e.getBoundingClientRect().width));
    background(e);
  }
  for (const r of performance.getEntriesByType('resource'))
    if (!/^(file|data):/.test(r.name)) note('network ' + r.name);
});
</script>
END
}

# The page as the browser has it in the end, to stdout; no host has an address. Time is the page's
# own: the browser waits until nothing is to come.
browse() { # FILE
  local path
  path=$(realpath "$1")
  timeout 100 "$BROWSER" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
    --disable-background-networking --host-resolver-rules='MAP * ~NOTFOUND' --virtual-time-budget=20000 \
    --user-data-dir="$BATS_TEST_TMPDIR/browser" --dump-dom \
    "file://$(sed 's/%/%25/g; s/?/%3F/g; s/#/%23/g' <<<"$path")" 3>&- 2>"$BATS_TEST_TMPDIR/browser.log"
}

# What the page says of itself, in any order, and nginx was asked for nothing.
assert_shown() { # FILE LINE...
  local seen
  : >"$NGINX_LOG"
  seen=$(browse "$1" | sed -n '/<pre id="seen">/,/<\/pre>/p' | sed 's/<[^>]*>//g; /^$/d' | sort)
  [ "$seen" = "$(printf '%s\n' "${@:2}" | sort)" ] || {
    diff <(printf '%s\n' "${@:2}" | sort) - <<<"$seen"
    tail -n 5 "$BATS_TEST_TMPDIR/browser.log"
    return 1
  }
  [ ! -s "$NGINX_LOG" ] || { cat "$NGINX_LOG"; return 1; }
}

@test "a page and all it names, of names that must be quoted, is shown from the disk" {
  pictures 1 as/w1.png 2 as/w2.png 102 as/big.png 3 as/w3.png 4 as/w4 5 'as/a?b.png' 6 'as/50%.png' 7 'as/s p.png' \
    8 as/größe.png 9 'as/#9.png' 10 'as/a+b&c.png' 11 'as/x;y.png' 12 'as/a:b.png' 13 'as/(13).png' 14 "as/o'clock.png" \
    15 as/15,.png 16 as/poster.png 17 as/button.png 18 as/inline.png 19 as/style.png 20 'as/"20".png' 21 as/body.png \
    22 as/cell.png
  site deep/dir/page.html < <(
    cat <<'END'
<!DOCTYPE html><html><head><meta charset=utf-8><base href="/as/" target=_self><title>page</title>
<script src=js/app.js?x=/y></script><link rel=preload as=image imagesrcset="w1.png 1x, w2.png 2x">
<style>@import "css/inline.css"; #c19 { content: url(style.png) }</style></head>
<body id=body background=body.png style="width: 700px"><img id=i1 src=w1.png><img id=i2 src=nothing.png srcset="w2.png 1x, big.png 2x">
<picture><source srcset="w3.png 1x" media="(min-width: 1px)"><img id=i3 src=w1.png></picture>
<img id=i4 src=w4><img id=i5 src="a%3Fb.png"><img id=i6 src=50%25.png><img id=i7 src="s p.png"><img id=i8 src=größe.png>
<img id=i9 src=%239.png#frag><img id=i10 src="a+b&amp;c.png"><img id=i11 src="x;y.png"><img id=i12 src="./a:b.png">
<img id=i13 src="(13).png"><img id=i14 src="o'clock.png"><img id=i15 srcset="15,.png 1x">
<video id=i16 poster=poster.png></video><input id=i17 type=image src=button.png>
<b id=c18 style="content: url('inline.png'); background: url(&quot;(13).png&quot;)"></b><b id=c19></b>
<b id=c20 style='background: url(\"20\".png); content: url("\"20\".png")'></b>
<table><td id=cell background=cell.png style="padding: 0; width: 50px"></table>
END
    probe
  )
  site as/css/inline.css <<<'td { border-left: 7px solid }'
  site as/nothing.png <<<x
  site as/js/app.js <<'END'
addEventListener('load', () => note('app ' + getComputedStyle(cell).borderLeftWidth));
END
  fetch -p --convert-links "$URL/deep/dir/page.html?id=1&lang=en"
  assert_status 0
  assert_quiet
  assert_shown "$HOST/deep/dir/page.html?id=1&lang=en.html" "app 7px" {i1\ 1,i2\ 2,i3\ 3,i4\ 4,i5\ 5,i6\ 6,i7\ 7,i8\ 8} \
    {i9\ 9,i10\ 10,i11\ 11,i12\ 12,i13\ 13,i14\ 14,i15\ 15,i16\ 16,i17\ 17,c18\ 18,c19\ 19,c20\ 20} \
    "body 700" "behind body 21" "behind c18 13" "behind c20 20" "cell 57" "behind cell 22"
}

@test "style sheets that import one another, and what they show" {
  pictures 1 css/1.png 2 css/sub/2.png 3 css/3.png 4 css/4.png 5 img/5.png
  site index.html < <(
    echo '<link rel=stylesheet href="css/main%20sheet.css?v=1%202"><b id=c1></b><b id=c2></b><b id=c3></b><b id=c4></b><p id=p></p>'
    probe
  )
  site 'css/main sheet.css' <<'END'
@charset "utf-8"; @import "sub/imported.css"; @import url('second.css?a=b') screen; @import url(loop.css) layer(x);
#c1 { content: url("1.png") } #c3 { content: image-set("3.png" 1x, url(sub/2.png) 2x) }
#c4 { background: -webkit-image-set('4.png' 1x), url(/img/5.png); content: url(4.png) }
END
  site css/sub/imported.css <<<'#c2 { content: url(2.png) } p { width: 123px }'
  site css/second.css <<<'p { background: url(../img/5.png) } @media print { p { background: url(print.png) } }'
  site css/loop.css <<<'@import "main%20sheet.css?v=1%202"; @import "loop.css";'
  site css/print.png <<<x
  fetch -p --convert-links "$URL/"
  assert_status 0
  assert_shown "$HOST/index.html" c{1\ 1,2\ 2,3\ 3,4\ 4} "p 123" "behind p 5"
}

@test "frames, and a drawing with a picture, a style and a script of its own" {
  pictures 1 frame/1.png 2 svg/2.png
  site index.html < <(
    echo '<iframe src="frame/in.html?a=b"></iframe><object data=svg/drawing.svg></object>'
    probe
  )
  site frame/in.html <<<'<link rel=stylesheet href="in.css?1"><img id=f src=1.png><script src=in.js></script>'
  site frame/in.css <<<'img { border-left: 100px solid }'
  site frame/in.js <<'END'
onload = () => parent.postMessage('frame ' + f.naturalWidth + ' ' + getComputedStyle(f).borderLeftWidth, '*');
END
  site svg/drawing.svg <<'END'
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50">
<style>@import "drawing.css";</style><image id="p" xlink:href="2.png"/><script xlink:href="drawing.js"/></svg>
END
  site svg/drawing.css <<<'image { x: 7px }'
  site svg/drawing.js <<'END'
const p = document.getElementById('p');
onload = () => parent.postMessage('drawing ' + p.getBBox().width + ' ' + getComputedStyle(p).x, '*');
END
  fetch -p --convert-links "$URL/"
  assert_status 0
  assert_shown "$HOST/index.html" "frame 1 100px" "drawing 2 7px"
}

@test "recursion: from page to page by its links, each with what it shows" {
  pictures 1 img/1.png 2 img/2.png 3 img/3.png
  # Goes on when its picture is there.
  site walk.js <<'END'
onload = () => { if (document.images[0].naturalWidth == document.images[0].alt) document.links[0].click(); };
END
  site index.html <<<'<title>1</title><script src=walk.js></script><img alt=1 src=img/1.png><a href="a/?x=1&amp;y=%2F#here">on</a>'
  site a/index.html <<<'<title>2</title><script src=../walk.js></script><img alt=2 src=/img/2.png><a href="/b%20c/last.html#here">on</a>'
  site 'b c/last.html' < <(
    echo '<title>3</title><style>:target { width: 33px }</style><p id=here></p><img id=i src=../img/3.png><a href=/>home</a>'
    probe
  )
  fetch --recursive --convert-links "$URL/"
  assert_status 0
  assert_shown "$HOST/index.html" "here 33" "i 3"
}

@test "the developer tools open what --har writes: redirects, a login, a form, TLS, what was coded or broke off" {
  seq 1 5000 >"$SITE/numbers.txt"
  fetch --har redirect.har "$URL/redirect/chain/1"
  fetch --har login.har -u ada:lovelace --anyauth "$URL/auth/numbers.txt"
  fetch --har form.har -d 'a=b&c=d' "$URL/echo-body"
  fetch --har tls.har --cacert "$NGINX_CA" "https://localhost:$NGINX_HTTPS/numbers.txt"
  fetch --har coded.har --compressed "$URL/gz/numbers.txt"
  fetch --har broken.har "$URL/empty-reply"
  fetch --har none.har --cache "$PWD/cache" http://127.0.0.1:1/
  run timeout 100 python3 "$BATS_TEST_DIRNAME/devtools.py" "$BROWSER" "$BATS_TEST_TMPDIR/browser" \
    {redirect,login,form,tls,coded,broken,none}.har 3>&-
  assert_success
  coded=$(jq '.log.entries[0].response | .bodySize + .headersSize' coded.har)
  [ "$(cut -d' ' -f1-4 <<<"$output")" = "GET $URL/redirect/chain/1 302 text/html
GET $URL/redirect/chain/ 302 text/html
GET $URL/target 200 application/octet-stream
GET $URL/auth/numbers.txt 401 text/html
GET $URL/auth/numbers.txt 200 text/plain
POST $URL/echo-body 200 application/octet-stream
GET https://localhost:$NGINX_HTTPS/numbers.txt 200 text/plain
GET $URL/gz/numbers.txt 200 text/plain
GET $URL/empty-reply 0 " ] || { echo "$output"; return 1; }
  assert_line --regexp "^GET $URL/gz/numbers.txt 200 text/plain 23893 $coded "
  assert_line --regexp "^POST $URL/echo-body 200 application/octet-stream 7 "
}
