import { describe, expect, it } from 'vitest';
import { endingErrorOf } from '../../../src/core/run/ending-error.ts';

const trace = (exception: string, prefix = '') =>
  [
    'Traceback (most recent call last):',
    '  File "train.py", line 6, in <module>',
    '    go()',
    '    ^^^^',
    ...exception.split('\n'),
  ]
    .map((line) => `${prefix}${line}\n`)
    .join('');
const oom = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
const launcher = `${trace('torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ')}=========\ntrain.py FAILED\n---------\nFailures:\n  <NO_OTHER_FAILURES>\n=========\n`;

describe('the exception that ended a run is its reason', () => {
  it.each([
    [
      'behind a caught out-of-memory',
      `${oom} -- halving the batch\nbatch 64 fits\n${trace('ValueError: shapes')}`,
      'ValueError: shapes',
    ],
    [
      'behind a printed traceback',
      `${trace(oom)}batch 64 fits\nstep 1 loss: 0.5\n${trace('ValueError: no')}`,
      'ValueError: no',
    ],
    [
      'at the end of a chain',
      `${trace(oom)}\nDuring handling of the above exception, another exception occurred:\n\n${trace('KeyError: 3')}`,
      'KeyError: 3',
    ],
    [
      'as the consequence of another',
      `${trace('KeyError: 3')}\nThe above exception was the direct cause of the following exception:\n\n${trace('RuntimeError: no')}`,
      'RuntimeError: no',
    ],
    ['before what wandb says', `${trace('ValueError: no')}wandb: Find logs at: ./wandb\n`, 'ValueError: no'],
    [
      'before a bar that was left open',
      `${trace('ValueError: no')}\rfit:  20%|██  | 20/100 [00:01<00:04, 19.7it/s]\n`,
      'ValueError: no',
    ],
    [
      'in a worker of a loader',
      `${trace('ValueError: Caught ValueError in DataLoader worker process 0.')}Original ${trace('ValueError: boom')}`,
      'ValueError: boom',
    ],
    [
      'in a rank below a launcher',
      `${trace('ValueError: no', '[rank1]: ')}E1129 06:14:10 api.py:900] failed (exitcode: 1)\n${launcher}`,
      'ValueError: no',
    ],
    [
      'in a rank whose peers lost it',
      `${trace('ValueError: no', '[rank0]: ')}${trace('torch.distributed.DistBackendError: NCCL error', '[rank1]: ')}`,
      'ValueError: no',
    ],
    [
      'in a child command',
      `${trace('ValueError: no')}${trace("subprocess.CalledProcessError: Command 'x' returned non-zero exit status 1.")}`,
      'ValueError: no',
    ],
    [
      'in colours',
      '\u001b[31mTraceback (most recent call last):\u001b[0m\n  File "x"\n\u001b[1mValueError\u001b[0m: no\n',
      'ValueError: no',
    ],
  ])('%s', (_, log, text) => {
    expect(endingErrorOf(log)).toEqual({ text, isOutOfMemory: false });
  });

  it.each([
    ['of CUDA', trace(oom)],
    ['of CUDA behind good steps', `step 1 loss: 0.5\n${trace(oom)}`],
    [
      'with a message of several lines',
      trace(
        'RuntimeError: CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported\nCompile with `TORCH_USE_CUDA_DSA`',
      ),
    ],
    ['of JAX', trace('jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory allocating 8 bytes.')],
    ['of numpy', trace('numpy._core._exceptions._ArrayMemoryError: Unable to allocate 8.00 GiB')],
    ['of Python', trace('MemoryError')],
    [
      'of a CPU tensor',
      trace(
        "RuntimeError: [enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.",
      ),
    ],
    [
      'of C++',
      "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted (core dumped)\n",
    ],
    [
      'in one rank of two',
      `${trace(oom, '[rank0]: ')}${trace('torch.distributed.DistBackendError: NCCL error', '[rank1]: ')}${launcher}`,
    ],
    [
      'at the end of a chain',
      `${trace('KeyError: 3')}\nDuring handling of the above exception, another exception occurred:\n\n${trace(oom)}`,
    ],
  ])('a lack of memory %s is one', (_, log) => {
    expect(endingErrorOf(log).isOutOfMemory).toBe(true);
  });
});

it.each([
  ['a word of its own', `${trace(oom)}batch 64 fits\nstep 1 loss: 0.5\nno data\n`, 'no data'],
  ['both where it is not known', `${trace('ValueError: no')}no data\n`, 'ValueError: no … no data'],
  ['silence', '\n\n', ''],
])('a run that ended without a traceback gives %s', (_, log, text) => {
  expect(endingErrorOf(log)).toEqual({ text, isOutOfMemory: false });
});
