#!/usr/bin/env bats
# TLS and AUTH: what is sent when, and what is never sent.

load smtpsend
bats_require_minimum_version 1.5.0

setup() {
  D=$BATS_TEST_TMPDIR/dialogue
  cd "$BATS_TEST_TMPDIR" || return 1
}
teardown() { peer_stop; }

tls_peer() { # DIALOGUE
  peer_certificate
  peer_start "$1" --cert "$PEER_CERT" --key "$PEER_KEY"
}

transaction() {
  cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
  letter_lines
  echo 'C: .'
  echo 'S: 250 taken'
  closing
}

# PLAIN for alice with the password "wonder land".
PLAIN=AGFsaWNlAHdvbmRlciBsYW5k

@test "STARTTLS when it is offered; what was announced before is forgotten" {
  { opening STARTTLS 'SIZE 10'; cat <<'END'
C: STARTTLS
S: 220 go ahead
[tls]
C: EHLO client.example.org
S: 250 mail.example.net
END
    transaction; } >"$D"
  tls_peer "$D"
  letter | send --cacert "$PEER_CERT" bob@example.net
  peer_wait
}

@test "--tls off: no STARTTLS" {
  { opening STARTTLS; transaction; } >"$D"
  peer_start "$D"
  letter | send --tls off bob@example.net
  peer_wait
}

@test "smtps: TLS from the first byte" {
  { echo '[tls]'; opening; transaction; } >"$D"
  tls_peer "$D"
  letter | smtpsend --server "smtps://127.0.0.1:$PEER_PORT" --cacert "$PEER_CERT" bob@example.net
  peer_wait
}

@test "--tls require and no STARTTLS: 77, nothing sent" {
  { opening; closing; } >"$D"
  peer_start "$D"
  run -77 send --tls require bob@example.net < <(letter)
  peer_wait
  [[ $output == *STARTTLS* ]]
}

