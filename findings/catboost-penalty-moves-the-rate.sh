#!/bin/bash
# catboost 1.2.8 (PyPI): to name `l2_leaf_reg` or `leaf_estimation_iterations`, even at the value it has, takes the learning rate from .092 to .03.
#
# Expected: a penalty that is given the value it has anyway changes nothing, and one that is turned a little moves the score a little,
# so that a search that turns this one knob measures this one knob.
# Instead: where no learning rate is named, it is worked out from the iterations and the rows, but only as long as neither of the two
# (nor `leaf_estimation_method`) is named; else it is .03. `get_all_params` gives the penalty as 3 both times, and the log says
# "Learning rate set to" only where it is worked out. The first step of a search on the penalty is worth
# 2.2 of 56.9 here, all of it the rate's: with the rate held, 3 and unset agree to the last digit. Other knobs (`depth`, `random_strength`) do nothing of the kind.
#
# Output that was seen:
#   nothing named: rate 0.092309, penalty 3, error 56.913273
#   l2_leaf_reg=3: rate 0.030000, penalty 3, error 54.732626
#   leaf_estimation_iterations=1: rate 0.030000, penalty 3, error 54.732626
#   depth=6: rate 0.092309, penalty 3, error 56.913273
#   learning_rate=0.03: rate 0.030000, penalty 3, error 54.732626
#   learning_rate=0.03, l2_leaf_reg=3: rate 0.030000, penalty 3, error 54.732626
#   lines that name the learning rate: 2, of "nothing named" and "depth=6"
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet catboost==1.2.8 scikit-learn==1.9.1
cat > fit.py <<'PY'
from catboost import CatBoostRegressor
from sklearn.datasets import load_diabetes

x, y = load_diabetes(return_X_y=True)
for name, params in {
    "nothing named": {},
    "l2_leaf_reg=3": {"l2_leaf_reg": 3},
    "leaf_estimation_iterations=1": {"leaf_estimation_iterations": 1},
    "depth=6": {"depth": 6},
    "learning_rate=0.03": {"learning_rate": 0.03},
    "learning_rate=0.03, l2_leaf_reg=3": {"learning_rate": 0.03, "l2_leaf_reg": 3},
}.items():
    model = CatBoostRegressor(
        iterations=300, random_seed=0, thread_count=1, allow_writing_files=False, metric_period=100, **params
    ).fit(x[:350], y[:350])
    used, error = model.get_all_params(), ((model.predict(x[350:]) - y[350:]) ** 2).mean() ** 0.5
    print("%s: rate %.6f, penalty %g, error %.6f" % (name, used["learning_rate"], used["l2_leaf_reg"], error), flush=True)
PY
venv/bin/python fit.py > log 2>&1
grep 'penalty' log | tee seen
said=$(grep -v penalty log | grep -ciE 'learning.rate' || true)
echo "lines that name the learning rate: $said, of \"nothing named\" and \"depth=6\""
rate() { sed -n "s/^$1: rate \([0-9.]*\),.*/\1/p" seen; }
error() { sed -n "s/^$1: .*error //p" seen; }
[ "$(rate 'l2_leaf_reg=3')" = 0.030000 ] && [ "$(rate 'nothing named')" != 0.030000 ] && [ "$(rate 'nothing named')" = "$(rate 'depth=6')" ] &&
  [ "$(error 'learning_rate=0.03')" = "$(error 'learning_rate=0.03, l2_leaf_reg=3')" ] && [ "$said" = 2 ] ||
  { echo 'The behaviour has changed: to name the penalty leaves the learning rate alone.'; exit 1; }
