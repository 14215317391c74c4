"""Answers what to try next with Optuna; keeps no state between two questions.

    python ask_optuna.py [FOLDER ...]           one JSON question per line on stdin, one JSON answer per line on stdout
    python ask_optuna.py --probe [FOLDER ...]   says in one JSON object what is there

FOLDERs are package folders to look into after the interpreter's own. A question carries the space, the finished trials,
those in flight and a seed; a fresh study in memory is filled with them, and one proposal comes back. The same question has
the same answer in every process, so after a crash of either side nothing has to be rebuilt. Scores are to be minimised.
"""
import importlib.util
import json
import math
import os
import re
import signal
import sys
import warnings

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
warnings.filterwarnings("ignore")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from hyperparameters import Mixture, log_prior, possible_models
from kernel import kernel
from second_look import Outlook

# Before this version the Gaussian process is asked for its covariance and its forecasts in another way, or cannot be.
OLDEST = (4, 6)
# Trials before the sampler's model is asked; with fewer it knows nothing.
START_TRIALS = {"gp": 5, "tpe": 10}
# With more trials TPE is asked: the time of the Gaussian process grows with the cube of their number.
MAX_GP_TRIALS = 250
# Every fifth `automatic` proposal is TPE's: a Gaussian process can settle in a bad region and stay there.
TPE_EVERY = 5
# Runs of one trial that the Gaussian process is shown; it learns the noise from their differences.
MAX_RUNS_PER_TRIAL = 5
# Knobs that a proposal turns, on average.
TURNED = 3
# Standard deviation of the first proposals' steps, as a share of a number's range.
START_SPREAD = 0.2
# Choices of one knob up to which each is tried.
MOST_CHOICES = 6
# Points whose promise is computed first.
CANDIDATES = 2048
# Limits of the standard deviation of their steps, as a share of a number's range. The upper one halves with every few trials
# since the current values were found, down to the least: a trust region (Eriksson et al., TuRBO, arXiv 1910.01739).
NARROWEST, LEAST_WIDE, WIDEST = 0.01, 0.05, 0.3
MISSES_TO_HALVE = 5


def has_gp():
    return all(importlib.util.find_spec(name) for name in ("torch", "scipy"))


def choose_sampler(question):
    asked = question["sampler"]
    # Those in flight count: proposals that are asked for one after the other would else all be of one sampler.
    trials = len(question["trials"]) + len(question["running"])
    if asked == "tpe" or trials > MAX_GP_TRIALS or not has_gp():
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
    made = create_sampler(sampler, question, seed)
    study = optuna.create_study(sampler=made)
    made.filled = fill(study, question, is_noise_modelled=sampler == "gp")
    trial = study.ask({dimension["name"]: distribution(dimension) for dimension in question["space"]})
    label = {"gp": "a Gaussian process", "tpe": "TPE"}[sampler]
    answer = {"values": trial.params, "sampler": label}
    return dict(answer, **made.told)


def start_point(question, rng):
    """The current values with a few of them changed: a number by a normal step, a choice to a random one."""
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
        position = bottom + (top - bottom) * rng.uniform()
        if now is not None:
            moved = scale(now) + start_step(dimension, top - bottom, rng)
            position = moved if bottom <= moved <= top else position
        value = unscale(position)
        value = int(round(value)) if dimension["kind"] == "int" else value
        values[name] = min(dimension["high"], max(dimension["low"], value))
    return values


def start_step(dimension, width, rng):
    """A normal step on the dimension's scale; by one at least where it has steps and the question says how far they go."""
    if "spread" not in dimension:
        return START_SPREAD * width * rng.normal()
    down, up = dimension["spread"]
    size = abs(rng.normal())
    step = -down * size if rng.uniform() * (down + up) < down else up * size
    return math.copysign(max(1.0, abs(step)), step) if dimension["kind"] == "int" and not dimension["log"] else step


def distribution(dimension, values=()):
    """The dimension as Optuna's distribution, widened to hold these values."""
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
        # Proposals keep to these bounds; earlier trials may lie outside them.
        def infer_relative_search_space(self, study, trial):
            return {name: each for name, each in space.items() if not each.single()}

        # What is told of a proposal beside its values.
        told = {}

        # The hook that Optuna's Gaussian process has for "advanced users"; TPE never calls it.
        def _optimize_acqf(self, acqf, best_params):
            rows, unit = self.filled
            mixture = Mixture(possible_models(self._gprs_cache_list[0], self._rng.rng))
            mixture.integrate(acqf, question["seed"] % 2**31)
            outlook = Outlook(mixture, rows, question["current"], unit)
            again = outlook.worth_another_look() if question.get("mayRepeat") else None
            sobered = outlook.sobered(acqf, best_params)
            rng = self._rng.rng
            point = again if again is not None else untried_choice(*sobered, outlook.points, rng)
            point = point if point is not None else best_candidate(*sobered, widest_step(question), rng)
            expects = outlook.expects(point)
            self.told = {} if expects is None else {"expects": expects}
            return point

    further = {}
    if has_failures(question) and version_numbers(optuna.__version__)[0] < 5:
        # Without a function Optuna 4 looks at no constraint, and takes a failure for a trial with a bad score.
        further["constraints_func"] = lambda trial: trial.system_attrs["constraints"]
    if name == "gp":
        from optuna._gp import gp

        gp.GPRegressor.kernel = kernel
        further.update(deterministic_objective=False, warn_independent_sampling=False)
    else:
        further.update(multivariate=True, constant_liar=True)
    made = Sampler(seed=seed, n_startup_trials=1, **further)
    if name == "gp":
        made._log_prior = log_prior
    return made


