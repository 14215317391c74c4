/** What the Gaussian process takes for possible, on Optuna's own classes. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { mean } from '../../../../src/core/statistics/moments.ts';
import { enginePython } from '../../../helpers/engine-python.ts';

const program = `
import json, math, sys, numpy, torch
sys.path.insert(0, sys.argv[1])
from hyperparameters import MOST_ROWS, Mixture, log_prior, possible_models
from optuna._gp.acqf import LogEI, qLogEI
from optuna._gp.gp import GPRegressor
from optuna._gp.search_space import SearchSpace
from optuna.distributions import FloatDistribution

def fitted(rows, knobs=2):
    rng = numpy.random.RandomState(1)
    points = rng.uniform(size=(rows, knobs))
    # No trial turned the last knob, of which nothing is known.
    points[:, -1] = 0.5
    scores = -numpy.square(points[:, 0] - 0.4) * 4 + rng.normal(0, 0.05, rows)
    number = lambda value: torch.tensor(value, dtype=torch.float64)
    model = GPRegressor(
        is_categorical=torch.tensor([False] * knobs), X_train=number(points), y_train=number((scores - scores.mean()) / scores.std()),
        inverse_squared_lengthscales=torch.ones(knobs, dtype=torch.float64), kernel_scale=number(1.0), noise_var=number(0.1),
    )
    return model._fit_kernel_params(log_prior, 1e-6, False, 1e-2)

model = fitted(12)
draw = lambda seed: possible_models(model, numpy.random.RandomState(seed))
models = draw(3)
mixture = Mixture(models)
points = numpy.array([[0.4, 0.5], [0.4, 0.9]])
means, covariance = mixture.posterior(points, joint=True)
same, variances = mixture.posterior(points)
each = [[part.tolist() for part in one.posterior(torch.from_numpy(points))] for one in models]
space = SearchSpace({name: FloatDistribution(0, 1) for name in "ab"})
promise = LogEI(gpr=model, search_space=space, threshold=0.5)
parts = [LogEI(gpr=each, search_space=space, threshold=0.9).eval_acqf(torch.from_numpy(points)) for each in models]
mixture.integrate(promise, 3)
promise._threshold = 0.9
pending = qLogEI(
    gpr=model, search_space=space, threshold=0.5, n_qmc_samples=64, qmc_seed=1, normalized_params_of_running_trials=points[:1],
)
alone = pending.eval_acqf_no_grad(points)
mixture.integrate(pending, 1)
print(json.dumps(dict(
    draws=[each.noise_var.item() for each in models], again=[each.noise_var.item() for each in draw(3)],
    other=[each.noise_var.item() for each in draw(4)], many=len(possible_models(fitted(MOST_ROWS + 1), numpy.random.RandomState(3))),
    means=[means.tolist(), same.tolist()], variances=[covariance.diagonal().tolist(), variances.tolist()], each=each,
    mixed=promise.eval_acqf_no_grad(points).tolist(), expected=(torch.logsumexp(torch.stack(parts), 0) - math.log(len(parts))).tolist(),
    pending=[alone.tolist(), pending.eval_acqf_no_grad(points).tolist()],
)))
`;

interface Answer {
  readonly draws: readonly number[];
  readonly again: readonly number[];
  readonly other: readonly number[];
  readonly many: number;
  readonly means: readonly [number[], number[]];
  readonly variances: readonly [number[], number[]];
  /** Means and variances of each model. */
  readonly each: readonly (readonly [number[], number[]])[];
  readonly mixed: readonly number[];
  readonly expected: readonly number[];
  readonly pending: readonly [number[], number[]];
}

const answer = JSON.parse(
  execFileSync(enginePython(), ['-c', program, packagePath('src', 'python')], { encoding: 'utf8' }),
) as Answer;
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(9)));

it('the fitted model and six others, which follow from the seed; that alone where trials are many', () => {
  expect(new Set(answer.draws).size).toBe(7);
  expect(answer.again).toEqual(answer.draws);
  expect(answer.other).not.toEqual(answer.draws);
  expect(answer.other[0]).toBe(answer.draws[0]);
  expect(answer.many).toBe(1);
});

it('the variance of several is that of each, and that between them', () => {
  const { each, means, variances } = answer;
  for (const place of [0, 1]) {
    const own = each.map(([values]) => values[place] ?? Number.NaN);
    const within = mean(each.map(([, spread]) => spread[place] ?? Number.NaN));
    const between = mean(own.map((value) => (value - mean(own)) ** 2));
    for (const kind of [0, 1] as const) {
      expect(means[kind][place]).toBeCloseTo(mean(own), 9);
      expect(variances[kind][place]).toBeCloseTo(within + between, 9);
    }
    expect(between).toBeGreaterThan(0.01 * within);
  }
});

it('what is promised is the mean of what each promises, beyond the mark of the one that was asked', () => {
  expect(rounded(answer.mixed)).toEqual(rounded(answer.expected));
});

it('a run in flight counts for each that is asked', () => {
  const [alone, mixed] = answer.pending;
  expect(mixed.every(Number.isFinite)).toBe(true);
  expect(mixed).not.toEqual(alone);
});
