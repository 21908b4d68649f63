# One image for everything. Its command says what a container does; without one it is the whole house, which listens on
# loopback only:  docker build -t xbot-pipelines . && docker run --rm --network host xbot-pipelines
# The data folder is /data (XBOT_HOME): give it a volume to keep it.

FROM python:3.13-slim-trixie AS build
RUN pip install --no-cache-dir 'uv>=0.13,<0.14'
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
# First what changes rarely, so that a change of our code does not install the world again.
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE dagster.yaml workspace.yaml ./
COPY accounts accounts
COPY xbot_pipelines xbot_pipelines
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev

FROM python:3.13-slim-trixie
# tini reaps what Chromium leaves behind when it is killed; without it zombies remain until the container ends.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji tini \
    && rm -rf /var/lib/apt/lists/*
# Nothing in here needs root, and neither Chromium nor PostgreSQL likes to be it.
RUN useradd --create-home --uid 10001 xbot && install --directory --owner xbot --group xbot /data
COPY --from=build --chown=xbot:xbot /app /app
ENV PATH=/app/.venv/bin:$PATH XBOT_HOME=/data XBOT_ACCOUNTS=/app/accounts PYTHONUNBUFFERED=1
USER xbot
WORKDIR /app
VOLUME /data
ENTRYPOINT ["tini", "-g", "--"]
CMD ["xbot", "up"]
