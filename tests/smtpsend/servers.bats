#!/usr/bin/env bats
# Real servers: Postfix (STARTTLS, SASL by Dovecot, CHUNKING, SMTPUTF8, DSN) delivers into a
# Maildir, Dovecot by LMTP. What is sent arrives byte for byte.

load smtpsend
load ../servers/servers
bats_require_minimum_version 1.5.0

setup_file() {
  [ "$(id -u)" -eq 0 ] || return 0
  server_start postfix
}

teardown_file() {
  [ "$(id -u)" -eq 0 ] || return 0
  server_stop postfix
}

setup() {
  [ "$(id -u)" -eq 0 ] || skip "Postfix wants root"
  rm -rf "${POSTFIX_MAIL:?}"/*
  cd "$BATS_TEST_TMPDIR" || return 1
}

postfix() { # as nobody in particular
  smtpsend --cacert "$POSTFIX_CA" --server "smtp://127.0.0.1:$POSTFIX_SMTP" "$@"
}

submit() {
  smtpsend --cacert "$POSTFIX_CA" --server "submission://127.0.0.1:$POSTFIX_SUBMISSION" -u ada:lovelace "$@"
}

# Waits for one message for USER and prints it without the lines that delivery added.
arrived() { # USER
  local tries=0 file
  until file=$(find "$POSTFIX_MAIL/$1/new" -type f 2>/dev/null | grep .); do
    [ $((tries += 1)) -lt 1000 ] || return 1
    sleep 0.05
  done
  # The fields before the first that we sent: Return-Path, Delivered-To, Received.
  sed '1,/^X-First: /{/^X-First: /!d}' "$file"
}

first_letter() {
  echo 'X-First: yes'
  letter
}

@test "a message arrives byte for byte by BDAT, by DATA and without PIPELINING" {
  { first_letter; printf '.\n..\n.dot\nfrom here\nFrom there\n\n\ntrailing  \ngrüße\n'; } >sent
  for options in '' --no-chunking '--no-chunking --no-pipelining' '--no-pipelining'; do
    rm -rf "${POSTFIX_MAIL:?}"/*
    # shellcheck disable=SC2086 # several options
    postfix $options bob@example.net <sent
    arrived bob | cmp - sent
  done
}

@test "CRLF input arrives the same, a last line without an end gets one" {
  first_letter >want
  first_letter | sed 's/$/\r/' | head -c -2 | postfix bob@example.net
  arrived bob | cmp - want
}

@test "a message of 20 MB arrives whole" {
  { first_letter; base64 -w76 </dev/urandom | head -c 20000000; echo; } >sent
  postfix bob@example.net <sent
  postfix --no-chunking carol@example.net < <(cat sent)
  arrived bob | cmp - sent
  arrived carol | cmp - sent
}

@test "submission: STARTTLS, then every mechanism that is offered" {
  for mech in plain login cram-md5 scram-sha-1 scram-sha-256; do
    first_letter | submit --auth $mech bob@example.net
  done
  [ "$(grep -c 'sasl_username=ada' "$POSTFIX_LOG")" -ge 5 ]
}

@test "submission: the strongest offered is chosen, a wrong password is 77" {
  first_letter | submit -v bob@example.net 2>trace
  grep -q 'C: AUTH SCRAM-SHA-256' trace
  run -77 submit -u ada:wrong bob@example.net < <(first_letter)
  [[ $output == *535* ]]
}

@test "implicit TLS" {
  first_letter | smtpsend --cacert "$POSTFIX_CA" --server "smtps://ada:lovelace@127.0.0.1:$POSTFIX_SMTPS" bob@example.net
  arrived bob | grep -q ketchup
}

@test "an unknown recipient: 67, the other gets it" {
  run -67 postfix nobody@example.net bob@example.net < <(first_letter)
  [[ $output == *'550 5.1.1 <nobody@example.net>'* ]]
  arrived bob | grep -q ketchup
}

@test "SIZE: too large is refused before anything is sent" {
  run -69 postfix bob@example.net < <(first_letter; head -c 100000000 /dev/zero | tr '\0' a | fold -w 76)
  [[ $output == *'at most 100000000'* ]]
}

@test "SMTPUTF8: an address and a header" {
  { first_letter | sed '/^$/q' | sed '$d'; printf 'X-Umlaut: grüße\n\nx\n'; } >sent
  postfix jürgen@example.net <sent
  arrived jürgen | cmp - sent
}

@test "DSN: the report that was asked for comes, and calls the message as we did" {
  first_letter | postfix -f ada@example.net -N success -R hdrs --envid 'letter+1=a b' bob@example.net
  arrived_whole ada >report
  grep -qi '^Original-Envelope-Id: letter+1=a b' report
  grep -qi '^Action: delivered' report
  grep -q '^Message-ID: <1@example.org>' report
  run ! grep -q ketchup report
}

@test "LMTP to Dovecot: an answer for each recipient" {
  first_letter >sent
  run -67 --separate-stderr smtpsend --jsonl --server "lmtp://127.0.0.1:$DOVECOT_LMTP" bob carol nobody <sent
  [[ ${lines[0]} == *'"address":"bob","code":250'*'"sent":true'* ]]
  [[ ${lines[2]} == *'"code":550'*'"accepted":false'* ]]
  arrived bob | cmp - sent
  arrived carol | cmp - sent
}

@test "100 messages on one connection arrive, each once" {
  for i in $(seq 100); do first_letter | sed "s/ketchup/number $i./" >"m$i"; done
  args=()
  for i in $(seq 100); do args+=(--message "m$i"); done
  postfix "${args[@]}" bob@example.net
  tries=0
  until [ "$(find "$POSTFIX_MAIL/bob/new" -type f | wc -l)" = 100 ]; do
    [ $((tries += 1)) -lt 1000 ]
    sleep 0.05
  done
  [ "$(cat "$POSTFIX_MAIL"/bob/new/* | grep -o 'number [0-9]*' | sort -u | wc -l)" = 100 ]
}

# ---- programs that call a sendmail ----

sendmail_link() { # a sendmail as they know it: one path, configured by smtpsend.conf
  export XDG_CONFIG_HOME=$PWD/config
  mkdir -p config/parley
  printf 'server = smtp://127.0.0.1:%s\ncacert = %s\n' "$POSTFIX_SMTP" "$POSTFIX_CA" >config/parley/smtpsend.conf
  ln -s "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/smtpsend" sendmail
}

@test "PHP's way: sendmail_path = smtpsend -t" {
  sendmail_link
  printf 'To: bob@example.net\r\nSubject: from PHP\r\nX-PHP: yes\r\n\r\nbody\r\n' |
    sh -c "'$PARLEY_BIN/smtpsend' -t -f ada@example.net"
  grep -q '^Subject: from PHP' <(arrived_whole bob)
}

@test "git send-email" {
  sendmail_link
  git init -q repo
  cd repo
  git config user.name Ada
  git config user.email ada@example.net
  echo one >file && git add file && git commit -qm 'First: grüße'
  git format-patch -q --root
  git send-email --quiet --confirm=never --suppress-cc=all --smtp-server "$BATS_TEST_TMPDIR/sendmail" \
    --from ada@example.net --to bob@example.net --cc carol@example.net --8bit-encoding=UTF-8 0001-*.patch
  cd "$BATS_TEST_TMPDIR"
  grep -q 'Subject:.*PATCH.*First' <(arrived_whole bob)
  grep -q '^+one' <(arrived_whole carol)
}

arrived_whole() {
  local tries=0
  until find "$POSTFIX_MAIL/$1/new" -type f 2>/dev/null | grep -q .; do
    [ $((tries += 1)) -lt 1000 ] || return 1
    sleep 0.05
  done
  cat "$POSTFIX_MAIL/$1"/new/*
}

@test "mutt" {
  sendmail_link
  echo 'a text' | HOME=$PWD mutt -F /dev/null -e "set sendmail='$PWD/sendmail -oem -oi' from=ada@example.net use_envelope_from=yes copy=no" \
    -s 'from mutt' -b carol@example.net bob@example.net
  grep -q 'Subject: from mutt' <(arrived_whole bob)
  grep -q 'a text' <(arrived_whole carol)
  run ! grep -qi '^bcc' <(arrived_whole carol)
}

@test "s-nail" {
  sendmail_link
  echo 'a text' | s-nail -:/ -Smta="file://$PWD/sendmail" -Sfrom=ada@example.net -s 'from s-nail' bob@example.net
  grep -q 'Subject: from s-nail' <(arrived_whole bob)
}

@test "cron's way: -FCronDaemon -i -B8BITMIME -oem" {
  sendmail_link
  printf 'From: "(Cron Daemon)" <ada@example.net>\nTo: bob@example.net\nSubject: Cron <ada@host> true\n\ndone\n' |
    ./sendmail -FCronDaemon -i -B8BITMIME -oem bob@example.net
  grep -q '^done' <(arrived_whole bob)
}

@test "-bs relays what a program says on stdin" {
  sendmail_link
  printf 'EHLO me\r\nMAIL FROM:<ada@example.net>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\nSubject: relayed\r\n\r\n..dot\r\n.\r\nMAIL FROM:<ada@example.net>\r\nRCPT TO:<nobody@example.net>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n' |
    ./sendmail -bs >answers
  grep -q '^250 2.0.0 relayed' answers
  grep -q '^550 5.1.1 <nobody@example.net>' answers
  grep -q '^221 ' answers
  grep -qx '\.dot' <(arrived_whole bob)
}

# ---- composing ----

# What delivery added is taken off: what is left begins with our From.
composed() { # USER [DIRECTORY FOR ATTACHMENTS]
  arrived_whole "$1" | sed '1,/^From: /{/^From: /!d}' | python3 "$BATS_TEST_DIRNAME/read_mail.py" "${2-.}"
}

long='Ein ausführlicher Betreff über Käse, Brötchen und Gemüse, der in keine einzelne Zeile passt: 世界, 🌍'

@test "a composed message arrives as python's email reads it: text, HTML, attachments, headers" {
  printf '<p>Grüße</p>\n' >page.html
  head -c 3000 /dev/urandom >'Bild für Ünal, das einen sehr langen Namen hat, länger als eine Zeile.png'
  : >leer.txt
  mkdir saved
  printf 'Grüße,\n.\nFrom here\n' | postfix -s "$long" -r 'Jürgen "J" Ä <ada@example.net>' --to 'Bob B. <bob@example.net>' \
    -c 'Käthe <carol@example.net>, ada@example.net' --html page.html --header 'X-Note: schön ist es auf der Welt zu sein' \
    --header 'Reply-To: Ünal <u@example.net>' -a 'Bild für Ünal, das einen sehr langen Namen hat, länger als eine Zeile.png' -a leer.txt
  run -0 composed bob saved
  [ "$output" = "Subject: $long
From: Jürgen J Ä <ada@example.net>
To: \"Bob B.\" <bob@example.net>
Cc: Käthe <carol@example.net>, ada@example.net
Reply-To: Ünal <u@example.net>
X-Note: schön ist es auf der Welt zu sein
multipart/mixed
  multipart/alternative
    text/plain 8bit 'Grüße,\n.\nFrom here\n'
    text/html 8bit '<p>Grüße</p>\n'
  image/png base64 file Bild für Ünal, das einen sehr langen Namen hat, länger als eine Zeile.png
  text/plain base64 file leer.txt" ]
  cmp saved/1 Bild*
  [ ! -s saved/2 ]
  composed carol | grep -q 'multipart/mixed'
}

@test "a server without any extension gets the same in quoted-printable" {
  printf '<p>Grüße</p>\n' >page.html
  printf 'Grüße,\n.\nFrom here\n' | postfix --no-ehlo -s "$long" -r ada@example.net --html page.html bob@example.net
  run -0 composed bob
  [ "$output" = "Subject: $long
From: ada@example.net
multipart/alternative
  text/plain quoted-printable 'Grüße,\n.\nFrom here\n'
  text/html quoted-printable '<p>Grüße</p>\n'" ]
}

@test "--body-type: what stdin is, and its charset" {
  echo '<p>Grüße</p>' | postfix --body-type text/html -r ada@example.net bob@example.net
  run -0 composed bob
  [[ $output == *"text/html 8bit '<p>Grüße</p>"* ]]
  printf 'Gr\374\337e\n' | postfix --body-type 'text/plain; charset=iso-8859-1' -r ada@example.net carol@example.net
  run -0 composed carol
  [[ $output == *"text/plain 8bit 'Grüße"* ]]
}

@test "--mbox and --message together, one of them refused: each has its fate" {
  { printf 'From a\nSubject: one\n\none\n\nFrom a\nSubject: two\nTo: nobody@example.net\n\n>From two\n'; } >box
  printf 'Subject: three\nTo: carol@example.net\n\nthree\n' >m3
  sed -i 's/^Subject: one/&\nTo: bob@example.net/' box
  run -67 --separate-stderr postfix --jsonl -t -f ada@example.net --mbox box --message m3
  [[ ${lines[1]} == *'"box:1"'*'"status":0,'* ]]
  [[ ${lines[3]} == *'"box:2"'*'"status":67,'* ]]
  [[ ${lines[5]} == *'"m3"'*'"status":0,'* ]]
  arrived_whole bob | grep -q '^Subject: one'
  arrived_whole carol | grep -q '^Subject: three'
}

@test "libcurl sends the same message, and the same arrives" {
  first_letter >sent
  sed 's/$/\r/' sent | curl -s --url "smtp://127.0.0.1:$POSTFIX_SMTP/client.example.org" --mail-from alice@example.org \
    --mail-rcpt bob@example.net -T -
  postfix carol@example.net <sent
  arrived bob >by-curl
  arrived carol | cmp - by-curl
}

@test "nothing is left behind" {
  run ! grep -E 'fatal|panic' "$POSTFIX_LOG"
}
