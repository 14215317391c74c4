"""Answers what to try next with Optuna; keeps no state between two questions.

    python ask_optuna.py [FOLDER ...]           one JSON question per line on stdin, one JSON answer per line on stdout
    python ask_optuna.py --probe [FOLDER ...]   says in one JSON object what is there

FOLDERs are package folders to look into after the interpreter's own. A question carries the space, the finished trials,
those in flight and a seed; a fresh study in memory is filled with them, and one proposal comes back. The same question has
the same answer in every process, so whoever dies, nothing has to be rebuilt. Scores are to be minimised.
"""
import importlib.util
import json
import math
import os
import signal
import sys
import warnings

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
warnings.filterwarnings("ignore")

# The first proposals do not ask a model, which would know nothing yet.
START_TRIALS = {"gp": 5, "tpe": 10}
# Beyond this many trials the Gaussian process, cubic in them, gives way to TPE.
MOST_GP_TRIALS = 250
# A Gaussian process may talk itself into a bad place and stay there: so often TPE, which thinks otherwise, is asked instead.
TPE_EVERY = 5
# How often one trial's runs are shown to the Gaussian process, which learns the noise from their difference.
MOST_REPEATS = 5
# About so many knobs are turned at a time; a number of a start by this share of its range, as a standard deviation.
TURNED = 3
START_SPREAD = 0.2
# So many candidates are weighed, whose numbers are turned by between these shares of their ranges.
CANDIDATES = 2048
NARROWEST, WIDEST = 0.01, 0.3


def has_gp():
    return all(importlib.util.find_spec(name) for name in ("torch", "scipy"))


def choose_sampler(question):
    asked = question["sampler"]
    trials = len(question["trials"])
    if asked == "tpe" or trials > MOST_GP_TRIALS or not has_gp():
        return "tpe"
    return "tpe" if asked == "automatic" and trials % TPE_EVERY == TPE_EVERY - 1 else "gp"


def propose(question):
    import numpy
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = choose_sampler(question)
    seed = question["seed"] % 2**31
    begun = len(question["trials"]) + len(question["running"])
    measured = [trial for trial in question["trials"] if trial["scores"]]
    if begun < START_TRIALS[sampler] or not measured:
        return {"values": start_point(question, numpy.random.RandomState(seed)), "sampler": "a start around the current values"}
    study = optuna.create_study(sampler=create_sampler(sampler, question, seed))
    fill(study, question, is_noise_modelled=sampler == "gp")
    trial = study.ask({dimension["name"]: distribution(dimension) for dimension in question["space"]})
    label = {"gp": "a Gaussian process", "tpe": "TPE"}[sampler]
    return {"values": trial.params, "sampler": label}


def start_point(question, rng):
    """A few of the current values moved: numbers by a normal share of their range, choices to any."""
    values = {}
    share = min(1.0, TURNED / len(question["space"]))
    for dimension in question["space"]:
        name = dimension["name"]
        now = question["current"].get(name)
        if now is not None and rng.uniform() >= share:
            values[name] = now
            continue
        if dimension["kind"] == "choice":
            values[name] = int(rng.randint(dimension["count"]))
            continue
        scale, unscale = (math.log, math.exp) if dimension["log"] else (float, float)
        bottom, top = scale(dimension["low"]), scale(dimension["high"])
        place = bottom + (top - bottom) * rng.uniform()
        if now is not None:
            moved = scale(now) + START_SPREAD * (top - bottom) * rng.normal()
            place = moved if bottom <= moved <= top else place
        value = unscale(place)
        value = int(round(value)) if dimension["kind"] == "int" else value
        values[name] = min(dimension["high"], max(dimension["low"], value))
    return values


