#!/usr/bin/env bats
# What must not happen: passwords in the open, answers from before TLS, hostile names and sizes.

load imapls

setup() { imapls_setup; }
teardown() { peer_stop; }

@test "NO on login is 77" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: A003 UID FETCH *
C: A004 LOGOUT
S: A001 NO [AUTHENTICATIONFAILED] no such user
S: A002 BAD what
S: A003 BAD what
S: * BYE
S: A004 OK
END
  ls_it "$URL/INBOX"
  assert_status 77
  assert_error "the login was refused"
  peer_wait
}

@test "LOGINDISABLED without TLS is 77, and no password leaves" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready
C: A001 LOGOUT
S: * BYE
S: A001 OK
END
  ls_it "$URL/INBOX"
  assert_status 77
  assert_error "nothing was sent"
  peer_wait
}

@test "PREAUTH where TLS is required is 76" {
  play <<'END'
S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello
C: A001 LOGOUT
S: * BYE
S: A001 OK
END
  ls_it --tls require "$URL/INBOX"
  assert_status 76
  peer_wait
}

@test "no STARTTLS where TLS is required is 77" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] hello
C: A001 LOGOUT
S: * BYE
S: A001 OK
END
  ls_it --tls require "$URL/INBOX"
  assert_status 77
  peer_wait
}

@test "data behind STARTTLS's OK is 76" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello
C: A001 STARTTLS
S: A001 OK begin
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
[close]
END
  ls_it "$URL/INBOX"
  assert_status 76
}

@test "STARTTLS: what was announced before is asked for again" {
  peer_certificate
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello
C: A001 STARTTLS
S: A001 OK begin
[tls]
C: A002 CAPABILITY
S: * CAPABILITY IMAP4rev1
S: A002 OK
C: A003 LOGIN *
S: A003 OK [CAPABILITY IMAP4rev1] in
C: A004 LIST "" "*"
S: A004 OK
C: A005 LOGOUT
S: * BYE
S: A005 OK
END
  ls_it --cacert "$PEER_CERT" -1 "imap://alice:sesame@localhost:$PEER_PORT/"
  assert_status 0
  peer_wait
}

@test "BYE is 75; with a code that says for good, 69" {
  play <<<'S: * BYE come back later'
  ls_it "$URL/"
  assert_status 75
  play <<<'S: * BYE [CONTACTADMIN] you are banned'
  ls_it "$URL/"
  assert_status 69
}

@test "no such mailbox is 66, no such unique id too, another UIDVALIDITY too" {
  local reply
  for reply in 'A002 NO [NONEXISTENT] none' 'A002 NO none'; do
    play <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "Nope"
C: *
C: A004 LOGOUT
S: A001 OK
S: $reply
S: A003 BAD
S: * BYE
S: A004 OK
END
    ls_it "$URL/Nope"
    assert_status 66
    peer_wait
  done
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: *
C: A004 LOGOUT
S: A001 OK
S: * OK [UIDVALIDITY 5] now
S: A002 OK
S: A003 OK
S: * BYE
S: A004 OK
END
  ls_it "$URL/INBOX;UIDVALIDITY=4;UID=9"
  assert_status 66
  assert_error "UIDVALIDITY 5"
}

