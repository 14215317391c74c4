#!/usr/bin/env bash
# google-colab-cli 0.7.5: a GPU that `colab new --gpu` does not know is asked for as an A100.
#
# Expected: `--gpu V100` or `--gpu T4x` is refused, with the names that there are, before anything is asked for.
# Instead:  every name but T4, L4, G4, H100 and A100 stands for an A100, and `new` says only that the session is ready. `--tpu` does
#           the same: whatever is not v5e1 is a v6e1.
# Seen:     --gpu V100 => A100
#           --gpu T4x => A100
#           --tpu v5e => V6E1
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet google-colab-cli==0.7.5
# The function that `new`, `run` and `ssh` hand their flags to; what it gives is what the service is asked for.
HOME="$folder" "$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
from colab_cli.commands.session import resolve_runtime_options

for flag, name in [("gpu", "V100"), ("gpu", "T4x"), ("tpu", "v5e")]:
    print("--{} {} => {}".format(flag, name, resolve_runtime_options(**{flag: name})[1].value))
PYTHON
grep -q '^--gpu V100 => A100$' "$folder/seen" && grep -q '^--gpu T4x => A100$' "$folder/seen" || { echo 'An unknown GPU is refused.'; exit 1; }
