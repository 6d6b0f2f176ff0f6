#!/bin/sh
# A second FTP server for one test file, unprivileged, on a free port of the loopback.
#   pyftpd.sh start DIR   writes DIR/env, then returns once it listens; 77 when it can't run here
#   pyftpd.sh stop DIR    stops it and removes DIR
# In env: PYFTPD_PORT, PYFTPD_ROOT: what anonymous reads and ada (lovelace) writes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

launch() {
  port=$(free_port)
  $python -W ignore "$here/pyftpd.py" "$dir/root" "$port" >"$dir/out" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$dir/pyftpd.pid"
  wait_port "$port" $!
}

start() {
  # The system's python: another one in PATH has not the package.
  python=/usr/bin/python3
  if ! $python -W ignore -c 'import pyftpdlib' 2>/dev/null; then
    echo "pyftpd.sh: needs python3-pyftpdlib" >&2
    exit 77
  fi
  mkdir -p "$dir/root"
  try_start "$dir/pyftpd.pid" launch || { cat "$dir/out" >&2; exit 1; }
  cat >"$dir/env" <<ENV
PYFTPD_PORT=$port
PYFTPD_ROOT=$dir/root
ENV
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop)
  stop_pid "$dir/pyftpd.pid"
  rm -rf "$dir"
  ;;
*)
  echo "usage: pyftpd.sh start|stop DIR" >&2
  exit 64
  ;;
esac
