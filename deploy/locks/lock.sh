#!/bin/sh
# Resolve pyproject.toml into lock files with hashes; no index address is written into them.
# cpu: what `make demo` and a node need. gpu: the same with CUDA. dev: cpu, training, and what tests need.
set -eu
cd "$(dirname "$0")/../.."
resolve() {
  out=$1
  shift
  uv pip compile pyproject.toml "$@" --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --quiet --output-file "deploy/locks/$out.txt"
}
resolve cpu --extra cpu --extra demo
resolve gpu --extra gpu --extra demo
resolve dev --extra cpu --extra demo --extra train --group dev
