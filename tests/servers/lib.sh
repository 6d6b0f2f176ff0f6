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
  hex=$(printf ':%04X ' "$1")
  # State 0A is LISTEN; no connection is made, so no server logs one.
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port="$hex" 'index($2 " ", port) && $4 == "0A" { found = 1 } END { exit !found }'
}

wait_port() { # PORT PID: until it listens; fails when the process is gone or 10 s are over
  tries=0
  until port_listens "$1"; do
    alive "$2" || return 1
    tries=$((tries + 1))
    [ $tries -lt 500 ] || return 1
    sleep 0.02
  done
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
