/** The covariance that the Gaussian process is given, on Optuna's own class. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { enginePython } from '../../../helpers/engine-python.ts';

const program = `
import json, sys, torch
sys.path.insert(0, sys.argv[1])
from kernel import kernel
from optuna._gp.gp import GPRegressor
GPRegressor.kernel = kernel
points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype=torch.float64)
number = lambda value: torch.tensor(value, dtype=torch.float64)
model = GPRegressor(
    is_categorical=torch.tensor([False, True]), X_train=points, y_train=number([0.0, 0.0, 0.0]),
    inverse_squared_lengthscales=number([1e4, 1e4]), kernel_scale=number(2.0), noise_var=number(0.1),
)
model._cache_matrix()
print(json.dumps([model.kernel().tolist(), model.kernel(points[1]).tolist(), model.posterior(points[1])[0].item()]))
`;

it('points that share one of two knobs go together by half of its part, whatever the other does', () => {
  const text = execFileSync(enginePython(), ['-c', program, packagePath('src', 'python')], { encoding: 'utf8' });
  const [matrix, row, mean] = JSON.parse(text) as [number[][], number[], number];
  const rounded = matrix.map((each) => each.map((value) => Number(value.toFixed(6))));
  // The scale is 2, half of it in two parts of 0.5: a shared knob keeps its part.
  expect(rounded).toEqual([
    [2, 0.5, 0],
    [0.5, 2, 0.5],
    [0, 0.5, 2],
  ]);
  expect(row.map((value) => Number(value.toFixed(6)))).toEqual(rounded[1]);
  expect(mean).toBe(0);
});
