#!/bin/sh
# A real vsftpd for one test file, on free ports of the loopback. It wants root (chroot,
# users) and a mount namespace, in which the test's own PAM service and directory stand:
# nothing of the machine is changed.
#   vsftpd.sh start DIR   writes DIR/env, then returns once it listens; 77 when it can't run here
#   vsftpd.sh stop DIR    stops it and removes DIR
# In env: VSFTPD_PORT (anonymous and ada:lovelace, TLS when asked for, session reuse
# required), VSFTPD_IMPLICIT (ftps), VSFTPD_TLS12 (TLS 1.2 only): ports. VSFTPD_ANON: what
# anonymous sees, VSFTPD_HOME: ada's directory, writable, VSFTPD_CA: the file to trust.
# VSFTPD_LOG: the server's protocol log.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

configuration() { # PORT
  cat <<CONF
listen=YES
listen_address=${VSFTPD_ADDRESS:-127.0.0.1}
listen_port=$1
background=NO
anonymous_enable=YES
anon_root=/mnt/anon
local_enable=YES
local_root=/mnt/home
chroot_local_user=YES
allow_writeable_chroot=YES
write_enable=YES
mdtm_write=YES
pam_service_name=parley
secure_chroot_dir=/mnt/empty
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
connect_from_port_20=NO
xferlog_enable=YES
log_ftp_protocol=YES
vsftpd_log_file=$dir/vsftpd-$1.log
syslog_enable=NO
use_localtime=NO
ssl_enable=YES
allow_anon_ssl=YES
force_local_logins_ssl=NO
force_local_data_ssl=NO
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=$dir/certs/server.pem
rsa_private_key_file=$dir/certs/server.key
CONF
}

prepare() {
  mkdir -p "$dir/root/anon" "$dir/root/home" "$dir/root/empty" "$dir/pam.d" "$dir/certs"
  "$here/certs.sh" "$dir/certs"
  chmod 755 "$dir/root" "$dir/root/anon"
  chown 2026 "$dir/root/home"
  # pam_exec won't do: vsftpd's own wait(2) takes its child away.
  printf '%s required pam_unix.so\n' auth account >"$dir/pam.d/parley"
  { cat /etc/passwd; echo 'ada:x:2026:2026::/mnt/home:/bin/sh'; } >"$dir/passwd"
  echo "ada:$(openssl passwd -6 lovelace):20000:0:99999:7:::" >"$dir/shadow"
  cat >"$dir/tls12.cnf" <<'CNF'
openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = limits
[limits]
MaxProtocol = TLSv1.2
CNF
}

# vsftpd writes what is wrong with its configuration to descriptor 0.
launch() { # NAME [OPTION...]: the server behind its own mounts; sets port
  name=$1
  shift
  port=$(free_port)
  { configuration "$port"; printf '%s\n' "$@"; } >"$dir/$name.conf"
  : >"$dir/$name.out"
  # shellcheck disable=SC2016 # the inner shell's
  unshare -m sh -c 'mount --bind "$1/root" /mnt && mount --bind "$1/pam.d" /etc/pam.d &&
    mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow && exec vsftpd "$2"' \
    sh "$dir" "$dir/$name.conf" <>"$dir/$name.out" >&0 2>&0 3>&- 4>&- &
  echo $! >"$dir/$name.pid"
  wait_port "$port" $!
}

start() {
  if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null || ! command -v vsftpd >/dev/null; then
    echo "vsftpd.sh: needs vsftpd, root and mount namespaces" >&2
    exit 77
  fi
  prepare
  try_start "$dir/implicit.pid" launch implicit implicit_ssl=YES
  implicit=$port
  export OPENSSL_CONF="$dir/tls12.cnf"
  try_start "$dir/tls12.pid" launch tls12
  tls12=$port
  unset OPENSSL_CONF
  try_start "$dir/plain.pid" launch plain
  cat >"$dir/env" <<ENV
VSFTPD_PORT=$port
VSFTPD_IMPLICIT=$implicit
VSFTPD_TLS12=$tls12
VSFTPD_ANON=$dir/root/anon
VSFTPD_HOME=$dir/root/home
VSFTPD_CA=$dir/certs/ca.pem
VSFTPD_LOG=$dir/vsftpd-$port.log
ENV
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop)
  for name in plain implicit tls12; do
    stop_pid "$dir/$name.pid"
  done
  rm -rf "$dir"
  ;;
*)
  echo "usage: vsftpd.sh start|stop DIR" >&2
  exit 64
  ;;
esac
