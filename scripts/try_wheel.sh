#!/usr/bin/env bash
# Build the wheel, install it into a clean environment outside the checkout, and grade a shipped sample from a folder that knows nothing of the checkout.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1

"$python" -m build --wheel --outdir "$work/dist" "$checkout" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet "$work"/dist/*.whl

mkdir "$work/elsewhere"
cd "$work/elsewhere"
sample=$("$work/venv/bin/python" -c 'import grader, pathlib; print(pathlib.Path(grader.__file__).parent / "_samples" / "cdk-go-five-stacks")')
"$work/venv/bin/grader" grade "$sample" -o "$work/elsewhere/out" >"$work/table"
cat "$work/table"
find out -type f -name '*.md' | grep -q . || { echo 'the installed package wrote no report' >&2; exit 1; }
find out -type f -name '*.json' | grep -q . || { echo 'the installed package wrote no record' >&2; exit 1; }
echo "$(basename "$work"/dist/*.whl): graded $(basename "$sample") outside the checkout"
