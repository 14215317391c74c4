"""The objectives of `npm run bench -- search`, and Optuna asked directly on them: JSON lines in, JSON lines out.

Each objective has the same space for every arm, current values that are fair but not good, a value that a seed moves, and
a true value: noise-free for a surface, the mean of fresh seeds for a training. `far_end` is the true value at the far end
of the way: the optimum of a surface, else the lowest that `python objectives.py --far-end NAME` found in 2,000 trials (of `untuned`,
whose runs take a fifth of a second, the lowest that a study has reached).
"""
import json
import math
import os
import sys
import warnings

for _name in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "BLIS_NUM", "VECLIB_MAXIMUM", "NUMEXPR_NUM"):
    os.environ[f"{_name}_THREADS"] = "1"
warnings.filterwarnings("ignore")

import numpy as np

from boosted_trees import BoostedTrees
from convolution import Convolution
from noisy import Noisy
from training import Training, digits
from untuned import Untuned


def dip(distance):
    return 1 - math.exp(-distance * distance)


class Language:
    """A surface shaped like a language model's loss: depth, batch and rate depend on each other; a quarter is out of memory."""

    defaults = dict(LR=0.003, EMBED_LR=0.05, DECAY=0.3, WARMUP=0.3, COOLDOWN=0.2, FINAL=0.15, DEPTH=5, BATCH=16, WINDOW=2, OPTIMIZER=1)
    # The optimum: every distance is 0, and DEPTH 10 with BATCH 18 fits into memory.
    far_end = 0.97
    space = dict(
        LR=("log", 1e-3, 0.3), EMBED_LR=("log", 0.01, 3.0), DECAY=("float", 0.0, 0.5), WARMUP=("float", 0.0, 0.5),
        COOLDOWN=("float", 0.0, 1.0), FINAL=("float", 0.0, 0.3), DEPTH=("int log", 2, 24), BATCH=("int", 15, 21),
        WINDOW=("choice", 4), OPTIMIZER=("choice", 3),
    )

    def true(self, c):
        log = math.log10
        deep = math.log2(c["DEPTH"]) - math.log2(10)
        distances = (
            (1.0, (log(c["LR"] / 0.02) + 0.4 * deep) / 0.8), (0.4, log(c["EMBED_LR"] / 0.5) / 1.2),
            (0.15, (c["DECAY"] - 0.1) / 0.4), (0.1, (c["WARMUP"] - 0.1) / 0.4), (0.15, (c["COOLDOWN"] - 0.5) / 0.5),
            (0.05, (c["FINAL"] - 0.05) / 0.2), (0.8, deep / 1.2), (0.6, (c["BATCH"] - 18 + 0.8 * log(c["LR"] / 0.02)) / 2.5),
        )
        loss = sum(weight * dip(distance) for weight, distance in distances)
        return 0.97 + 0.03 * (loss + (0, 0.05, 0.25, 0.15)[c["WINDOW"]] + (0, 0.35, 1.0)[c["OPTIMIZER"]])

    def is_too_large(self, c):
        return c["DEPTH"] * 2.0 ** (c["BATCH"] - 16) > 96

    def value(self, c, seed):
        return self.true(c) + float(np.random.RandomState(seed % 2**32).normal(0, 0.002))


class Valley:
    """A curved valley in scale and rate whose floor runs along the edge of memory, with choices that shift it; tails are steep."""

    defaults = dict(RATE=0.01, SCALE=0.5, WIDTH=64, LAYERS=2, DROP=0.3, BETA=0.7, NORM=1, SHAPE=2)
    # The optimum: the lowest of a local search from many starts, for each choice and number of layers.
    far_end = 1.0043
    space = dict(
        RATE=("log", 1e-4, 1.0), SCALE=("log", 0.05, 20.0), WIDTH=("int log", 16, 1024), LAYERS=("int", 1, 12),
        DROP=("float", 0.0, 0.6), BETA=("float", 0.5, 0.99), NORM=("choice", 3), SHAPE=("choice", 4),
    )

    def true(self, c):
        u = math.log10(c["RATE"]) + 2 + (0, 0.5, -0.4)[c["NORM"]]
        v = math.log10(c["SCALE"])
        w = math.log2(c["WIDTH"] / 256)
        bend = (v - 0.3 * u * u - 0.2) ** 2 * 2 + 0.12 * (u - 0.6) ** 2
        size = 0.06 * (w - 0.6) ** 2 + 0.01 * (c["LAYERS"] - 6 - w) ** 2
        rest = 1.2 * (c["DROP"] - 0.12) ** 2 + 2 * (c["BETA"] - 0.9 + 0.05 * u) ** 2
        blow = math.exp(max(0.0, u + v - 1.0)) - 1
        return 1 + bend + size + rest + blow + (0, 0.03, 0.12)[c["NORM"]] + (0.1, 0, 0.04, 0.25)[c["SHAPE"]]

    def is_too_large(self, c):
        return c["WIDTH"] * c["LAYERS"] > 2000

    def value(self, c, seed):
        return self.true(c) + float(np.random.RandomState(seed % 2**32).normal(0, 0.01))


