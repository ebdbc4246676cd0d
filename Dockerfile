# The image of the action: the public Python image without what installs software, the program, its requirements, and byte
# code for all of it. The runner builds it with a plain `docker build`, so it needs neither a frontend image nor BuildKit.
# The same input makes the same layers, whoever builds it, when and where: docs/releasing.md tells how to check that.

# An exact tag; the release workflow records the digest it stood for. Another base: --build-arg PYTHON_IMAGE=...
ARG PYTHON_IMAGE=python:3.14.7-slim-trixie
FROM ${PYTHON_IMAGE} AS base

# The final image is laid out below /base and /out: what is there already, and what is added to it.
FROM base AS build
COPY requirements/run.txt /build/
RUN pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-compile \
      --require-hashes --only-binary :all: --no-deps --target /out/action/src -r /build/run.txt
COPY *.py /out/action/
COPY src/actions_toolkit /out/action/src/actions_toolkit
COPY src/release_assets /out/action/src/release_assets
COPY scripts/pack_image.py /build/
COPY --from=base / /base/
# Without a random seed of hashes, on which byte code may depend.
RUN PYTHONHASHSEED=0 python3 -sP /build/pack_image.py /base /out

# From nothing: a layer that removes from another holds the time when it did.
FROM scratch
COPY --from=build /base/ /
COPY --from=build /out/ /
ARG PYTHON_IMAGE
LABEL org.opencontainers.image.title="publish-release-assets" \
      org.opencontainers.image.description="Puts files on a GitHub release and never loses one" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}"
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
# Isolated and by absolute paths: PATH, PYTHONPATH, PYTHONHOME and the like leak in from the job, and must not matter.
# The user is root, as the mounts of the runner require.
ENTRYPOINT ["/usr/local/bin/python3", "-I", "/action/entrypoint.py"]
