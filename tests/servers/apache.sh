#!/bin/sh
# A real Apache for one test file, unprivileged, on free ports of the loopback: a second opinion
# beside nginx.
#   apache.sh start DIR   writes DIR/env, then returns once it listens
#   apache.sh stop DIR    stops it and removes DIR
# In env: APACHE_HTTP, and APACHE_CLOSING (a connection is closed after its sixth request): ports. APACHE_ROOT: the
# directory to put files in. APACHE_LOG: one line a request: connection (PORT of the client),
# number on it, "request line", status, bytes of body.
# /gz/ compresses; /digest/ and /basic/ want ada, password lovelace; /moved/X goes to /X; /dav/ may
# be written to.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

modules() {
  for name in mpm_event authn_core authn_file authz_core authz_user auth_basic auth_digest alias dav dav_fs \
    deflate dir filter headers log_config mime unixd; do
    file=/usr/lib/apache2/modules/mod_$name.so
    # Some are built in, and then there is no file.
    [ ! -e $file ] || echo "LoadModule ${name}_module $file"
  done
}

site() { # PORT: one more that closes early
  cat <<CONF
DocumentRoot "$dir/root"
Alias /gz/ "$dir/root/"
Alias /digest/ "$dir/root/"
Alias /basic/ "$dir/root/"
Alias /dav/ "$dir/dav/"
Redirect permanent /moved/ /
<Directory "$dir">
  Require all granted
</Directory>
<Location /gz/>
  SetOutputFilter DEFLATE
</Location>
<Location /digest/>
  AuthType Digest
  AuthName "the vault"
  AuthUserFile "$dir/digest"
  Require valid-user
</Location>
<Location /basic/>
  AuthType Basic
  AuthName "the vault"
  AuthUserFile "$dir/htpasswd"
  Require valid-user
</Location>
<Location /dav/>
  Dav On
</Location>
CONF
}

conf() {
  modules
  cat <<CONF
ServerName localhost
ServerRoot "$dir"
PidFile "$dir/pid"
ErrorLog "$dir/error.log"
LogFormat "%{remote}p %k \"%r\" %>s %B" brief
CustomLog "$dir/access.log" brief
TypesConfig "$dir/types"
DAVLockDB "$dir/locks"
ServerLimit 1
StartServers 1
ThreadsPerChild 25
MaxRequestWorkers 25
DirectoryIndex index.html
KeepAlive On
Listen 127.0.0.1:$http
Listen 127.0.0.1:$closing
$(site)
<VirtualHost 127.0.0.1:$closing>
  MaxKeepAliveRequests 5
</VirtualHost>
CONF
}

prepare() {
  mkdir -p "$dir/root" "$dir/dav"
  printf 'text/html html\ntext/plain txt\n' >"$dir/types"
  printf 'ada:%s\n' "$(openssl passwd -apr1 lovelace)" >"$dir/htpasswd"
  printf 'ada:the vault:%s\n' "$(printf 'ada:the vault:lovelace' | md5sum | cut -d' ' -f1)" >"$dir/digest"
}

start() {
  prepare
  # It refuses to serve as root; as another user it has to get into a private directory.
  as_nobody=
  [ "$(id -u)" -ne 0 ] || as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups
    --inh-caps=+dac_override,+dac_read_search --ambient-caps=+dac_override,+dac_read_search'
  for attempt in 1 2 3; do
    http=$(free_port)
    closing=$(free_port)
    conf >"$dir/apache.conf"
    $as_nobody apache2 -f "$dir/apache.conf" -DFOREGROUND >"$dir/start.log" 2>&1 </dev/null 3>&- 4>&- &
    if wait_port "$http" $! && wait_port "$closing" $!; then
      cat >"$dir/env" <<ENV
APACHE_HTTP=$http
APACHE_CLOSING=$closing
APACHE_ROOT=$dir/root
APACHE_DAV=$dir/dav
APACHE_LOG=$dir/access.log
ENV
      return 0
    fi
    kill $! 2>/dev/null || true
  done
  echo "apache.sh: apache2 did not start ($attempt attempts):" >&2
  cat "$dir/start.log" "$dir/error.log" >&2
  exit 1
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop)
  stop_pid "$dir/pid"
  rm -rf "$dir"
  ;;
*)
  echo "usage: apache.sh start|stop DIR" >&2
  exit 64
  ;;
esac
