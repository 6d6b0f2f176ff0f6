#!/bin/sh
# A real Dovecot for one test file, on free ports of the loopback: mail comes in by LMTP, goes
# out by POP3 and IMAP; it also answers a Postfix that asks it who may log in.
#   dovecot.sh start DIR [ROOM]   writes DIR/env (shell variables), then returns once it listens
#   dovecot.sh stop DIR           stops it and removes DIR and ROOM
# ROOM is a directory that the user nobody can enter, who owns the mail; one is made if it is
# not given. In env: DOVECOT_LMTP, DOVECOT_POP3 (STLS if wanted), DOVECOT_POP3S, DOVECOT_IMAP
# (STARTTLS if wanted), DOVECOT_IMAPS: ports.
# DOVECOT_MAIL: DOVECOT_MAIL/USER is the Maildir of USER (letters.py fills one).
# DOVECOT_AUTH: the socket for Postfix. DOVECOT_CA: the file to trust. DOVECOT_LOG. Users: ada, bob and carol,
# with the password lovelace; anybody else is unknown. DOVECOT_LISTEN in the environment is
# another address than 127.0.0.1; DOVECOT_CAPABILITY is all that IMAP says of itself; DOVECOT_STORE
# is another store than maildir (mdbox: DOVECOT_CONF lets doveadm fill it). Wants root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
address=${DOVECOT_LISTEN:-127.0.0.1}

config() {
  group=$(id -gn nobody)
  cat <<CONF
base_dir = $room/dovecot
instance_name = $(basename "$room")
log_path = $room/dovecot.log
protocols = lmtp pop3 imap
listen = $address
ssl = yes
ssl_cert = <$room/certs/server.pem
ssl_key = <$room/certs/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 apop scram-sha-1 scram-sha-256
auth_username_format = %n
auth_failure_delay = 0
mail_location = ${DOVECOT_STORE:-maildir}:$room/mail/%n
mail_uid = nobody
mail_gid = $group
first_valid_uid = 1
mail_max_userip_connections = 0
postmaster_address = postmaster@example.net
passdb {
  driver = passwd-file
  args = $room/users
}
userdb {
  driver = static
  args = uid=nobody gid=$group home=$room/mail/%n allow_all_users=no
}
protocol lmtp {
  ssl = no
}
protocol imap {
  mail_plugins = zlib imap_zlib
  ${DOVECOT_CAPABILITY:+imap_capability = $DOVECOT_CAPABILITY}
}
service auth {
  unix_listener $room/auth {
    mode = 0666
  }
}
service lmtp {
  inet_listener lmtp {
    address = $address
    port = $lmtp
  }
}
service pop3-login {
  service_count = 0
  inet_listener pop3 {
    address = $address
    port = $pop3
  }
  inet_listener pop3s {
    address = $address
    port = $pop3s
    ssl = yes
  }
}
service imap-login {
  service_count = 0
  inet_listener imap {
    address = $address
    port = $imap
  }
  inet_listener imaps {
    address = $address
    port = $imaps
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Drafts {
    special_use = \\Drafts
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
CONF
}

prepare() {
  mkdir -p "$room/mail" "$room/certs"
  chmod 755 "$room"
  chown nobody "$room/mail"
  "$here/certs.sh" "$room/certs"
  for user in ada bob carol; do echo "$user:{PLAIN}lovelace"; done >"$room/users"
  echo "$room" >"$dir/room"
}

env_file() {
  cat <<ENV
DOVECOT_LMTP=$lmtp
DOVECOT_POP3=$pop3
DOVECOT_POP3S=$pop3s
DOVECOT_IMAP=$imap
DOVECOT_IMAPS=$imaps
DOVECOT_MAIL=$room/mail
DOVECOT_CONF=$room/dovecot.conf
DOVECOT_AUTH=$room/auth
DOVECOT_CA=$room/certs/ca.pem
DOVECOT_LOG=$room/dovecot.log
ENV
}

# Another process may take a port between choosing and binding: then others are chosen.
start() {
  prepare
  for attempt in 1 2 3; do
    lmtp=$(free_port)
    pop3=$(free_port)
    pop3s=$(free_port)
    imap=$(free_port)
    imaps=$(free_port)
    config >"$room/dovecot.conf"
    # No descriptor of the caller goes along: bats waits for those to close.
    dovecot -F -c "$room/dovecot.conf" >"$room/start.log" 2>&1 </dev/null 3>&- 4>&- &
    pid=$!
    echo "$pid" >"$dir/dovecot.pid"
    if wait_port "$lmtp" "$pid" && wait_port "$pop3" "$pid" && wait_port "$pop3s" "$pid" &&
      wait_port "$imap" "$pid" && wait_port "$imaps" "$pid"; then
      env_file >"$dir/env"
      return 0
    fi
    stop_pid "$dir/dovecot.pid"
  done
  echo "dovecot.sh: Dovecot did not start ($attempt attempts):" >&2
  cat "$room/start.log" "$room/dovecot.log" >&2
  rm -rf "$room"
  exit 1
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start)
  room=${3:-$(mktemp -d "${TMPDIR:-/tmp}/parley-dovecot.XXXXXX")}
  start
  ;;
stop)
  stop_pid "$dir/dovecot.pid"
  [ ! -s "$dir/room" ] || rm -rf "$(cat "$dir/room")"
  rm -rf "$dir"
  ;;
*)
  echo "usage: dovecot.sh start DIR [ROOM] | stop DIR" >&2
  exit 64
  ;;
esac
