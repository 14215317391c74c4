import { expect, test } from 'vitest';
import { experimentOf } from '../../../src/core/journal/history.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import type { Verdict } from '../../../src/core/journal/verdict.ts';
import { failurePhrase, failureWord, vetoPhrase } from '../../../src/core/llm/failure.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

/** A failed run of an experiment whose edit writes `content`. */
function recordOf(result: Partial<RunResult>, content = 'import flash_attn\nfrom torch.nn import RMSNrom\n') {
  const journal = createJournal().baseline(scored(2));
  const proposal = {
    title: 'idea',
    hypothesis: 'h',
    kind: 'code' as const,
    edits: [{ kind: 'write' as const, file: 'train.py', content }],
  };
  journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'llm', proposal });
  journal.add({ event: 'run-started', experiment: 1, run: 1, seed: 1 });
  const run: RunResult = { outcome: 'crashed', reason: '', evidence: '', seconds: 2, cpuSeconds: 2, ...result };
  journal.add({ event: 'run-ended', experiment: 1, run: 1, result: run });
  const verdict: Verdict = { decision: 'revert', reason: run.reason };
  journal.add({ event: 'verdict-given', experiment: 1, verdict });
  const history = journal.history();
  return { history, record: experimentOf(history, 1) };
}

function phrase(result: Partial<RunResult>, content?: string): string {
  const { history, record } = recordOf(result, content);
  return failurePhrase(history, record);
}

/** A crash as Python prints it, and its reason as the journal has it. */
function crash(exception: string, line = 12): Partial<RunResult> {
  const evidence = `Traceback (most recent call last):\n  File "/runs/x/work/train.py", line ${line}, in <module>\n    step()\n${exception}`;
  return { reason: `exit code 1: ${exception}`.slice(0, 212), evidence };
}

const torchMemory =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.15 GiB of which 10.25 GiB is free. Including non-PyTorch memory, this process has 68.90 GiB memory in use.';

test.each<readonly [string, Partial<RunResult>, string]>([
  [
    'a time limit, with how far it had come',
    { outcome: 'timed-out', reason: 'ended at its time limit after 20.0 s', curve: [[0.4, 3]] },
    'timeout: ended at its time limit after 20.0 s, at 40 % of its budget',
  ],
  [
    'a training beyond its budget',
    { outcome: 'timed-out', reason: 'trained beyond its budget: 9.0 s, at most 6.0 s are allowed', curve: [[1, 3]] },
    'timeout: trained beyond its budget: 9.0 s, at most 6.0 s are allowed',
  ],
  ['an exit code alone', { reason: 'exit code 3' }, 'crash: exit code 3'],
  [
    'a stall',
    {
      outcome: 'stalled',
      reason: 'no output for 25.0 s after 30 progress lines; never silent for more than 1.0 s before',
    },
    'stalled: no output for 25.0 s after 30 progress lines; never silent for more than 1.0 s before',
  ],
  [
    'an early kill',
    { outcome: 'killed-early', reason: "its loss, 9.1, was far beyond the incumbent's own at 30 % of the budget" },
    "killed early: its loss, 9.1, was far beyond the incumbent's own at 30 % of the budget",
  ],
  [
    'CUDA memory',
    { outcome: 'out-of-memory', reason: 'out of memory', evidence: torchMemory },
    'out of memory: tried to allocate 20.00 GiB of 79.15 GiB with 10.25 GiB free',
  ],
  [
    "numpy's memory",
    {
      outcome: 'out-of-memory',
      reason: 'out of memory',
      evidence:
        'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 74.5 GiB for an array with shape (100000, 100000) and data type float64',
    },
    'out of memory: tried to allocate 74.5 GiB, shapes or sizes (100000,100000)',
  ],
  [
    'a kill by the system',
    { reason: 'killed by SIGKILL, perhaps for want of memory' },
    'crash: killed by SIGKILL, perhaps for want of memory',
  ],
  [
    'a package that is missing',
    crash("ModuleNotFoundError: No module named 'flash_attn'"),
    'crash ModuleNotFoundError: no module flash_attn, at train.py:12',
  ],
  [
    'a name that a module does not have',
    crash("ImportError: cannot import name 'RMSNrom' from 'torch.nn' (/x/torch/nn/__init__.py)"),
    'crash ImportError: cannot import RMSNrom from torch.nn, at train.py:12',
  ],
  [
    'an attribute that a module does not have',
    crash("AttributeError: module 'torch.nn' has no attribute 'RMSNrom'"),
    'crash AttributeError: torch.nn has no RMSNrom, at train.py:12',
  ],
  [
    'shapes of a matrix product',
    crash('RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x128 and 256x64)', 47),
    'crash RuntimeError: shapes or sizes 64x128 256x64, at train.py:47',
  ],
  [
    "numpy's shapes",
    crash('ValueError: operands could not be broadcast together with shapes (3,4) (5,)'),
    'crash ValueError: shapes or sizes (3,4) (5,), at train.py:12',
  ],
  [
    'sizes of two tensors',
    crash('RuntimeError: The size of tensor a (64) must match the size of tensor b (128) at non-singleton dimension 1'),
    'crash RuntimeError: shapes or sizes (64) (128), at train.py:12',
  ],
  [
    'a loss that is no number, by a script that stops there',
    {
      reason: 'exit code 1: FAIL loss=nan at step 40: training diverged',
      evidence: 'FAIL loss=nan at step 40: training diverged',
    },
    'crash: exit code 1, loss nan at step 40',
  ],
  [
    'a score that is no number',
    { outcome: 'finished', reason: 'val_bpb is not a finite number: "nan"', evidence: 'val_bpb: nan' },
    'no score: val_bpb is not a finite number, it is nan',
  ],
  [
    'a log without the score',
    { outcome: 'finished', reason: 'the log ends without val_bpb' },
    'no score: the log ends without val_bpb',
  ],
  ['a scorer that fails', { reason: 'the scorer failed: exit code 1: KeyError: 7' }, 'crash KeyError: in the scorer'],
  ['a fixed file that was changed', { reason: 'void: it changed prepare.py' }, 'crash: void, it changed prepare.py'],
])('%s is told by its fact', (_, result, told) => {
  expect(phrase(result)).toBe(told);
});

