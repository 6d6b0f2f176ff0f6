#!/usr/bin/env bats
# By hand and by script: IMAP's own verbs with tags, and the friendly ones.
# shellcheck disable=SC2154 # status, output, stderr are bats's

load imapls

setup() { imapls_setup; }
teardown() { peer_stop; }

@test "verbs get tags, and the dialogue is shown" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 NOOP
S: A001 OK done
C: A002 FETCH 1:* (FLAGS)
S: * 1 FETCH (FLAGS (\\Seen))
S: A002 OK done
C: A003 X-OWN verb
S: A003 OK done
C: A004 LOGOUT
S: * BYE
S: A004 OK
END
  ls_it --execute 'noop; Fetch 1:* (FLAGS); raw X-OWN verb; quit' "imap://$HOST/"
  assert_status 0
  assert_line 'C: A001 NOOP'
  assert_line 'S: * 1 FETCH (FLAGS (\\Seen))'
  peer_wait
}

@test "login by hand, ls, cd, mkdir; the script stops at the first failure with its status" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN "bob" "secret"
S: A001 OK [CAPABILITY IMAP4rev1 LIST-STATUS MOVE UIDPLUS] in
C: A002 LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN))
S: * LIST () "/" INBOX
S: * STATUS INBOX (MESSAGES 3 UNSEEN 0)
S: A002 OK
C: A003 EXAMINE "INBOX"
S: * 3 EXISTS
S: A003 OK
C: A004 CREATE "Box"
S: A004 OK
C: A005 SELECT "INBOX"
S: A005 OK
C: A006 UID MOVE 3:4,7 "Box"
S: A006 OK
C: A007 SELECT nope
S: A007 NO [NONEXISTENT] nope
C: A008 LOGOUT
S: * BYE
S: A008 OK
END
  ls_it --execute 'login bob secret; ls; cd INBOX; mkdir Box; mv 3,4,7 Box; select nope; noop' "imap://$HOST/"
  assert_status 66
  assert_line $'INBOX\t3\t0\t'
  [[ $stderr != *secret* && $output != *secret* ]]
  peer_wait
}

@test "logout is IMAP's quit" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 NOOP
S: A001 OK
C: A002 LOGOUT
S: * BYE
S: A002 OK
END
  ls_it --execute 'noop; LOGOUT; noop' "imap://$HOST/"
  assert_status 0
  peer_wait
}

@test "a literal can't be typed" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGOUT
S: * BYE
S: A001 OK
END
  ls_it --execute 'append INBOX {5}' "imap://$HOST/"
  assert_status 64
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGOUT
S: * BYE
S: A001 OK
END
  ls_it --execute 'raw APPEND INBOX {5}' "imap://$HOST/"
  assert_status 64
  peer_wait
}