def distribution(dimension, values=()):
    """The dimension as Optuna knows it, wide enough for these values."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if dimension["kind"] == "choice":
        return CategoricalDistribution(tuple(range(dimension["count"])))
    low, high = min([dimension["low"], *values]), max([dimension["high"], *values])
    if dimension["kind"] == "int":
        return IntDistribution(int(low), int(high), log=dimension["log"])
    return FloatDistribution(low, high, log=dimension["log"])


def create_sampler(name, question, seed):
    import optuna

    space = {dimension["name"]: distribution(dimension) for dimension in question["space"]}
    base = optuna.samplers.GPSampler if name == "gp" else optuna.samplers.TPESampler

    class Sampler(base):
        # Trials may lie beyond the bounds that proposals keep to.
        def infer_relative_search_space(self, study, trial):
            return {name: each for name, each in space.items() if not each.single()}

        # The hook that Optuna's Gaussian process has for "advanced users"; TPE never calls it.
        def _optimize_acqf(self, acqf, best_params):
            return best_candidate(acqf, best_params, self._rng.rng)

    if name == "gp":
        return Sampler(seed=seed, n_startup_trials=1, deterministic_objective=False, warn_independent_sampling=False)
    return Sampler(seed=seed, n_startup_trials=1, multivariate=True, constant_liar=True)


def fill(study, question, is_noise_modelled):
    import optuna

    trials, running = question["trials"], question["running"]
    worst = max(score for trial in trials for score in trial["scores"])
    rows = []
    for trial in trials:
        scores = trial["scores"] or [worst]
        rows.extend((trial, score) for score in (scores[:MOST_REPEATS] if is_noise_modelled else [sum(scores) / len(scores)]))
    has_failures = any(not trial["scores"] for trial in trials)
    everything = [trial["values"] for trial in trials] + running
    distributions = {
        dimension["name"]: distribution(dimension, [values[dimension["name"]] for values in everything])
        for dimension in question["space"]
    }
    for (trial, _), score in zip(rows, flatten([score for _, score in rows])):
        # A failure is as bad as the worst score, and a constraint that was broken: the samplers learn where they happen.
        attributes = {"constraints": (-1.0 if trial["scores"] else 1.0,)} if has_failures else {}
        study.add_trial(
            optuna.trial.create_trial(
                params=trial["values"], distributions=distributions, value=score, system_attrs=attributes
            )
        )
    for values in running:
        study.add_trial(
            optuna.trial.create_trial(
                params=values, distributions=distributions, state=optuna.trial.TrialState.RUNNING
            )
        )


def flatten(scores):
    """Bad scores pressed together, good ones left apart: how bad the worst are need not be modelled."""
    best, middle = min(scores), sorted(scores)[len(scores) // 2]
    if middle <= best:
        return scores
    shares = [(score - middle) / (middle - best) for score in scores]
    return [share if share <= 0 else math.log1p(share) for share in shares]


def best_candidate(acqf, best_params, rng):
    """The most promising of many points a few knobs away from the best, then nearer and nearer to the most promising.

    Nothing is asked from all over the space: among twenty knobs a model of forty trials knows nothing there (Eriksson et al.,
    TuRBO, arXiv 1910.01739). And it takes a tenth of the time that gradients take.
    """
    import numpy

    space = acqf.search_space
    if best_params is None:
        points = space.sample_normalized_params(CANDIDATES, rng)
        return points[acqf.eval_acqf_no_grad(points).argmax()]
    centre = best_params.clip(0, 1)
    start = numpy.repeat(centre, CANDIDATES, 0)
    spread = numpy.exp(rng.uniform(math.log(NARROWEST), math.log(WIDEST), size=len(start)))
    points = turn(space, start, spread, TURNED, rng)
    scores = acqf.eval_acqf_no_grad(points)
    for width in (0.1, 0.05, 0.02, 0.01, 0.005):
        top = points[numpy.argsort(-scores, kind="stable")[:16]]
        again = numpy.repeat(top, 16, 0)
        moved = turn(space, again, numpy.full(len(again), width), 2, rng)
        # What stands where the best has it stays there.
        points = numpy.concatenate([top, numpy.where(again == centre, again, moved)])
        scores = acqf.eval_acqf_no_grad(points)
    return points[scores.argmax()]


def turn(space, points, spread, knobs, rng):
    """The points with about so many of their knobs turned: numbers by their spread, at least a step, and choices to any."""
    import numpy

    levels = dict(zip(space.discrete_indices.tolist(), space.get_choices_of_discrete_params()))
    moved = points + spread[:, None] * rng.normal(size=points.shape)
    for index, places in levels.items():
        if space.is_categorical[index]:
            moved[:, index] = rng.choice(places, size=len(points))
            continue
        step = numpy.sign(moved[:, index] - points[:, index]) / max(1, len(places) - 1)
        wanted = numpy.where(abs(moved[:, index] - points[:, index]) < abs(step), points[:, index] + step, moved[:, index])
        moved[:, index] = places[abs(wanted[:, None] - places[None, :]).argmin(1)]
    is_turned = rng.uniform(size=points.shape) < min(1.0, knobs / space.dim)
    is_turned[numpy.arange(len(points)), rng.randint(space.dim, size=len(points))] = True
    turned = numpy.where(is_turned, moved, points)
    return numpy.where(space.is_categorical, turned, turned.clip(0, 1))


def probe():
    found = importlib.util.find_spec("optuna") is not None
    version = None
    if found:
        from importlib.metadata import version as version_of

        version = version_of("optuna")
    sites = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    python = "{}.{}".format(*sys.version_info[:2])
    print(json.dumps({"optuna": version, "gp": has_gp(), "version": python, "sites": sites}))


def main(arguments):
    sys.path.extend(argument for argument in arguments if argument != "--probe")
    if "--probe" in arguments:
        return probe()
    # Ctrl-C is for whoever asks; this process ends when its questions do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        try:
            answer = propose(json.loads(line))
        except Exception as error:
            answer = {"error": "{}: {}".format(type(error).__name__, error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