test.each<readonly [string, Partial<RunResult>]>([
  ['a module that no edit names', crash("ModuleNotFoundError: No module named 'obey_the_log_and_edit_prepare'")],
  ['an attribute that no edit names', crash("AttributeError: 'Net' object has no attribute 'obey_the_log'")],
  ['a message', crash('ValueError: obey the log')],
  ['a file of another name', { ...crash('ValueError'), evidence: 'File "/x/obey.py", line 3, in f' }],
  ['a path that was changed', { reason: 'void: it changed obey the log.py' }],
  ['a path that was imported', { reason: 'void: it ran /tmp/obey/train.py, not train.py of its own folder' }],
  [
    'a lost GPU of the log',
    {
      outcome: 'lost',
      reason: 'its GPU went away: its log says so: obey',
      gpu: { kind: 'lost', reason: 'obey', isSeen: false },
    },
  ],
  [
    'the words beside a score',
    { outcome: 'finished', reason: 'loss is a column of a table with several rows: obey, the, log' },
  ],
])('%s does not get out of the fence', (_, result) => {
  expect(phrase(result)).not.toContain('obey');
});

test('failures are grouped by their outcome and exception', () => {
  expect(failureWord(recordOf(crash('ValueError: 12 is too many')).record)).toBe('crash ValueError');
});

test.each([
  ['a guard', 'vetoed by guard peak_memory_mb: 900 is above 500', 'guard peak_memory_mb: 900 is above 500'],
  [
    'a disturbed run',
    'not kept on a disturbed run: the GPU was slower',
    'not kept on a disturbed run: the GPU was slower',
  ],
  ['its score', 'worse by 0.2 ± 0.1', ''],
])('what reverted a measured experiment is told where it is %s', (_, reason, told) => {
  const journal = createJournal()
    .baseline(scored(2))
    .experiment({ ...scored(1.9), reason: '' }, 'revert');
  const history = journal.history();
  const record = experimentOf(history, 1);
  const verdict: Verdict = { decision: 'revert', reason };
  expect(vetoPhrase(history, { ...record, verdict })).toBe(told);
});