def has_failures(question):
    return any(not trial["scores"] for trial in question["trials"])


def fill(study, question, is_noise_modelled):
    import optuna

    trials, running = question["trials"], question["running"]
    worst = max(score for trial in trials for score in trial["scores"])
    rows = []
    for trial in trials:
        scores = trial["scores"] or [worst]
        rows.extend((trial, score) for score in (scores[:MAX_RUNS_PER_TRIAL] if is_noise_modelled else [sum(scores) / len(scores)]))
    everything = [trial["values"] for trial in trials] + running
    distributions = {
        dimension["name"]: distribution(dimension, [values[dimension["name"]] for values in everything])
        for dimension in question["space"]
    }
    fails = has_failures(question)
    flat, unit = flatten([score for _, score in rows])
    for (trial, _), score in zip(rows, flat):
        # A failed trial has the worst score and breaks a constraint: so the samplers learn where failures happen.
        attributes = {"constraints": (-1.0 if trial["scores"] else 1.0,)} if fails else {}
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
    mean = sum(flat) / len(flat)
    spread = math.sqrt(sum((score - mean) ** 2 for score in flat) / len(flat))
    return [trial for trial, _ in rows], unit * spread


def flatten(scores):
    """Compresses the scores worse than the median: the model need not learn how bad the worst are. With what 1 is worth."""
    best, middle = min(scores), sorted(scores)[len(scores) // 2]
    if middle <= best:
        return scores, 1.0
    shares = [(score - middle) / (middle - best) for score in scores]
    return [share if share <= 0 else math.log1p(share) for share in shares], middle - best


def widest_step(question):
    """The upper limit of a step's standard deviation, by the trials since the current values were last tried."""
    trials = question["trials"]
    last = max((index for index, trial in enumerate(trials) if trial["values"] == question["current"]), default=0)
    return max(LEAST_WIDE, WIDEST * 0.5 ** ((len(trials) - 1 - last) / MISSES_TO_HALVE))


def untried_choice(acqf, best_params, tried, rng):
    """The best trial's point with one choice that no trial had, the most promising of them; None in half of the cases.

    Steps of several numbers say little of a choice, and a model that has never seen one expects the average of it.
    """
    import numpy

    space = acqf.search_space
    if best_params is None or rng.uniform() < 0.5:
        return None
    points = []
    for index, places in zip(space.discrete_indices.tolist(), space.get_choices_of_discrete_params()):
        if space.is_categorical[index] and len(places) <= MOST_CHOICES:
            for place in places:
                if not (tried[:, index] == place).any():
                    points.append(best_params[0].clip(0, None))
                    points[-1][index] = place
    return points[int(acqf.eval_acqf_no_grad(numpy.stack(points)).argmax())] if points else None


def best_candidate(acqf, best_params, widest, rng):
    """The most promising point near the best trial: first of many that differ from it in a few knobs, then of smaller and
    smaller steps around the most promising.

    The rest of the space is left out: with twenty knobs a model of forty trials knows nothing there. This takes a tenth of
    the time that a search by gradients takes.
    """
    import numpy

    space = acqf.search_space
    if best_params is None:
        points = space.sample_normalized_params(CANDIDATES, rng)
        return points[acqf.eval_acqf_no_grad(points).argmax()]
    # Of a choice it is the index.
    centre = numpy.where(space.is_categorical, best_params, best_params.clip(0, 1))
    start = numpy.repeat(centre, CANDIDATES, 0)
    spread = numpy.exp(rng.uniform(math.log(NARROWEST), math.log(widest), size=len(start)))
    points = turn(space, start, spread, TURNED, rng)
    scores = acqf.eval_acqf_no_grad(points)
    for width in (0.1, 0.05, 0.02, 0.01, 0.005):
        top = points[numpy.argsort(-scores, kind="stable")[:16]]
        again = numpy.repeat(top, 16, 0)
        moved = turn(space, again, numpy.full(len(again), width), 2, rng)
        # A knob that has the best trial's value keeps it.
        points = numpy.concatenate([top, numpy.where(again == centre, again, moved)])
        scores = acqf.eval_acqf_no_grad(points)
    return points[scores.argmax()]


def turn(space, points, spread, knobs, rng):
    """The points with about `knobs` knobs turned: a number by a normal step, or the next on its grid; a choice at random."""
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


def version_numbers(version):
    """The first two numbers of a version; one that cannot be read is taken for the newest."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return tuple(int(number) for number in found.groups()) if found else (sys.maxsize, 0)


def probe():
    found = importlib.util.find_spec("optuna") is not None
    version = None
    if found:
        from importlib.metadata import version as version_of

        version = version_of("optuna")
    sites = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    python = "{}.{}".format(*sys.version_info[:2])
    answer = {"optuna": version, "gp": has_gp(), "version": python, "sites": sites}
    answer["outdated"] = version is not None and version_numbers(version) < OLDEST
    answer["oldest"] = ".".join(str(number) for number in OLDEST)
    print(json.dumps(answer))


def main(arguments):
    sys.path.extend(argument for argument in arguments if argument != "--probe")
    if "--probe" in arguments:
        return probe()
    # Ctrl-C is for the controller; this process ends when its standard input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        try:
            answer = propose(json.loads(line))
        except Exception as error:
            answer = {"error": "{}: {}".format(type(error).__name__, error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
