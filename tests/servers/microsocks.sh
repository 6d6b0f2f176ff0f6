#!/bin/sh
# A SOCKS5 proxy on a free port of the loopback.
#   microsocks.sh start DIR [USER PASSWORD]   DIR/env: MICROSOCKS_PORT, MICROSOCKS_LOG
#   microsocks.sh stop DIR                    stops it and removes DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

launch() { # [USER PASSWORD]
  port=$(free_port)
  set -- ${1:+-u "$1" -P "$2"}
  microsocks -i 127.0.0.1 -p "$port" "$@" >"$dir/microsocks.log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$dir/pid"
  wait_port "$port" $!
}

start() { # [USER PASSWORD]
  try_start "$dir/pid" launch "$@" || {
    echo "microsocks.sh: it did not start:" >&2
    cat "$dir/microsocks.log" >&2
    exit 1
  }
  printf 'MICROSOCKS_PORT=%s\nMICROSOCKS_LOG=%s\n' "$port" "$dir/microsocks.log" >"$dir/env"
}

action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
case $action in
start) start "$@" ;;
stop)
  stop_pid "$dir/pid"
  rm -rf "$dir"
  ;;
*)
  echo "usage: microsocks.sh start|stop DIR [USER PASSWORD]" >&2
  exit 64
  ;;
esac
