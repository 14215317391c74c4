#!/bin/bash
# wandb 0.31.0 (PyPI): the folder `wandb/` that a run leaves makes `import wandb` succeed where wandb is not installed.
#
# Expected: a training script that guards its import (`try: import wandb`, `except ImportError: wandb = None`), as most do, goes
# without wandb in a Python that lacks it, in the same folder too in which it has been run with wandb before.
# Instead: wandb writes its runs into `./wandb/`, Python takes a folder without code for a namespace package, and scripts have
# the current folder first on their path. So the import succeeds, `wandb` is truthy and empty, and the first use of it ends
# the training.
#
# Output that was seen:
#   before: goes without wandb
#   after: AttributeError: module 'wandb' has no attribute 'init'
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv with && with/bin/pip install --quiet wandb==0.31.0
python3 -m venv without
mkdir project && cd project
cat > train.py <<'PY'
try:
    import wandb
except ImportError:
    wandb = None
if wandb:
    run = wandb.init(mode="offline", project="p", settings=wandb.Settings(silent=True, console="off"))
    run.log({"loss": 1.0})
    run.finish()
else:
    print("goes without wandb")
PY
../without/bin/python train.py 2>&1 | tail -1 | sed 's/^/before: /' | tee ../seen
../with/bin/python train.py >/dev/null 2>&1
(../without/bin/python train.py 2>&1 || true) | tail -1 | sed 's/^/after: /' | tee -a ../seen
grep -q 'before: goes without' ../seen && grep -q "after: AttributeError: module 'wandb' has no attribute" ../seen || { echo 'The behaviour has changed: the folder that a run leaves is not taken for the package.'; exit 1; }
