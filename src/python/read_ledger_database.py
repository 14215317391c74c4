"""Prints what a SQLite database of experiments holds, as one JSON object.

    python read_ledger_database.py optuna.db

The database is opened read-only and nothing in it is executed. `kind` is `optuna` (studies with their trials), `mlflow`
(experiments with their runs), `tables` (any other: all its tables) or `unreadable`.
"""
import json
import math
import sqlite3
import sys
from urllib.parse import quote

MAX_ROWS = 20000
MAX_COLUMNS = 300


def finite(value):
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def grouped(rows):
    """{key: {name: value}} out of (key, name, value)."""
    groups = {}
    for key, name, value in rows:
        groups.setdefault(key, {})[name] = value
    return groups


def parameter(value, distribution):
    """A choice is stored as its index."""
    try:
        choices = json.loads(distribution)["attributes"]["choices"]
        return choices[int(value)]
    except (KeyError, TypeError, ValueError, IndexError):
        return value


def optuna(db):
    directions = {}
    for study, direction in db.execute("select study_id, direction from study_directions order by objective"):
        directions.setdefault(study, []).append(str(direction).lower())
    values = {}
    columns = [row[1] for row in db.execute("pragma table_info(trial_values)")]
    kind = "value_type" if "value_type" in columns else "'FINITE'"
    query = "select trial_id, value, " + kind + " from trial_values order by trial_id, objective"
    for trial, value, value_kind in db.execute(query):
        values.setdefault(trial, []).append(finite(value) if value_kind == "FINITE" else None)
    params = {}
    for trial, name, value, distribution in db.execute(
        "select trial_id, param_name, param_value, distribution_json from trial_params"
    ):
        params.setdefault(trial, {})[name] = parameter(value, distribution)
    studies = []
    for study, name in db.execute("select study_id, study_name from studies order by study_id").fetchall():
        rows = db.execute(
            "select trial_id, number, state from trials where study_id = ? order by number limit ?", (study, MAX_ROWS)
        )
        trials = [
            {"number": number, "state": str(state), "values": values.get(trial, []), "params": params.get(trial, {})}
            for trial, number, state in rows
        ]
        studies.append({"name": str(name), "directions": directions.get(study, []), "trials": trials})
    return {"kind": "optuna", "studies": studies}


def mlflow(db):
    metrics = {}
    for run, name, value, is_nan in db.execute("select run_uuid, key, value, is_nan from latest_metrics"):
        metrics.setdefault(run, {})[name] = None if is_nan else finite(value)
    params = grouped(db.execute("select run_uuid, key, value from params"))
    experiments = []
    for experiment, name in db.execute("select experiment_id, name from experiments order by experiment_id").fetchall():
        rows = db.execute(
            "select run_uuid, name, status from runs where experiment_id = ? and lifecycle_stage = 'active'"
            " order by start_time limit ?",
            (experiment, MAX_ROWS),
        )
        runs = [
            {
                "id": str(run)[:8],
                "title": str(title or ""),
                "state": str(state or ""),
                "metrics": metrics.get(run, {}),
                "settings": params.get(run, {}),
            }
            for run, title, state in rows
        ]
        if runs:
            experiments.append({"name": str(name), "runs": runs})
    return {"kind": "mlflow", "experiments": experiments}


def plain(value):
    if isinstance(value, bytes):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def tables(db, names):
    found = []
    for name in sorted(names):
        cursor = db.execute('select * from "' + name.replace('"', '""') + '" limit ' + str(MAX_ROWS))
        columns = [column[0] for column in cursor.description][:MAX_COLUMNS]
        rows = [[plain(value) for value in row[:MAX_COLUMNS]] for row in cursor]
        found.append({"name": name, "columns": columns, "rows": rows})
    return {"kind": "tables", "tables": found}


def read(path):
    db = sqlite3.connect("file:" + quote(path) + "?mode=ro", uri=True)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        names = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
        if {"studies", "trials", "trial_values", "study_directions"} <= names:
            return optuna(db)
        if {"experiments", "runs", "latest_metrics"} <= names:
            return mlflow(db)
        return tables(db, {name for name in names if not name.startswith("sqlite_")})
    finally:
        db.close()


def main():
    try:
        reply = read(sys.argv[1])
    except sqlite3.Error as error:
        reply = {"kind": "unreadable", "reason": str(error)}
    sys.stdout.write(json.dumps(reply))


main()
