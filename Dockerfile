# One image for web, worker, beat and migrate: docker-compose.yml says which word of ./run each runs.

FROM node:22-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY static static
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements-installer.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-installer.txt \
    && uv venv .venv \
    && uv pip install --no-cache --compile-bytecode --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# Pango lays out the PDFs; Noto has the letters of names that the reports' own typeface lacks.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home planner \
    && install -d -o planner -g planner -m 0750 /data
WORKDIR /app
ENV PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp DATA_DIR=/data
COPY --from=packages /app/.venv .venv
COPY . .
COPY --from=front-end /app/static/build static/build
RUN ./run collectstatic && .venv/bin/python -m compileall -q assurance partnership plans reviews training
USER planner
VOLUME /data
EXPOSE 8000
CMD ["./run", "web"]