@test "STARTTLS refused for now: 75" {
  { opening STARTTLS; printf 'C: STARTTLS\nS: 454 4.7.0 not now\n'; closing; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  peer_wait
}

@test "words after the STARTTLS reply are an injection: 76, nothing of them used" {
  { opening STARTTLS; printf 'C: STARTTLS\nS: 220 go\nS: 250 AUTH PLAIN\n[eof]\n'; } >"$D"
  peer_start "$D"
  run -76 send -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
}

@test "a certificate nobody vouches for: 76" {
  { opening STARTTLS; printf 'C: STARTTLS\nS: 220 go\n[tls]\n'; } >"$D"
  tls_peer "$D"
  run -76 send bob@example.net < <(letter)
}

@test "a certificate for another name: 76" {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=other.example -addext subjectAltName=DNS:other.example \
    -keyout "$BATS_TEST_TMPDIR/k.pem" -out "$BATS_TEST_TMPDIR/c.pem" 2>/dev/null
  { opening STARTTLS; printf 'C: STARTTLS\nS: 220 go\n[tls]\n'; } >"$D"
  peer_start "$D" --cert "$BATS_TEST_TMPDIR/c.pem" --key "$BATS_TEST_TMPDIR/k.pem"
  run -76 send --cacert "$BATS_TEST_TMPDIR/c.pem" bob@example.net < <(letter)
}

@test "AUTH PLAIN with its initial response, masked in the trace" {
  { opening 'AUTH LOGIN PLAIN'; printf 'C: AUTH PLAIN %s\nS: 235 2.7.0 welcome\n' "$PLAIN"; transaction; } >"$D"
  peer_start "$D"
  letter | send -v -u 'alice:wonder land' bob@example.net 2>trace
  peer_wait
  grep -qx 'C: AUTH PLAIN \*\*\*\*' trace
  run ! grep -q "$PLAIN" trace
}

@test "AUTH LOGIN" {
  { opening 'AUTH LOGIN'; cat <<'END'
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YWxpY2U=
S: 334 UGFzc3dvcmQ6
C: d29uZGVyIGxhbmQ=
S: 235 ok
END
    transaction; } >"$D"
  peer_start "$D"
  letter | send -u 'alice:wonder land' bob@example.net
  peer_wait
}

@test "AUTH CRAM-MD5 goes before PLAIN, and needs no TLS" {
  { opening 'AUTH PLAIN CRAM-MD5'; cat <<'END'
C: AUTH CRAM-MD5
S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
S: 235 ok
END
    transaction; } >"$D"
  peer_start "$D"
  letter | send -u tim:tanstaaftanstaaf bob@example.net
  peer_wait
}

@test "SCRAM-SHA-256 is the strongest offered" {
  { opening 'AUTH PLAIN SCRAM-SHA-1 LOGIN SCRAM-SHA-256 CRAM-MD5'; cat <<'END'
C: AUTH SCRAM-SHA-256 *
S: 535 5.7.8 no
END
    closing; } >"$D"
  peer_start "$D"
  run -77 send -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
}

@test "XOAUTH2 and OAUTHBEARER with --oauth2-bearer" {
  { opening 'AUTH XOAUTH2'; printf 'C: AUTH XOAUTH2 %s\nS: 235 ok\n' \
    "$(printf 'user=alice@example.org\001auth=Bearer token\001\001' | base64 -w0)"; transaction; } >"$D"
  peer_start "$D"
  letter | send -u alice@example.org --oauth2-bearer token bob@example.net
  peer_wait
  { opening 'AUTH XOAUTH2 OAUTHBEARER'; printf 'C: AUTH OAUTHBEARER *\nS: 235 ok\n'; transaction; } >"$D"
  peer_start "$D"
  letter | send -u alice@example.org --oauth2-bearer token bob@example.net
  peer_wait
}

@test "a token that the password command prints, where --auth asks for one" {
  { opening 'AUTH PLAIN XOAUTH2'; printf 'C: AUTH XOAUTH2 %s\nS: 235 ok\n' \
    "$(printf 'user=alice@example.org\001auth=Bearer token\001\001' | base64 -w0)"; transaction; } >"$D"
  peer_start "$D"
  letter | send -u alice@example.org --auth xoauth2 --password-command 'echo token' bob@example.net
  peer_wait
}

@test "--auth names the mechanism" {
  { opening 'AUTH PLAIN CRAM-MD5'; printf 'C: AUTH PLAIN %s\nS: 235 ok\n' "$PLAIN"; transaction; } >"$D"
  peer_start "$D"
  letter | send --auth plain -u 'alice:wonder land' bob@example.net
  peer_wait
}

@test "a refused password: 77, the server's words, nothing sent" {
  { opening 'AUTH PLAIN'; printf 'C: AUTH PLAIN %s\nS: 535 5.7.8 wrong\n' "$PLAIN"; closing; } >"$D"
  peer_start "$D"
  run -77 send -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
  [[ $output == *'535 5.7.8 wrong'* ]]
}

@test "authentication not now (454): 75" {
  { opening 'AUTH PLAIN'; printf 'C: AUTH PLAIN %s\nS: 454 4.7.0 later\n' "$PLAIN"; closing; } >"$D"
  peer_start "$D"
  run -75 send -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
}

@test "a user, and no AUTH offered: 77" {
  { opening; closing; } >"$D"
  peer_start "$D"
  run -77 send -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
}

@test "the password command, the URL and the netrc are asked" {
  { opening 'AUTH PLAIN'; printf 'C: AUTH PLAIN %s\nS: 235 ok\n' "$PLAIN"; transaction; } >"$D"
  peer_start "$D"
  letter | send -u alice --password-command 'echo wonder land' bob@example.net
  peer_wait
  peer_start "$D"
  letter | smtpsend --server "smtp://alice:wonder%20land@127.0.0.1:$PEER_PORT" bob@example.net
  peer_wait
  printf 'machine 127.0.0.1 login alice password "wonder land"\n' >netrc
  chmod 600 netrc
  peer_start "$D"
  letter | "$PARLEY_BIN/smtpsend" --no-config --netrc-file netrc --domain client.example.org \
    --server "smtp://127.0.0.1:$PEER_PORT" bob@example.net
  peer_wait
}

@test "a password that fails to come: 77, and nobody is connected to" {
  run -77 smtpsend --server smtp://127.0.0.1:1 -u alice --password-command false bob@example.net < <(letter)
}

@test "a password and no TLS: 77, the password stays here; --plaintext-login lets it go" {
  address=$(hostname -I | tr ' ' '\n' | grep -m1 '^[0-9.]*$') || skip "only the loopback here"
  { opening 'AUTH PLAIN LOGIN'; closing; } >"$D"
  peer_start "$D" --bind "$address"
  run -77 smtpsend --server "smtp://$address:$PEER_PORT" -u 'alice:wonder land' bob@example.net < <(letter)
  peer_wait
  [[ $output == *--plaintext-login* ]]
  { opening 'AUTH PLAIN'; printf 'C: AUTH PLAIN %s\nS: 235 ok\n' "$PLAIN"; transaction; } >"$D"
  peer_start "$D" --bind "$address"
  letter | smtpsend --server "smtp://$address:$PEER_PORT" -u 'alice:wonder land' --plaintext-login bob@example.net
  peer_wait
}

@test "SCRAM's proof that the server knows the password is asked for: 76 without it" {
  { opening 'AUTH SCRAM-SHA-256'; printf 'C: AUTH SCRAM-SHA-256 *\nS: 235 welcome\n'; } >"$D"
  peer_start "$D"
  run -76 send -u 'alice:wonder land' bob@example.net < <(letter)
}
