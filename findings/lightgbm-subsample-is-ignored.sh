#!/bin/bash
# lightgbm 4.7.0 (PyPI): `subsample` (`bagging_fraction`) changes nothing unless `subsample_freq` (`bagging_freq`) is above 0, and 0 is its default.
#
# Expected: LGBMRegressor(subsample=0.1) trains each tree on a tenth of the rows, as XGBRegressor(subsample=0.1) does, or says that it
# does not; then another random_state gives another model, and a search over `subsample` measures something.
# Instead: every share and every seed give the same model to the last bit, and no warning names it, at the default verbosity. A search
# sees a flat knob, and runs with different seeds agree to the last digit, so that the noise of the training looks like none.
#
# Output that was seen:
#   nothing set: 58.762037
#   subsample=0.1: 58.762037
#   subsample=0.1, another seed: 58.762037
#   bagging_fraction=0.1: 58.762037
#   subsample=0.1, subsample_freq=1: 64.540415
#   lines that name bagging_freq or subsample_freq: 0
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet lightgbm==4.7.0 scikit-learn==1.9.1
cat > fit.py <<'PY'
import lightgbm
from sklearn.datasets import load_diabetes

x, y = load_diabetes(return_X_y=True)
for name, params in {
    "nothing set": {},
    "subsample=0.1": {"subsample": 0.1},
    "subsample=0.1, another seed": {"subsample": 0.1, "random_state": 7},
    "bagging_fraction=0.1": {"bagging_fraction": 0.1},
    "subsample=0.1, subsample_freq=1": {"subsample": 0.1, "subsample_freq": 1},
}.items():
    model = lightgbm.LGBMRegressor(n_estimators=50, n_jobs=1, **params).fit(x[:350], y[:350])
    print("%s: %.6f" % (name, ((model.predict(x[350:]) - y[350:]) ** 2).mean() ** 0.5), flush=True)
PY
venv/bin/python fit.py > log 2>&1
grep -E '^(nothing|subsample|bagging)' log | tee seen
echo "lines that name bagging_freq or subsample_freq: $(grep -v '^subsample=0.1, ' log | grep -cE 'bagging_freq|subsample_freq' || true)" | tee -a seen
same=$(grep -v subsample_freq seen | sed 's/.*: //' | sort -u | wc -l)
with=$(grep -c "$(sed -n 's/^nothing set: //p' seen)" seen)
[ "$same" = 1 ] && [ "$with" = 4 ] && grep -q 'subsample_freq: 0$' seen || { echo 'The behaviour has changed: the share of the rows has an effect by itself, or a warning says that it has none.'; exit 1; }
