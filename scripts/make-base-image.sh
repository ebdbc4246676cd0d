#!/bin/bash
# make-base-image.sh [TAG] [SUITE]: make a substitute for the public python:*-slim image from Debian packages.
#
# Only for machines that reach a Debian mirror but no container registry: it lets them build and test the image with
#   docker build --build-arg PYTHON_IMAGE=TAG .
# It resembles the public image where the Dockerfile looks: /usr/local/bin/python3, pip in /usr/local/lib, ensurepip,
# no byte code, the certificates of this machine. Its Python is the suite's (3.13 in trixie), and lives in /usr.
# Needs root, mmdebstrap and a Docker daemon. DEBIAN_MIRROR may name another mirror.
set -euo pipefail
tag=${1:-publish-release-assets-base} suite=${2:-trixie}

# The hooks below run with the new root directory as $1.
link_python='ln -s /usr/bin/python3 "$1/usr/local/bin/python3"; ln -s python3 "$1/usr/local/bin/python"'
unpack_pip='cd "$1" && packages=$(ls -d usr/local/lib/python3*/dist-packages) &&
  chroot "$1" python3 -m zipfile -e "$(ls usr/share/python-wheels/pip-*.whl | sed s,^,/,)" "/$packages" &&
  printf "#!/usr/local/bin/python3\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n" >usr/local/bin/pip &&
  chmod 755 usr/local/bin/pip && rm -f usr/lib/python3*/EXTERNALLY-MANAGED'
copy_certificates='if ls /usr/local/share/ca-certificates/*.crt >/dev/null 2>&1; then
  mkdir -p "$1/usr/local/share/ca-certificates" &&
  cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/" &&
  chroot "$1" update-ca-certificates >/dev/null; fi'
clean='find "$1/usr" -name __pycache__ -prune -exec rm -rf {} +
  rm -rf "$1"/usr/share/python-wheels "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*'

# To a file first: an interrupted run must not leave an incomplete image for the next run.
tree=$(mktemp)
trap 'rm -f "$tree"' EXIT
# The mirror is optional; an empty argument would count as one.
mmdebstrap --quiet --variant=apt \
  --include=python3,python3-venv,ca-certificates \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --aptopt='APT::Install-Recommends "false"' \
  --customize-hook="$link_python" \
  --customize-hook="$unpack_pip" \
  --customize-hook="$copy_certificates" \
  --customize-hook="$clean" \
  --format=tar \
  "$suite" "$tree" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
docker import \
  --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV LANG=C.UTF-8' \
  --change 'CMD ["python3"]' \
  "$tree" "$tag"
