# The image of the action: the public Python image, the program, its requirements, and byte code for all of it.
# The runner builds it with a plain `docker build`, so it needs neither a frontend image nor BuildKit.

# An exact tag; the release workflow records the digest it stood for. Another base: --build-arg PYTHON_IMAGE=...
ARG PYTHON_IMAGE=python:3.14.7-slim-trixie

# Everything that the final image adds to its base is laid out below /out.
FROM ${PYTHON_IMAGE} AS build
COPY requirements/run.txt /build/
RUN pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-compile \
      --require-hashes --only-binary :all: --no-deps --target /out/action/src -r /build/run.txt
COPY *.py /out/action/
COPY src/actions_toolkit /out/action/src/actions_toolkit
COPY src/release_assets /out/action/src/release_assets
COPY scripts/pack_image.py /build/
RUN python3 -I /build/pack_image.py /out

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="publish-release-assets" \
      org.opencontainers.image.description="Puts files on a GitHub release and never loses one" \
      org.opencontainers.image.licenses="MIT"
# Nothing that installs software is needed any more.
RUN rm -rf /usr/local/lib/python3*/*-packages/* /usr/local/bin/pip* \
      "$(python3 -I -B -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/ensurepip"
COPY --from=build /out/ /
# Isolated and by absolute paths: PATH, PYTHONPATH, PYTHONHOME and the like leak in from the job, and must not matter.
# The user is root, as the mounts of the runner require.
ENTRYPOINT ["/usr/local/bin/python3", "-I", "/action/entrypoint.py"]
