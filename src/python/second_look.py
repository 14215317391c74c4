"""What a Gaussian process says of points that were tried, where one run says little: which to believe in, which to run again.

A noisy script's best measured run is mostly luck. So the search goes on from the point in which the model believes most,
and where that is not the current one, it is run again as it is.
"""
import math

# The chance that a tried point is better than the current values, and by how much of one run's noise, before it is run again.
LEAST_CHANCE = 0.65
LEAST_GAIN = 0.2
# Runs of one point after which it is not run again.
MOST_RUNS = 6
# How far, in standard deviations of all scores, the best measured score may lie beyond what the model believes: the rest is luck.
MOST_LUCK = 0.1
# Standard errors of a measured mean within which its true value lies.
MOST_ERRORS = 2


class Outlook:
    """The mixture of models after their fit; `rows` are the points in order, each with its trial, `unit` what 1 of the scores is worth."""

    def __init__(self, mixture, rows, current, unit):
        self.mixture, self.rows, self.unit = mixture, rows, unit
        self.points = mixture.fitted._X_train.numpy()
        places = {}
        # By row, the number of its point: a point that was tried twice has one.
        self.places = [places.setdefault(tuple(sorted(trial["values"].items())), len(places)) for trial in rows]
        now = places.get(tuple(sorted(current.items())))
        self.now = None if now is None else self.places.index(now)
        self.own_means = mixture.posterior(self.points)[0]
        self.means = self.within_noise(self.own_means)

    def within_noise(self, means):
        """The model's means, as far from what was measured as repeats show that noise can be: the rest is the model's own error."""
        groups, seen = {}, set()
        for place, trial in zip(self.places, self.rows):
            if id(trial) not in seen:
                seen.add(id(trial))
                groups.setdefault(place, []).extend(trial["scores"])
        freedom = sum(max(0, len(scores) - 1) for scores in groups.values())
        if freedom == 0:
            return means
        squares = sum((score - sum(scores) / len(scores)) ** 2 for scores in groups.values() for score in scores)
        noise = math.sqrt(squares / freedom) / self.unit * (1 + 1 / freedom)
        measured, runs = self.measured()
        reach = MOST_ERRORS * noise / runs**0.5
        return means.clip(measured - reach, measured + reach)

    def measured(self):
        """By row, the mean of the scores at its point, in the model's unit, and their number."""
        import numpy

        scores = self.mixture.fitted._y_train.numpy().reshape(-1)
        runs = numpy.bincount(self.places)
        return (numpy.bincount(self.places, weights=scores) / runs)[self.places], runs[self.places]

    def believed(self):
        """The rows of trials that did not fail, the one in which the model believes most first."""
        rows = [index for index, trial in enumerate(self.rows) if trial["scores"]]
        return sorted(rows, key=lambda index: -self.means[index])

    def sobered(self, acqf, best_params):
        """The acquisition function and the point to search around, by what the model believes instead of what was measured."""
        if best_params is None:
            return acqf, best_params
        rows = self.believed()
        inner = getattr(acqf, "_acqf", acqf)
        if hasattr(inner, "_threshold"):
            # By the model's own means: under a mark that it takes for out of reach, the least known points would look best.
            reachable = max(float(self.own_means[row]) for row in rows)
            inner._threshold = min(float(inner._threshold), reachable + MOST_LUCK)
        return acqf, self.points[rows[0] : rows[0] + 1]

    def expects(self, point):
        """The gain over the current values and its standard error, in the metric's unit; None where they were never tried."""
        if self.now is None:
            return None
        gain, error = self.gain_of(point)
        return {"gain": gain * self.unit, "standardError": max(error * self.unit, 1e-12)}

    def worth_another_look(self):
        """The point in which the model believes most, where that is clear enough and noise may have hidden it."""
        best = next((index for index in self.believed() if self.runs_of(index) < MOST_RUNS), None)
        if self.now is None or best is None or self.has_just_looked() or self.places[best] == self.places[self.now]:
            return None
        gain, error = self.gain_of(self.points[best])
        gain = min(gain, self.means[best] - self.means[self.now])
        chance = 0.5 * math.erfc(-gain / error / math.sqrt(2))
        noise = math.sqrt(float(self.mixture.fitted.noise_var))
        return self.points[best] if chance > LEAST_CHANCE and gain > LEAST_GAIN * noise else None

    def has_just_looked(self):
        """Whether the last trial had a point of before: what lies around it is worth more than another run of it."""
        own = [place for row, place in enumerate(self.places) if row == 0 or self.rows[row] is not self.rows[row - 1]]
        return own[-1] in own[:-1]

    def runs_of(self, row):
        return self.places.count(self.places[row])

    def gain_of(self, point):
        """Of a point over the current values, in the model's unit: higher is better there."""
        import numpy

        means, covariance = self.mixture.posterior(numpy.stack([self.points[self.now], point]), joint=True)
        variance = covariance[0][0] + covariance[1][1] - 2 * covariance[0][1]
        return float(means[1] - self.means[self.now]), math.sqrt(max(1e-10, float(variance)))
