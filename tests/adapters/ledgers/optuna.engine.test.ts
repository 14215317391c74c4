import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLedger } from '../../../src/adapters/ledgers/read-ledger.ts';
import { enginePython } from '../../helpers/engine-python.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const script = `
import optuna, sys
from optuna.storages import JournalStorage
try:
    from optuna.storages.journal import JournalFileBackend
except ImportError:
    from optuna.storages import JournalFileStorage as JournalFileBackend
optuna.logging.set_verbosity(optuna.logging.CRITICAL)
def objective(trial):
    lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b"])
    if trial.number == 2:
        raise optuna.TrialPruned()
    if trial.number == 3:
        raise RuntimeError("boom")
    return float(trial.number)
for storage in ("sqlite:///" + sys.argv[1], JournalStorage(JournalFileBackend(sys.argv[2]))):
    study = optuna.create_study(study_name="night", storage=storage, direction="maximize")
    study.optimize(objective, 5, catch=(RuntimeError,))
`;

test('a storage and a journal that Optuna itself wrote are read alike', async () => {
  const folder = temporaryFolder();
  const files = ['optuna.db', 'journal.log'].map((name) => join(folder, name));
  execFileSync(enginePython(), ['-c', script, ...files], { stdio: 'ignore' });
  for (const file of files) {
    const { parts } = (await readLedger(file)).ledger;
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({ name: 'night', metric: 'value', goal: 'maximize' });
    expect(parts[0]?.rows.map(({ value, status }) => [value, status])).toEqual([
      [0, 'other'],
      [1, 'other'],
      [null, 'crash'],
      [null, 'crash'],
      [4, 'other'],
    ]);
    expect(parts[0]?.rows[0]?.fields).toMatchObject({
      'params.lr': expect.stringMatching(/^[\d.e-]+$/),
      'params.kind': expect.stringMatching(/^[ab]$/),
    });
  }
});
