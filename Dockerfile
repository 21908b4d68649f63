# One image for every part: the command says which one a container is (compose.yaml). Without a command it is the whole
# house, which listens on loopback only:
#   docker build -t xbot-pipelines . && docker run --rm --network host --stop-timeout 60 xbot-pipelines
# Data lies in /data (XBOT_HOME): give it a volume to keep it.

FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS build
WORKDIR /app
COPY uv-requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r uv-requirements.txt
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
# First what changes rarely, so that a change of our code does not install the world again.
COPY pyproject.toml uv.lock ./
# EXTRA=kubernetes: with what starts each run as a pod of its own.
ARG EXTRA=
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project ${EXTRA:+--extra $EXTRA}
COPY README.md LICENSE dagster.yaml workspace.yaml ./
COPY deploy/workspace.accounts.yaml deploy/
COPY accounts/practice.toml accounts/
COPY xbot_pipelines xbot_pipelines
# Compiled here, because a container with a read-only root would compile everything at each start.
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev ${EXTRA:+--extra $EXTRA} \
    && python -m compileall -q xbot_pipelines

FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
# tini reaps what Chromium leaves behind when it is killed; without it zombies remain until the container ends.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji tini \
    && rm -rf /var/lib/apt/lists/*
# Nothing in here needs root, and neither Chromium nor PostgreSQL likes to be it. What is owned by root, nobody changes.
RUN useradd --create-home --uid 10001 xbot && install --directory --owner xbot --group xbot /data /data/dagster \
    && install --directory --owner xbot --group xbot --mode 0700 /data/run
COPY --from=build /app /app
COPY deploy/dagster-webserver /app/bin/
# OPENBLAS_NUM_THREADS: learning inverts small matrices, and threads that share one only wait for each other.
ENV PATH=/app/bin:/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1 \
    XBOT_HOME=/data XBOT_ACCOUNTS=/app/accounts DAGSTER_HOME=/data/dagster
USER 10001:10001
WORKDIR /app
VOLUME /data
# Without -g: only the program itself hears that the container is to end. It ends what it has started in its own order,
# and the daemon waits for its runs (xbot_pipelines/operate/daemon.py).
ENTRYPOINT ["tini", "--"]
CMD ["xbot", "up"]
