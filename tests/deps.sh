#!/bin/sh
# Installs what building and testing need and is not there yet: no question is
# asked, no service is started, and root is wanted only when something is
# missing. The list says who needs what. Debian and its kin; on other systems it
# names the packages and leaves the rest to the reader.
set -eu

packages() {
  # Up to `#`: package names; "a|b" is satisfied by either, and a is installed.
  sed 's/#.*//' <<'LIST'
gcc make pkg-config|pkgconf   # the build
libc6-dev
libssl-dev                    # module tls, crypto
libidn2-dev                   # module idn
libpsl-dev                    # module psl
libexpat1-dev                 # module xml
python3                       # tests/servers/ranges.py
libgumbo-dev                  # module html
zlib1g-dev libbrotli-dev libzstd-dev  # modules zlib, deflate, brotli, zstd
libreadline-dev               # module readline
bats bats-support bats-assert # every *.bats
libcurl4-openssl-dev libgsasl-dev  # tests/crosscheck
nginx-light|nginx-core|nginx-full|nginx-extras libnginx-mod-http-echo  # tests/servers/nginx.sh
openssl                       # tests/servers: throw-away certificates
tinyproxy-bin|tinyproxy       # tests/servers/tinyproxy.sh
microsocks                    # tests/servers/microsocks.sh
brotli zstd gzip              # test files in each coding
apache2-bin                   # tests/servers/apache.sh
postfix dovecot-core dovecot-lmtpd dovecot-imapd  # tests/servers/postfix.sh, dovecot.sh
dovecot-pop3d                 # tests/servers/dovecot.sh: POP3
mailutils-pop3d               # tests/servers/mailutils.sh; the other POP3 servers want Dovecot gone
mpop fetchmail isync          # make bench: who pop3fetch and imapls are measured beside
mutt s-nail git-email libmailtools-perl # tests/smtpsend: programs that call a sendmail
msmtp swaks                   # make bench: who smtpsend is measured beside
vsftpd python3-pyftpdlib python3-openssl  # tests/servers/vsftpd.sh, pyftpd.sh
lftp tnftp                    # make bench: who ftpc is measured beside
librsvg2-bin libxml2-utils    # tests/diagram: xmllint, rsvg-convert
jq                            # tests of what is printed as JSON
tmux bsdutils                 # tests of what a terminal sees
strace procps                 # tests that count system calls and processes
curl wget wget2               # make bench: who webget is measured beside; curl in tests/imapls, tests/crosscheck too
iproute2                      # make bench: a network of its own
git                           # .ci/run
mandoc                        # make lint: man/*; tests/exercises
clang-format cppcheck shellcheck binutils # make lint
clang libclang-rt-dev|libclang-rt-14-dev  # make fuzz
LIST
}

installed() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null |
    sed -n 's/ installed$//p'
}

# The first name of every entry of which nothing is installed.
missing() {
  { installed; echo '--'; packages; } | awk '
    !wanted { if ($1 == "--") wanted = 1; else have[$1] = 1; next }
    { for (i = 1; i <= NF; i++) {
        n = split($i, any, "|"); found = 0
        for (k = 1; k <= n; k++) if (any[k] in have) found = 1
        if (!found) print any[1] } }'
}

command -v dpkg-query >/dev/null || {
  echo "deps: no dpkg here; install what these Debian packages hold:" >&2
  packages >&2
  exit 1
}

want=$(missing | tr '\n' ' ')
[ -n "$want" ] || exit 0
echo "deps: installing $want"

root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "deps: root is needed once: run 'make deps' as root, or: apt-get install $want" >&2
    exit 1
  }
  root=sudo
fi

# A package's own start of its service is refused while this file stands.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap '$root rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' | $root tee $policy >/dev/null
  $root chmod 755 $policy
fi

# shellcheck disable=SC2086 # the list is meant to split
apt_install() {
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 \
    --no-install-recommends $want </dev/null
}

# Stale or absent package lists are the only reason to fetch them.
$root apt-get update -q </dev/null
apt_install
