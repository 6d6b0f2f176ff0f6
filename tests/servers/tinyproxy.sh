#!/bin/sh
# An HTTP proxy (CONNECT too) on a free port of the loopback.
#   tinyproxy.sh start DIR [USER PASSWORD]   DIR/env: TINYPROXY_PORT, TINYPROXY_LOG
#   tinyproxy.sh stop DIR                    stops it and removes DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

launch() { # [USER PASSWORD]
  port=$(free_port)
  cat >"$dir/tinyproxy.conf" <<CONF
Port $port
Listen 127.0.0.1
Timeout 60
MaxClients 50
LogFile "$dir/tinyproxy.log"
LogLevel Connect
${1:+BasicAuth $1 $2}
CONF
  tinyproxy -d -c "$dir/tinyproxy.conf" >"$dir/start.log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$dir/pid"
  wait_port "$port" $!
}

start() { # [USER PASSWORD]
  try_start "$dir/pid" launch "$@" || {
    echo "tinyproxy.sh: it did not start:" >&2
    cat "$dir/start.log" >&2
    exit 1
  }
  printf 'TINYPROXY_PORT=%s\nTINYPROXY_LOG=%s\n' "$port" "$dir/tinyproxy.log" >"$dir/env"
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
  echo "usage: tinyproxy.sh start|stop DIR [USER PASSWORD]" >&2
  exit 64
  ;;
esac
