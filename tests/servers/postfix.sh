#!/bin/sh
# A real Postfix for one test file, with Dovecot for its SASL, on free ports of the loopback.
#   postfix.sh start DIR   writes DIR/env (shell variables), then returns once it listens
#   postfix.sh stop DIR    stops both and removes what they made
# In env: POSTFIX_SMTP (STARTTLS if wanted, no login), POSTFIX_SUBMISSION (STARTTLS and
# login), POSTFIX_SMTPS: ports. POSTFIX_MAIL: POSTFIX_MAIL/USER/new is where mail for
# USER@example.net arrives. POSTFIX_CA: the file to trust. POSTFIX_LOG. Users: ada, bob and
# carol, with the password lovelace; anybody else is unknown (550). Wants root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
programs=$(postconf -h daemon_directory 2>/dev/null || echo /usr/lib/postfix/sbin)

main_cf() {
  cat <<CONF
compatibility_level = 3.6
queue_directory = $room/queue
data_directory = $room/data
daemon_directory = $programs
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.net
mydomain = example.net
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:no way out of this test
relay_transport = error:no way out of this test
virtual_mailbox_domains = example.net, xn--bcher-kva.example, bücher.example
virtual_mailbox_base = $room/mail
virtual_mailbox_maps = inline:{ ada@example.net=ada/, bob@example.net=bob/, carol@example.net=carol/, jürgen@example.net=jürgen/ }
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_mailbox_limit = 0
message_size_limit = 100000000
smtputf8_enable = yes
smtpd_tls_cert_file = $room/certs/server.pem
smtpd_tls_key_file = $room/certs/server.key
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = $room/auth
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_peername_lookup = no
smtpd_timeout = 30s
maillog_file = $room/maillog
maillog_file_prefixes = $room
disable_dns_lookups = yes
CONF
}

service() { # NAME TYPE PRIVATE MAXPROC COMMAND...: not one in a chroot
  private=$3
  most=$4
  name=$1
  type=$2
  shift 4
  echo "$name $type $private - n - $most $*"
}

master_cf() {
  service "127.0.0.1:$smtp" inet n - smtpd
  service "127.0.0.1:$submission" inet n - smtpd \
    -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes \
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  service "127.0.0.1:$smtps" inet n - smtpd \
    -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes \
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  service cleanup unix n 0 cleanup
  service qmgr unix n 1 qmgr
  service tlsmgr unix - 1 tlsmgr
  service rewrite unix - - trivial-rewrite
  for name in bounce defer trace; do service $name unix - 0 bounce; done
  service error unix - - error
  service retry unix - - error
  echo "virtual unix - n n - - virtual" # it becomes the user it delivers to
  service anvil unix - 1 anvil
  service proxymap unix - - proxymap
  service postlog unix-dgram n 1 postlogd
}

prepare() {
  mkdir -p "$room/queue" "$room/data" "$room/mail" "$room/conf" "$room/certs"
  chmod 755 "$room" "$room/conf"
  chown postfix "$room/data"
  "$here/certs.sh" "$room/certs"
}

env_file() {
  cat <<ENV
POSTFIX_SMTP=$smtp
POSTFIX_SUBMISSION=$submission
POSTFIX_SMTPS=$smtps
POSTFIX_MAIL=$room/mail
POSTFIX_CA=$room/certs/ca.pem
POSTFIX_LOG=$room/maillog
ENV
}

# postfix(1) makes the queue's directories and starts master in the background.
start() {
  prepare
  "$here/dovecot.sh" start "$dir/dovecot" "$room"
  for attempt in 1 2 3; do
    smtp=$(free_port)
    submission=$(free_port)
    smtps=$(free_port)
    main_cf >"$room/conf/main.cf"
    master_cf >"$room/conf/master.cf"
    postfix -c "$room/conf" start >"$room/start.log" 2>&1 </dev/null 3>&- 4>&- || true
    pid=$(tr -d ' ' <"$room/queue/pid/master.pid" 2>/dev/null || echo 0)
    if [ "$pid" != 0 ] && wait_port "$smtp" "$pid" && wait_port "$submission" "$pid" &&
      wait_port "$smtps" "$pid"; then
      echo "$pid" >"$dir/postfix.pid"
      { cat "$dir/dovecot/env"; env_file; } >"$dir/env"
      return 0
    fi
    if [ "$pid" != 0 ]; then
      echo "$pid" >"$dir/postfix.pid"
      stop_pid "$dir/postfix.pid"
    fi
  done
  echo "postfix.sh: postfix did not start ($attempt attempts):" >&2
  cat "$room/start.log" "$room/maillog" >&2
  "$here/dovecot.sh" stop "$dir/dovecot"
  exit 1
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start)
  room=$(mktemp -d "${TMPDIR:-/tmp}/parley-postfix.XXXXXX")
  start
  ;;
stop)
  stop_pid "$dir/postfix.pid"
  "$here/dovecot.sh" stop "$dir/dovecot"
  rm -rf "$dir"
  ;;
*)
  echo "usage: postfix.sh start|stop DIR" >&2
  exit 64
  ;;
esac
