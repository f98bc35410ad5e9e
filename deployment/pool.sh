#!/bin/sh
# pool.sh NAME: from now on the proxy asks only the web servers found under NAME; without NAME, all of them again.
# Run in the proxy's container, while web servers are replaced one after the other: docker compose exec proxy pool web-a
# Ends when nothing that was asked before is still waiting for an answer.
set -eu
run=${PROXY_RUN:-/tmp}

rm -f "$run/pool.conf"
if [ $# -gt 0 ]; then
    case $1 in
    "" | *[!A-Za-z0-9.-]*)
        echo "pool: \"$1\" is not the name of a service" >&2
        exit 2
        ;;
    esac
    printf 'set $web %s;\n' "$1" >"$run/pool.conf"
fi

children() { cat "/proc/$1/task/$1/children"; }

master=$(cat "$run/nginx.pid")
before=$(children "$master")
kill -HUP "$master"

# The workers of before finish what they have, and end; nginx gives them 30 seconds (worker_shutdown_timeout).
patience=350
for worker in $before; do
    while [ -d "/proc/$worker" ] && [ $patience -gt 0 ]; do
        sleep 0.1
        patience=$((patience - 1))
    done
done
[ $patience -gt 0 ] || {
    echo "pool: workers of before still run" >&2
    exit 1
}
