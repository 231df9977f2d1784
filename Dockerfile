# The app as an image: no root, nothing written but to /data.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/srv/.venv/bin:$PATH
WORKDIR /srv

COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE plugin_manifest.json ./
COPY app app
COPY migrations migrations
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && if [ -d app/translations ]; then pybabel --quiet compile --directory app/translations; fi \
    && useradd --system --home-dir /data --create-home stamkunde

USER stamkunde
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD python -c "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz')"
CMD ["stamkunde", "web"]
