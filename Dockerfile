# docker build -t audit . && docker run --rm --read-only -v "$PWD:/work:ro" audit check reports/
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY auditor auditor
COPY rules rules
COPY man man
RUN python -m venv /opt/audit \
    && /opt/audit/bin/pip install --no-cache-dir --disable-pip-version-check \
        --constraint constraints.txt . \
    # What the rules come to is kept beside the bytecode here, for nothing can be written later.
    && /opt/audit/bin/audit rules list >/dev/null

FROM python:3.12-slim-bookworm
COPY --from=build /opt/audit /opt/audit
ENV PATH=/opt/audit/bin:$PATH PYTHONDONTWRITEBYTECODE=1
# Nobody: no name, no home, nothing that is its own.
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["audit"]
CMD ["--help"]