class Perceptron(Training):
    """A real training in numpy: a small network on noisy interleaved spirals for a fixed number of examples."""

    defaults = dict(LEARNING_RATE=0.03, MOMENTUM=0.5, WIDTH=12, DEPTH=1, BATCH=64, WEIGHT_DECAY=0.001, INIT=0.5, COOLDOWN=0.2, ACTIVATION=0)
    space = dict(
        LEARNING_RATE=("log", 1e-3, 3.0), MOMENTUM=("float", 0.0, 0.98), WIDTH=("int log", 4, 64), DEPTH=("int", 1, 3),
        BATCH=("int log", 8, 256), WEIGHT_DECAY=("log", 1e-6, 0.1), INIT=("log", 0.1, 3.0), COOLDOWN=("float", 0.0, 1.0),
        ACTIVATION=("choice", 3),
    )
    far_end = 0.0280
    examples = 16000

    def __init__(self):
        rng = np.random.RandomState(1)
        n = 600
        turn = np.sqrt(rng.uniform(0.05, 1, n)) * 3 * np.pi
        label = rng.randint(0, 3, n)
        angle = turn + label * 2 * np.pi / 3
        points = np.c_[turn * np.cos(angle), turn * np.sin(angle)] / (3 * np.pi) + rng.normal(0, 0.03, (n, 2))
        x = np.c_[points, points**2, np.sin(4 * points)]
        self.train = (x[:400], label[:400])
        self.test = (x[400:], label[400:])

    def value(self, c, seed):
        rng = np.random.RandomState(seed % 2**32)
        x, y = self.train
        sizes = [x.shape[1]] + [c["WIDTH"]] * c["DEPTH"] + [3]
        weights = [rng.normal(0, c["INIT"] / math.sqrt(a), (a, b)) for a, b in zip(sizes, sizes[1:])]
        biases = [np.zeros(b) for b in sizes[1:]]
        speed = [np.zeros_like(p) for p in weights + biases]
        act, slope = (
            (np.tanh, lambda a: 1 - a * a),
            (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0),
            (lambda z: 1 / (1 + np.exp(-np.clip(z, -30, 30))), lambda a: a * (1 - a)),
        )[c["ACTIVATION"]]

        def forward(h):
            hidden = [h]
            for w, b in zip(weights[:-1], biases[:-1]):
                hidden.append(act(hidden[-1] @ w + b))
            logits = hidden[-1] @ weights[-1] + biases[-1]
            logits = logits - logits.max(1, keepdims=True)
            p = np.exp(logits)
            return hidden, p / p.sum(1, keepdims=True)

        steps = max(1, self.examples // c["BATCH"])
        for step in range(steps):
            left = 1 - step / steps
            rate = c["LEARNING_RATE"] * (min(1.0, left / c["COOLDOWN"]) if c["COOLDOWN"] > 0 else 1.0)
            pick = rng.randint(0, len(x), c["BATCH"])
            hidden, p = forward(x[pick])
            delta = p
            delta[np.arange(len(pick)), y[pick]] -= 1
            delta /= len(pick)
            for i in range(len(weights) - 1, -1, -1):
                gw = hidden[i].T @ delta + c["WEIGHT_DECAY"] * weights[i]
                gb = delta.sum(0)
                if i > 0:
                    delta = (delta @ weights[i].T) * slope(hidden[i])
                for k, parameter, gradient in ((i, weights[i], gw), (len(weights) + i, biases[i], gb)):
                    speed[k] = c["MOMENTUM"] * speed[k] - rate * gradient
                    parameter += speed[k]
            if not np.isfinite(weights[0]).all():
                return 5.0
        _, p = forward(self.test[0])
        loss = -np.log(np.clip(p[np.arange(len(p)), self.test[1]], 1e-7, 1)).mean()
        return float(min(loss, 5.0)) if np.isfinite(loss) else 5.0


class Digits(Training):
    """A real training in scikit-learn: its multilayer perceptron on 700 of the bundled digits, four passes."""

    defaults = dict(LEARNING_RATE=0.001, ALPHA=0.001, WIDTH=24, DEPTH=1, BATCH=128, MOMENTUM=0.8, ACTIVATION=1, SOLVER=0)
    space = dict(
        LEARNING_RATE=("log", 1e-4, 0.1), ALPHA=("log", 1e-6, 0.1), WIDTH=("int log", 8, 128), DEPTH=("int", 1, 3),
        BATCH=("int log", 32, 256), MOMENTUM=("float", 0.5, 0.99), ACTIVATION=("choice", 3), SOLVER=("choice", 2),
    )
    far_end = 0.1488

    def __init__(self):
        self.train, self.test = digits()

    def value(self, c, seed):
        from sklearn.metrics import log_loss
        from sklearn.neural_network import MLPClassifier

        model = MLPClassifier(
            hidden_layer_sizes=(c["WIDTH"],) * c["DEPTH"], activation=("relu", "tanh", "logistic")[c["ACTIVATION"]],
            solver=("adam", "sgd")[c["SOLVER"]], alpha=c["ALPHA"], batch_size=c["BATCH"], learning_rate_init=c["LEARNING_RATE"],
            momentum=c["MOMENTUM"], beta_1=c["MOMENTUM"], max_iter=4, random_state=seed % 2**32,
        )
        model.fit(*self.train)
        guess = model.predict_proba(self.test[0])
        if not np.isfinite(guess).all():
            return 5.0
        return float(min(log_loss(self.test[1], np.clip(guess, 1e-7, 1), labels=list(range(10))), 5.0))


OBJECTIVES = {
    "language": Language, "valley": Valley, "perceptron": Perceptron, "digits": Digits, "trees": BoostedTrees,
    "convolution": Convolution, "untuned": Untuned,
    "noisy-3": lambda: Noisy(0.03), "noisy-10": lambda: Noisy(0.1), "noisy-30": lambda: Noisy(0.3),
}


def choices(bounds):
    """The names, or the numbers below the one that is given."""
    return tuple(bounds) if isinstance(bounds[0], str) else tuple(range(bounds[0]))


def powers(low, high):
    return tuple(2**power for power in range(low.bit_length() - 1, high.bit_length()))


def distributions(space):
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    def one(kind, *bounds):
        if kind == "choice":
            return CategoricalDistribution(choices(bounds))
        if kind == "0 or log":
            return FloatDistribution(0, bounds[1])
        if kind == "pow2":
            return CategoricalDistribution(powers(*bounds))
        return (IntDistribution if "int" in kind else FloatDistribution)(*bounds, log="log" in kind)

    return {name: one(*range_) for name, range_ in space.items()}


def ask_directly(objective, sampler, seed, trials):
    """Optuna as a good user has it: its sampler's defaults, the current values as the first trial, failures as the worst."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {
        "random": optuna.samplers.RandomSampler, "optuna-tpe": optuna.samplers.TPESampler, "optuna-gp": optuna.samplers.GPSampler,
    }
    study = optuna.create_study(sampler=samplers[sampler](seed=seed))
    study.enqueue_trial(objective.defaults)
    space = distributions(objective.space)
    runs, worst = [], 0.0
    for index in range(trials):
        trial = study.ask(space)
        failed = objective.is_too_large(trial.params)
        value = None if failed else objective.value(trial.params, seed * 100003 + index)
        failed = value is None
        worst = worst if failed else max(worst, value)
        study.tell(trial, worst if failed else value)
        runs.append({"config": trial.params, "value": value})
    return runs


def answer(question):
    objective = OPENED.setdefault(question["objective"], None) or OBJECTIVES[question["objective"]]()
    OPENED[question["objective"]] = objective
    asked = question["ask"]
    if asked == "describe":
        metric = getattr(objective, "metric", "loss")
        return {"metric": metric, "defaults": objective.defaults, "space": objective.space, "farEnd": objective.far_end}
    if asked == "true":
        return {"value": objective.true(question["config"])}
    if asked == "value":
        config = question["config"]
        return {"value": None if objective.is_too_large(config) else objective.value(config, question["seed"])}
    return {"runs": ask_directly(objective, asked, question["seed"], question["trials"])}


def far_end(objective, trials=2000, rechecked=20):
    """The lowest true value among those that measured best of many: half drawn at random, half steps around the ten best."""
    rng = np.random.RandomState(0)
    found = []
    for index in range(trials):
        base = None if index < trials // 2 else sorted(found, key=lambda each: each[0])[rng.randint(10)][1]
        config = {name: draw(rng, kind, bounds, base and base[name]) for name, (kind, *bounds) in objective.space.items()}
        found.append((objective.value(config, 700000000 + index), config))
    best = sorted(found, key=lambda each: each[0])[:rechecked]
    return min((objective.true(config), json.dumps(config)) for _, config in best)


def draw(rng, kind, bounds, base=None):
    """A value of the range; from a base value in one of two cases itself, else a step of a tenth of the range."""
    if base is not None and rng.uniform() < 0.5:
        return base
    if kind in ("choice", "pow2"):
        every = choices(bounds) if kind == "choice" else powers(*bounds)
        return every[rng.randint(len(every))]
    if kind == "0 or log" and (base == 0 or base is None) and rng.uniform() < 0.5:
        return 0.0
    base = None if base == 0 else base
    scale, unscale = (math.log, math.exp) if "log" in kind else (float, float)
    low, high = map(scale, bounds)
    place = rng.uniform(low, high) if base is None else scale(base) + 0.1 * (high - low) * rng.normal()
    value = unscale(min(high, max(low, place)))
    return int(round(value)) if "int" in kind else float(value)


OPENED = {}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--far-end"]:
        print(sys.argv[2], *far_end(OBJECTIVES[sys.argv[2]]()))
        sys.exit()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
