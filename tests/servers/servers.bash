# shellcheck shell=bash
# For bats files: `load ../servers/servers`, then in setup_file `server_start nginx`
# (or tinyproxy, microsocks, with user and password if wanted), in teardown_file
# `server_stop nginx`. The variables the script writes (see there) are exported.

server_start() { # NAME [ARGUMENT...]
  local dir=$BATS_FILE_TMPDIR/$1 root
  root=${PARLEY_ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
  "$root/tests/servers/$1.sh" start "$dir" "${@:2}" || return 1
  set -a
  # shellcheck source=/dev/null
  . "$dir/env"
  set +a
}

server_stop() { # NAME
  local root=${PARLEY_ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
  "$root/tests/servers/$1.sh" stop "$BATS_FILE_TMPDIR/$1"
}
