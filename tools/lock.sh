#!/usr/bin/env bash
# Writes the lock files from pyproject.toml: every version pinned and hashed, for all platforms, no host named.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header "$@" pyproject.toml
}
compile --output-file requirements.lock
compile --extra platform --constraints requirements.lock --output-file requirements-platform.lock
compile --extra platform --group dev --constraints requirements-platform.lock --output-file requirements-dev.lock
