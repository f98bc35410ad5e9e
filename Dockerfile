# The images: "app" for web, worker, beat, migrate and static, "backup" with the database's own programs as well;
# docker-compose.yml says which word of ./run each runs. Two builds of one commit hold the same: packages are locked
# by hash, base images named by their whole version. To hold to their very bytes, add "@sha256:…" as
# "docker buildx imagetools inspect python:3.11.14-slim-trixie" tells it.

FROM node:22.20.0-trixie-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY static static
RUN npm run build

FROM python:3.11.14-slim-trixie AS packages
WORKDIR /app
# requirements-sentry.txt where faults are told to Sentry too.
ARG REQUIREMENTS=requirements.txt
COPY requirements-installer.txt requirements.txt requirements-sentry.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-installer.txt \
    && uv venv .venv \
    && uv pip install --no-cache --compile-bytecode --require-hashes -r "$REQUIREMENTS"

FROM python:3.11.14-slim-trixie AS app
# Pango lays out the PDFs; Noto has the letters of names that the reports' own typeface lacks.
# Without versions: Debian keeps only its newest, with every mend of security, so a fixed one would soon not be there.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home planner \
    && install -d -o planner -g planner -m 0750 /data /backups \
    && install -d -o planner -g planner -m 0755 /data/published /static
WORKDIR /app
ENV PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp DATA_DIR=/data
COPY --from=packages /app/.venv .venv
COPY . .
COPY --from=front-end /app/static/build static/build
# What the Operations page calls it, for example the commit.
ARG RELEASE=""
ENV RELEASE=$RELEASE
RUN ./run collectstatic && .venv/bin/python -m compileall -q assurance partnership plans reviews training
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["./run", "web"]

FROM app AS backup
USER 0
# pg_dump of the server's own version, 17, and restic.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 restic \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o planner -g planner -m 0700 /backup-log
USER 10001:10001
CMD ["./run", "backup-loop"]
