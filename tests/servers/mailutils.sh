#!/bin/sh
# A second POP3 server for one test file, GNU mailutils' pop3d, on free ports of the loopback.
# It knows no SASL, writes its mark into each message (X-UIDL), and its TLS is GnuTLS.
#   mailutils.sh start DIR   writes DIR/env, then returns once it listens; 77 when it can't run here
#   mailutils.sh stop DIR    stops it and removes DIR
# In env: MAILUTILS_PORT, MAILUTILS_STLS (STLS if wanted), MAILUTILS_POP3S: ports. MAILUTILS_MAIL:
# MAILUTILS_MAIL/USER/INBOX is the Maildir of USER (letters.py fills one). MAILUTILS_CA: the
# file to trust. Users: ada, bob and carol (the last by APOP, too), all
# @example.net, with the password lovelace; anybody else is unknown. It wants root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

config() {
  cat <<CONF
mode daemon;
foreground yes;
logging { syslog no; };
tcp-wrappers { enable no; };
tls-file-checks { key-file none; cert-file none; ca-file none; };
auth {
  authentication clear;
  authentication generic;
  authorization clear;
  authorization virtdomain;
};
virtdomain { passwd-dir "$dir/users"; };
mandatory-locking { enable yes; lock-directory "$dir/locks"; };
apop-database-file "$dir/apop.db";
mailbox { mailbox-type maildir; };
server 127.0.0.1:$port { };
server 127.0.0.1:$stls { tls-mode ondemand; $(certificate) };
server 127.0.0.1:$pop3s { tls-mode connection; $(certificate) };
CONF
}

certificate() {
  echo "tls { ssl-certificate-file $dir/certs/server.pem; ssl-key-file $dir/certs/server.key; };"
}

prepare() {
  mkdir -p "$dir/users" "$dir/locks" "$dir/mail" "$dir/certs"
  "$here/certs.sh" "$dir/certs"
  hash=$(openssl passwd -6 lovelace)
  for user in ada bob carol; do
    echo "$user:$hash:$(id -u nobody):$(id -g nobody)::$dir/mail/$user:/bin/sh"
  done >"$dir/users/example.net"
  popauth --create --output="$dir/apop.db" </dev/null
  popauth --add --user=carol@example.net --password=lovelace --file="$dir/apop.db"
}

launch() {
  port=$(free_port)
  stls=$(free_port)
  pop3s=$(free_port)
  config >"$dir/conf"
  # No descriptor of the caller goes along: bats waits for those to close.
  pop3d --config-file="$dir/conf" >"$dir/log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$dir/pid"
  wait_port "$port" $! && wait_port "$stls" $! && wait_port "$pop3s" $!
}

start() {
  if [ "$(id -u)" -ne 0 ] || ! command -v pop3d >/dev/null; then
    echo "mailutils.sh: needs mailutils-pop3d and root" >&2
    exit 77
  fi
  prepare
  try_start "$dir/pid" launch || { cat "$dir/log" >&2; exit 1; }
  cat >"$dir/env" <<ENV
MAILUTILS_PORT=$port
MAILUTILS_STLS=$stls
MAILUTILS_POP3S=$pop3s
MAILUTILS_MAIL=$dir/mail
MAILUTILS_CA=$dir/certs/ca.pem
ENV
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop)
  stop_pid "$dir/pid"
  rm -rf "$dir"
  ;;
*)
  echo "usage: mailutils.sh start|stop DIR" >&2
  exit 64
  ;;
esac
