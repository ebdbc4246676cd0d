# The image of the action: of the public Python image only what Python needs, a few programs that runners start, the program and
# its requirements, all as byte code. The runner builds it with a plain `docker build`, so it needs neither a frontend image nor
# BuildKit. The same input makes the same layers, whoever builds it, when and where: docs/releasing.md tells how to check that.

# An exact tag; the release workflow records the digest it stood for. Another base: --build-arg PYTHON_IMAGE=...
ARG PYTHON_IMAGE=python:3.14.7-slim-trixie
FROM ${PYTHON_IMAGE} AS build
COPY requirements/run.txt /build/
RUN pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-compile \
      --require-hashes --only-binary :all: --no-deps --target /build/program/action/src -r /build/run.txt
COPY *.py /build/program/action/
COPY src/actions_toolkit /build/program/action/src/actions_toolkit
COPY src/release_assets /build/program/action/src/release_assets
COPY scripts/image /build/scripts/image
# Without a random seed of hashes, on which byte code may depend; and without the columns of the source, which only a
# traceback with source lines shows.
RUN mkdir /build/system && \
    PYTHONHASHSEED=0 PYTHONPATH=/build python3 -sP -X no_debug_ranges -m scripts.image /build/system /build/program

# From nothing: a layer that removes from another holds the time when it did.
FROM scratch
COPY --from=build /build/system/ /
COPY --from=build /build/program/ /
ARG PYTHON_IMAGE
LABEL org.opencontainers.image.title="publish-release-assets" \
      org.opencontainers.image.description="Puts files on a GitHub release and never loses one" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}"
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
# Isolated and by absolute paths: PATH, PYTHONPATH, PYTHONHOME and the like leak in from the job, and must not matter.
# The user is root, as the mounts of the runner require.
ENTRYPOINT ["/usr/local/bin/python3", "-I", "/action/entrypoint.py"]
