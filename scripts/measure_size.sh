#!/usr/bin/env bash
# Megabytes of a default installation (no extras, without pip and setuptools); fails over the limit.
set -euo pipefail
limit=120
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet "$checkout"
cd "$work"/venv/lib/python*/site-packages
rm -rf pip pip-* setuptools setuptools-* pkg_resources _distutils_hack
du -sm -- */ | sort -rn | head -n 8
total=$(du -sm . | cut -f1)
echo "$total MB installed, limit $limit MB"
[ "$total" -le "$limit" ]
