"""Serves a list of trials, {"value": 2.1, "params": {"train.py:RATE": 0.1}}, with optuna-dashboard, all of them in memory."""
import json
import sys

import optuna
import optuna_dashboard
from optuna.distributions import FloatDistribution

optuna.logging.set_verbosity(optuna.logging.WARNING)
trials = json.load(open(sys.argv[1]))
storage = optuna.storages.InMemoryStorage()
# Its pages do not open a study with the number 0.
optuna.create_study(storage=storage, study_name="first")
study = optuna.create_study(storage=storage, study_name="bench", direction="minimize")
spread = FloatDistribution(0.0, 10.0)
for trial in trials:
    distributions = {key: spread for key in trial["params"]}
    study.add_trial(optuna.create_trial(value=trial["value"], params=trial["params"], distributions=distributions))
optuna_dashboard.run_server(storage, host="127.0.0.1", port=int(sys.argv[2]))
