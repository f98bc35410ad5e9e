#!/bin/sh
# upgrade.sh: bring in a new version while everybody goes on working. Run on the machine, in the project's folder, after
# the new version is there (git pull) and a backup is made (docker compose run --rm backup ./run backup).
# The old version works on the new tables while this runs; a version that can't, says so in its notes and is brought
# in at night. Broken off anywhere, it may be started again. What docker compose is called is taken from COMPOSE,
# and the names of the workers, where there are several kinds (deployment/compose.scale.yml), from WORKERS.
set -eu
cd "$(dirname "$0")/.."
compose=${COMPOSE:-docker compose}
say() { printf '%s\n' "$*"; }

say "Building"
$compose build --quiet

say "Migrating: the old version still answers"
$compose run --rm migrate
$compose run --rm static

# One half answers alone while the other is replaced and has come up; then the other way round.
for halves in "web-a web-b" "web-b web-a"; do
    half=${halves% *}
    other=${halves#* }
    say "Replacing $half"
    $compose exec -T proxy pool "$other"
    $compose up --detach --no-deps --wait "$half"
done
$compose exec -T proxy pool

say "Replacing worker, beat and backup"
# shellcheck disable=SC2086  # several names
$compose up --detach --no-deps --wait ${WORKERS:-worker} beat backup
say "Done"
