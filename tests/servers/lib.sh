# shellcheck shell=sh
# What the scripts that start real servers share: free ports, waiting for a
# port, processes that are stopped for certain. To be sourced. Every file of a
# server stands in the directory its caller gave and dies with it.

# A TCP port nobody listens on. The kernel's own choice for port 0 would be
# best, but these servers want a number in their configuration: so a random one
# outside the ephemeral range, taken only if it is free.
free_port() {
  while :; do
    number=$(od -An -N2 -tu2 /dev/urandom)
    port=$((10000 + number % 20000))
    port_listens "$port" || break
  done
  echo "$port"
}

port_listens() { # PORT
  listeners "$1" | grep -q .
}

# The inodes of the sockets that listen on a port.
listeners() { # PORT
  hex=$(printf ':%04X ' "$1")
  # State 0A is LISTEN; no connection is made, so no server logs one.
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port="$hex" 'index($2 " ", port) && $4 == "0A" { print "socket:[" $10 "]" }'
}

# Another process may have taken the port since it was chosen, and listens there.
port_is_of() { # PORT PID
  held=$(ls -l "/proc/$2/fd" 2>/dev/null) && [ -n "$held" ] || return 0 # not ours to see
  listeners "$1" | while read -r inode; do
    case $held in *"$inode"*) ;; *) exit 1 ;; esac
  done
}

wait_port() { # PORT PID: until it listens; fails when the process is gone, or 30 s are over
  tries=0
  until port_listens "$1"; do
    alive "$2" || return 1
    tries=$((tries + 1))
    [ $tries -lt 1500 ] || return 1
    sleep 0.02
  done
  port_is_of "$1" "$2"
}

# What it takes to start a server on free ports, up to three times: another process may take one
# between choosing and binding, then others are chosen. The server's pid stands in PIDFILE.
try_start() { # PIDFILE COMMAND...
  pidfile=$1
  shift
  "$@" && return 0
  for _ in again once-more; do
    stop_pid "$pidfile"
    "$@" && return 0
  done
  return 1
}

alive() { # PID: a zombie that nobody has waited for yet is gone
  state=$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null) && [ "$state" != Z ]
}

stop_pid() { # PIDFILE: asks, waits, insists
  [ -s "$1" ] || return 0
  pid=$(cat "$1")
  kill -TERM "$pid" 2>/dev/null || { rm -f "$1"; return 0; }
  tries=0
  while alive "$pid"; do
    tries=$((tries + 1))
    [ $tries -ne 150 ] || kill -KILL "$pid" 2>/dev/null
    [ $tries -lt 300 ] || return 1
    sleep 0.02
  done
  rm -f "$1"
}
