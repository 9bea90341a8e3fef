# Antichambre in a container: `docker build -t antichambre .` With DATABASE_URL it uses that PostgreSQL, without it starts
# the embedded one in /var/lib/antichambre. It runs as an ordinary user and holds no secret: those come with its environment.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Everything that is downloaded is locked by its hash: what runs, and setuptools, which packs our own wheel.
COPY requirements.txt requirements-dev.txt ./
RUN python -m venv --without-pip /opt/antichambre \
    && python -m pip --python /opt/antichambre install --require-hashes -r requirements.txt \
    && sed -n '/^setuptools==/,/[^\\]$/p' requirements-dev.txt > build-tool.txt \
    && python -m pip install --require-hashes --no-deps -r build-tool.txt

COPY . .
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && python -m pip --python /opt/antichambre install --no-deps --no-index dist/*.whl \
    && /opt/antichambre/bin/python -m compileall -q /opt/antichambre \
    && /opt/antichambre/bin/python -c "from app.web.drawing import read_templates; read_templates()"


FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /var/lib/antichambre --shell /usr/sbin/nologin antichambre \
    && install -d -o antichambre -g antichambre -m 0700 /var/lib/antichambre
COPY --from=build /opt/antichambre /opt/antichambre

ENV PATH=/opt/antichambre/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ANTICHAMBRE_DATA_DIR=/var/lib/antichambre
USER antichambre
WORKDIR /var/lib/antichambre
VOLUME /var/lib/antichambre
EXPOSE 8000

# The slim image has no curl. An answer other than 2xx raises, which is exit code 1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2).close()"]

CMD ["antichambre", "serve", "--host", "0.0.0.0"]