# announced ITEM SIZE ARGUMENT...: a FETCH that says so, and then hardly anything
announced() {
  local item=$1 size=$2
  shift 2
  play <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: *
C: A004 LOGOUT
S: A001 OK
S: A002 OK
S: * 1 FETCH (UID 1 $item {$size}
S: few
[close]
END
  # The sanitizers reserve more than any limit would leave.
  case $PROGRAM in *-san/*) ;; *) ulimit -v 400000 ;; esac
  ls_it "$@" "$URL/INBOX;UID=1"
}

@test "4 GiB announced, or more than is decoded: nothing is allocated or waited for, 76" {
  announced 'BODY[]' 4294967296
  assert_status 76
  announced 'BODY[]' 4294967296 --raw
  assert_status 76
  announced 'BODY[]' 100000000
  assert_status 76
  assert_error 'see --raw'
  announced 'INTERNALDATE' 100000000
  assert_status 76
  # As it is, a message of any size is passed on: the end of input is what is wrong here.
  announced 'BODY[]' 4294967295 --raw
  assert_status 75
  announced 'BODY[]' 60000000
  assert_status 75
}

@test "a literal's size that is none, and a line that never ends: 76" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: *
C: A004 LOGOUT
S: A001 OK
S: A002 OK
S: * 1 FETCH (UID 1 BODY[] {99999999999999999999}
[close]
END
  ls_it "$URL/INBOX;UID=1"
  assert_status 76
}

@test "CR, LF and NUL in arguments are 64" {
  local bad
  for bad in 'imap://h/a%0d%0ab' 'imap://h/a%00b' 'imap://h/INBOX?ALL%0a'; do
    ls_it -u a:b "$bad"
    assert_status 64
  done
  # Before anything is sent: nobody listens there.
  for bad in --search --from --subject --since --rename --copy-to --move-to; do
    ls_it -u a:b $bad $'ALL\r\nA9 LOGOUT' 'imap://127.0.0.1:1/INBOX?ALL'
    assert_status 64
    ls_it -u a:b $bad $'\xff' 'imap://127.0.0.1:1/INBOX?ALL'
    assert_status 64
  done
  for bad in $'+\\Seen\n' '+a b' '+' '-\*'; do
    ls_it -u a:b --mark "$bad" 'imap://127.0.0.1:1/INBOX?ALL'
    assert_status 64
  done
  ls_it -u a:b --raw --part $'1]\n' 'imap://127.0.0.1:1/INBOX;UID=1'
  assert_status 64
}

@test "CR and LF in a user's name or password are 64, and nothing of them is sent" {
  local who
  for who in $'al\nice:x' $'alice:se\r\nsame'; do
    play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
[eof]
END
    ls_it -u "$who" "imap://$HOST/"
    assert_status 64
    peer_wait
  done
}

@test "a mailbox name with quotes, backslashes, spaces and more is fine" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "a \\"b\\" \\\\ &AOQ-"
C: *
C: A004 LOGOUT
S: A001 OK
S: A002 OK
S: A003 OK
S: * BYE
S: A004 OK
END
  ls_it "$URL/a%20%22b%22%20%5c%20%C3%A4"
  assert_status 0
  peer_wait
}

@test "attachment names from a server are made safe, and nothing is replaced" {
  cat >letter <<'END'
From: x@example.net
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

hello
--b
Content-Type: application/octet-stream; name="../../evil"
Content-Disposition: attachment; filename="../../evil"

one
--b
Content-Disposition: attachment; filename="/etc/.passwd"

two
--b
Content-Disposition: attachment; filename=""

three
--b
Content-Disposition: attachment; filename="evil"

four
--b
Content-Disposition: attachment; filename="/dev/null"

five
--b
Content-Disposition: attachment; filename="-rf"

six
--b
Content-Disposition: attachment; filename=".."

seven
--b
Content-Disposition: attachment; filename="CON\\..\\a b"

eight
--b--
END
  sed -i 's/$/\r/' letter
  { cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: *
C: A004 LOGOUT
S: A001 OK
S: A002 OK
S: * 1 FETCH (UID 1 BODY[] {$(wc -c <letter)}
END
    tr -d '\r' <letter | sed 's/\\/\\\\/g; s/^/S: /; s/^S: $/S:/'
    echo 'S: )'; echo 'S: A003 OK'; echo 'S: * BYE'; echo 'S: A004 OK'; } >dialogue
  mkdir there
  echo mine >there/evil
  peer_start dialogue
  ls_it --save-attachments there "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX;UID=1"
  assert_status 0
  [ "$(cat there/evil)" = mine ]
  [ "$(tr -d '\r' <there/evil.1)" = one ]
  [ "$(tr -d '\r' <there/passwd)" = two ]
  [ "$(tr -d '\r' <there/evil.2)" = four ]
  [ "$(tr -d '\r' <there/null)" = five ]
  [ "$(tr -d '\r' <there/rf)" = six ]
  [ "$(find there -type f | wc -l)" = 9 ]
  [ -z "$(find there -name '[-.]*' -o -name '*[/\\]*')" ]
  [ ! -e ../evil ]
}
