# Briefer in a container: it stays in the foreground and makes each issue when it is due (see compose.yaml).
#   docker build -t briefer .
# No secrets are built in: keys and passwords come from the environment or from mounted files.
FROM python:3.13-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/briefer
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY briefer briefer
COPY prompts prompts
COPY templates templates
COPY examples examples
# tzdata: the edition's time zone, whatever the base image holds.
RUN /opt/briefer/bin/pip install '.[offline]' tzdata


FROM python:3.13-slim

RUN useradd --uid 10001 --create-home --home-dir /data briefer
COPY --from=build /opt/briefer /opt/briefer
# The archive is in /data, the issues in /data/out. Mount a volume there: without it nothing is remembered.
ENV PATH=/opt/briefer/bin:$PATH BRIEFER_HOME=/data PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
# SIGTERM, which `docker stop` sends, ends it cleanly.
ENTRYPOINT ["briefer"]
CMD ["schedule", "/editions/morning.toml", "--at", "06:30", "--days", "mon-fri", "--foreground"]
