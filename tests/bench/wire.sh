# shellcheck shell=sh disable=SC2034,SC2154
# A wire of 50 ms round trip between two network namespaces, 10.77.0.1 (the client's) and
# 10.77.0.2, and times counted in its round trips. To be sourced behind lib.sh. Wants root, and
# $tools (directory of wire).

client_space=parley-c$$
server_space=parley-s$$
wire_pid=
rtt=50 # milliseconds; a script that measures it says what it found

stretch() { # fails where there are no namespaces or no /dev/net/tun
  ip netns add $client_space
  ip netns add $server_space
  "$tools/wire" $client_space $server_space 25 &
  wire_pid=$!
  end=1
  for space in $client_space $server_space; do
    tries=0
    until ip -n "$space" link set wire0 up 2>/dev/null; do
      tries=$((tries + 1))
      [ $tries -lt 100 ] || return 1
      sleep 0.02
    done
    ip -n "$space" link set lo up
    ip -n "$space" addr add 10.77.0.$end/24 dev wire0
    end=$((end + 1))
  done
}

# For the script's cleanup, whether or not the wire was stretched.
unstretch() {
  [ -n "$wire_pid" ] || return 0
  kill "$wire_pid" 2>/dev/null || true
  ip netns del $client_space 2>/dev/null || true
  ip netns del $server_space 2>/dev/null || true
}

trips() { # LABEL: its wall time in round trips
  median "$1" 1 | awk -v rtt="$rtt" '{ print $1 == "-" ? "-" : $1 / rtt }'
}

also_trips() { # LABEL...
  printf '  '
  for label; do
    printf '  %s %.2f' "$label" "$(trips "$label")"
  done
  echo
}
