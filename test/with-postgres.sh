#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server that ends with it, and whose address is in TEST_DATABASE_URL:
#
#   test/with-postgres.sh npm test
#
# The newest PostgreSQL of this machine is taken; as root on Debian or Ubuntu, one is installed if there is none.
# It needs no service manager, listens on a free port of 127.0.0.1, and keeps everything in a temporary folder.
# TEST_DATABASE_CA is the certificate it shows over TLS; "$TEST_DATABASE_CONTROL restart" restarts it (or stop, start).
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: test/with-postgres.sh COMMAND [ARGUMENT]..." >&2; exit 2; }

programs() {
  find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1 | grep . || pg_config --bindir 2>/dev/null
}
if ! bin=$(programs) || [ ! -x "$bin/initdb" ]; then
  [ "$(id -u)" = 0 ] || { echo "Install PostgreSQL first: sudo apt-get install postgresql" >&2; exit 1; }
  { apt-get update -q && apt-get install -yq --no-install-recommends postgresql; } >&2
  bin=$(programs)
fi

folder=$(mktemp -d)
# PostgreSQL refuses to run as root.
own=(env LC_ALL=C.UTF-8)
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$folder"
  own=(setpriv --reuid=postgres --regid=postgres --clear-groups "${own[@]}")
fi
control() { (cd "$folder" && "${own[@]}" "$@"); }
cleanup() {
  control "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap cleanup EXIT

password=canary-of-the-database
# Below the ports of outgoing connections, one of which could take it before PostgreSQL does.
port=$(node -e '
  const listen = () => {
    const server = require("net").createServer().once("error", listen);
    server.listen(10000 + Math.floor(Math.random() * 20000), "127.0.0.1", () => {
      console.log(server.address().port);
      server.close();
    });
  };
  listen();
')
control sh -c "umask 077; echo $password > password"
control "$bin/initdb" --pgdata="$folder/data" --username=quickstart --pwfile="$folder/password" \
  --auth=scram-sha-256 --encoding=UTF8 --no-sync >/dev/null
control openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$folder/data/server.key" -out "$folder/data/server.crt" 2>/dev/null
cp "$folder/data/server.crt" "$folder/ca.crt"
chmod 755 "$folder"
cat >>"$folder/data/postgresql.conf" <<END
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
ssl = on
fsync = off
END

cat >"$folder/control" <<END
#!/bin/sh
cd "$folder"
exec ${own[*]} "$bin/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait "\$@" >/dev/null
END
chmod 755 "$folder/control"
"$folder/control" start || { cat "$folder/log" >&2; exit 1; }

export TEST_DATABASE_URL="postgres://quickstart:$password@127.0.0.1:$port/postgres"
export TEST_DATABASE_CA="$folder/ca.crt"
export TEST_DATABASE_CONTROL="$folder/control"
"$@"
