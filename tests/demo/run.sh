#!/bin/sh
# `make demo`: each tool at work over loopback, against a server of the
# project's own; no Internet. Every tests/demo/TOOL.sh is one tool's part, run with
# build/bin in PATH and a scratch directory as $DEMO.
#   run.sh BUILD
set -eu
cd "$(dirname "$0")/../.."
PATH=$PWD/${1:-build}/bin:$PATH
DEMO=$(mktemp -d "${TMPDIR:-/tmp}/parley-demo.XXXXXX")
export PATH DEMO
# A user's proxy or configuration would lead the demonstration elsewhere.
unset http_proxy https_proxy ftp_proxy all_proxy SSL_CERT_FILE SSL_CERT_DIR
export XDG_CONFIG_HOME="$DEMO/config" XDG_STATE_HOME="$DEMO/state"
# Each tool's last session is drawn; the figures stay.
figures=${1:-build}/demo
mkdir -p "$figures" "$DEMO/config/parley"
for tool in cmd/*/main.c; do
  tool=${tool#cmd/}
  tool=${tool%/main.c}
  echo "diagram = $PWD/$figures/$tool.svg" >"$DEMO/config/parley/$tool.conf"
done
trap 'rm -rf "$DEMO"' EXIT
trap 'exit 130' INT TERM

for part in tests/demo/*.sh; do
  case $part in
  */run.sh) ;;
  *) "$part" ;;
  esac
done
printf '\nThe sessions as diagrams: %s\n' "$figures/*.svg"
