#!/usr/bin/env bash
# Makes a virtual environment from requirements-dev.lock (hashed) and installs this tree into it, editable.
# Needs Python 3.11 to 3.14, and uv or pip. Usage: tools/setup.sh [.venv]
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "Mainstay needs Python 3.11 to 3.14; none was found. Install one, or name it: PYTHON=/path make setup" >&2
  exit 1
}

has_uv() { uv --version >/dev/null 2>&1; }

make_venv() {
  local python=$1
  if has_uv; then
    uv venv --quiet --python "$python" "$venv"
  else
    # Some systems ship venv without its own pip; the pip outside can then install into it.
    "$python" -m venv "$venv" 2>/dev/null || "$python" -m venv --clear --without-pip "$venv"
  fi
}

install() {
  if has_uv; then
    uv pip install --quiet --python "$venv/bin/python" "$@"
  elif "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  else
    "$(find_python)" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check "$@"
  fi
}

if [ ! -x "$venv/bin/python" ]; then
  python=$(find_python)
  make_venv "$python"
fi
install --require-hashes -r requirements-dev.lock
install --no-deps --no-build-isolation -e .
echo "Set up in $venv: $("$venv/bin/mainstay" --version)"
