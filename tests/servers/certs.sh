#!/bin/sh
# A throw-away certificate authority and what it signed, for one run:
#   [CERT_NAMES=IP:...] certs.sh DIR   makes DIR/ca.pem, other-ca.pem and NAME.pem with NAME.key:
#     server   localhost, 127.0.0.1, ::1        other    other.example only
#     expired  localhost, of the year 2020      selfsigned, by itself
#     client   a client's certificate           chained  by an intermediate, sent along
# server.bundle.pem is certificate and key in one file. Nothing if they are there already.
set -eu
dir=$1
[ ! -e "$dir/.complete" ] || exit 0
mkdir -p "$dir"
cd "$dir"
names=DNS:localhost,IP:127.0.0.1,IP:::1${CERT_NAMES:+,$CERT_NAMES}

key() { # NAME
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null ||
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
}

authority() { # NAME COMMON-NAME
  key "$1"
  openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 30 -out "$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

request() { # NAME COMMON-NAME EXTENSIONS
  key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr"
  printf '%b\n' "$3" >"$1.ext"
}

signed() { # NAME COMMON-NAME EXTENSIONS [ISSUER]
  request "$1" "$2" "$3"
  openssl x509 -req -in "$1.csr" -CA "${4:-ca}.pem" -CAkey "${4:-ca}.key" -CAcreateserial \
    -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

# x509 can't sign for the past; ca can.
signed_in_2020() { # NAME COMMON-NAME EXTENSIONS
  request "$1" "$2" "$3"
  mkdir -p past && : >past/index.txt && echo 01 >past/serial
  cat >past/ca.conf <<CONF
[ca]
default_ca = past
[past]
database = past/index.txt
serial = past/serial
new_certs_dir = past
default_md = sha256
policy = any
[any]
commonName = supplied
CONF
  openssl ca -batch -notext -config past/ca.conf -cert ca.pem -keyfile ca.key -in "$1.csr" \
    -startdate 20200101000000Z -enddate 20200201000000Z -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

authority ca 'Parley test CA'
authority other-ca 'Another CA'
key selfsigned
openssl req -x509 -new -key selfsigned.key -subj /CN=localhost -days 30 -out selfsigned.pem \
  -addext "subjectAltName=$names"
signed server localhost "subjectAltName=$names"
signed other other.example 'subjectAltName=DNS:other.example'
signed client 'test client' 'extendedKeyUsage=clientAuth'
signed_in_2020 expired localhost "subjectAltName=$names"
signed middle 'Parley test intermediate' 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign'
signed chained localhost "subjectAltName=$names" middle
cat middle.pem >>chained.pem
cat server.pem server.key >server.bundle.pem
chmod 644 ./*.key # the server's worker may be another user
: >.complete
