#!/bin/bash
# torch 2.13.0 (PyPI): Adam and AdamW refuse a beta that is the whole number 0; NAdam, RAdam, Adamax and SparseAdam take it.
#
# Expected: `0 <= beta < 1` is what the range check before it says, a learning rate, a momentum or a weight decay may be whole
# everywhere, and GANs are trained with a first beta of nothing. So settings that went through JSON mean what they meant before.
# Instead: "betas must be either both floats or both Tensors". 0.0 is fine, so a file that Python wrote works until something that
# has one kind of number (JavaScript's JSON, yq, a sweep's server) writes it again: 0.0 becomes 0, and each training of it crashes.
#
# Output that was seen:
#   written by Python: [0.0, 0.99]
#   written again by Node: [0,0.99]
#   Adam: taken, then ValueError: betas must be either both floats or both Tensors
#   AdamW: taken, then ValueError: betas must be either both floats or both Tensors
#   NAdam: taken, then taken
#   RAdam: taken, then taken
#   Adamax: taken, then taken
#   SparseAdam: taken, then taken
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet torch==2.13.0
echo "written by Python: $(python3 -c 'import json; print(json.dumps([0.0, 0.99]))' | tee python.json)"
echo "written again by Node: $(node -e 'console.log(JSON.stringify(JSON.parse(require("fs").readFileSync("python.json"))))' | tee node.json)"
cat > take.py <<'PY'
import json
import warnings

warnings.simplefilter("ignore")
import torch

weights = [torch.nn.Parameter(torch.zeros(2, 2))]


def taken(name, file):
    try:
        getattr(torch.optim, name)(weights, lr=1, betas=tuple(json.load(open(file))))
    except ValueError as error:
        return "ValueError: %s" % error
    return "taken"


for name in ["Adam", "AdamW", "NAdam", "RAdam", "Adamax", "SparseAdam"]:
    print("%s: %s, then %s" % (name, taken(name, "python.json"), taken(name, "node.json")))
PY
venv/bin/python take.py | tee seen
[ "$(grep -c 'Adam.*: taken, then ValueError' seen)" = 2 ] && [ "$(grep -c ': taken, then taken' seen)" = 4 ] ||
  { echo 'The behaviour has changed: Adam takes a whole beta as its siblings do.'; exit 1; }
