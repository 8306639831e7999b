# docker build -t audit . && docker run --rm --read-only -v "$PWD:/work:ro" audit check reports/
FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254 AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py constraints.txt README.md LICENSE ./
COPY auditor auditor
COPY rules rules
COPY docs/man docs/man
RUN python -m venv /opt/audit \
    && /opt/audit/bin/pip install --no-cache-dir --disable-pip-version-check \
        --constraint constraints.txt .

FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254
COPY --from=build /opt/audit /opt/audit
ENV PATH=/opt/audit/bin:$PATH PYTHONDONTWRITEBYTECODE=1
# Nobody: no name, no home, nothing that is its own.
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["audit"]
CMD ["--help"]
