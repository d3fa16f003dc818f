# Builds the wheel as a release would and installs it within the tested versions.
FROM python:3.13-slim AS builder

WORKDIR /build
RUN python -m venv /opt/mockalog
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY migrations migrations
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --quiet --no-deps --wheel-dir dist . \
    && /opt/mockalog/bin/pip install --quiet -c constraints.txt dist/*.whl


# Only what runs: no sources, no build tools, nobody's rights but its own.
FROM python:3.13-slim

RUN useradd --system --uid 10001 --no-create-home mockalog \
    && install --directory --owner mockalog --group mockalog /data
COPY --from=builder /opt/mockalog /opt/mockalog

# In a container the loopback address would be out of reach for everybody.
ENV PATH=/opt/mockalog/bin:$PATH \
    MOCKALOG_HOST=0.0.0.0

USER mockalog
WORKDIR /data
VOLUME /data
# The main port, then Squared's, Braze's and Attraqt's own.
EXPOSE 8000-8003

HEALTHCHECK --interval=5s --timeout=5s --start-period=20s --retries=3 CMD ["mockalog", "health"]
ENTRYPOINT ["mockalog"]
CMD ["serve"]
