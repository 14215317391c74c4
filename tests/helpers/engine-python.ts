/** The interpreter of tests that need optuna, scikit-learn or torch; `.ci/run` makes one. */

/** Its path. A test that needs it fails without it, rather than passing unseen. */
export function enginePython(): string {
  const python = process.env.NOCTURNE_TEST_PYTHON;
  if (python) return python;
  throw new Error('NOCTURNE_TEST_PYTHON must name a python that has optuna, scipy, scikit-learn and torch');
}
