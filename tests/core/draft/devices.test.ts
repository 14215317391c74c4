import { describe, expect, test } from 'vitest';
import { cpuArguments } from '../../../src/core/draft/devices.ts';

const argumentsFor = (text: string, argv = ['python', 'train.py']) =>
  cpuArguments([{ path: 'train.py', text }], 'train.py', argv);

describe('a script runs on the CPU', () => {
  test.each([
    ['by a flag of argparse', `parser.add_argument("--device", type=str, default="cuda")`, '--device=cpu'],
    ['by a flag of argparse with a short name', `p.add_argument('-d', '--device', default='cuda:0')`, '--device=cpu'],
    ['by a switch', `parser.add_argument('--no-cuda', action='store_true', help="CPU")`, '--no-cuda'],
    ['by a switch over lines', `parser.add_argument(\n  "--cpu",\n  action="store_true",\n)`, '--cpu'],
    ['by an option of click', `@click.option("--accelerator", default="gpu")`, '--accelerator=cpu'],
    ['by a flag of absl', `flags.DEFINE_string("device", "cuda", "where")`, '--device=cpu'],
    ['by a parameter that fire shows', `import fire\ndef train(lr=0.1, device="cuda"):\n  pass`, '--device=cpu'],
    ['by a field that tyro shows', `import tyro\nclass Args:\n    device: str = "cuda"\n`, '--device=cpu'],
    [
      'by a switch that tyro makes of a field',
      `import tyro\nclass Args:\n    use_cuda: bool = True\n`,
      '--no-use-cuda',
    ],
    [
      'by a global that a configurator overrides',
      `device = 'cuda'\nexec(open('configurator.py').read())`,
      '--device=cpu',
    ],
  ])('%s', (_, text, argument) => {
    expect(argumentsFor(text)).toEqual(['python', 'train.py', argument]);
  });

  test.each([
    ['a constant is no way to say it', `DEVICE = "cuda"`],
    ['a parameter without a command line is none', `def train(device="cuda"):\n  pass`],
    ['a flag that has no value is none', `parser.add_argument("--device-stats", action="store_true")`],
  ])('%s', (_, text) => {
    expect(argumentsFor(text)).toBeUndefined();
  });

  test('a device on the command line is put right', () => {
    const text = `parser.add_argument("--device", default="cpu")`;
    expect(argumentsFor(text, ['python', 'train.py', '--device', 'cuda', '--lr=1'])).toEqual([
      'python',
      'train.py',
      '--device=cpu',
      '--lr=1',
    ]);
    expect(argumentsFor(text, ['python', 'train.py', '--device=cuda:0'])).toEqual([
      'python',
      'train.py',
      '--device=cpu',
    ]);
  });

  test('what was said already is not said again', () => {
    const text = `parser.add_argument("--device", default="cuda")`;
    expect(argumentsFor(text, ['python', 'train.py', '--device=cpu'])).toBeUndefined();
  });
});

describe("a value of Hydra's files is overridden by its package", () => {
  const script = `import hydra\n@hydra.main(config_path="config", config_name="config")\ndef main(cfg): pass`;
  const files = (path: string, text: string) => [
    { path: 'src/train.py', text: script },
    { path, text },
  ];
  test.each([
    [
      'the group of its folder',
      'src/config/training/default.yaml',
      `lr: 1\ndevice: 'cuda' # or 'cpu'\n`,
      'training.device=cpu',
    ],
    ['the file at the top', 'src/config/config.yaml', 'defaults:\n  - data: x\ndevice: cuda\n', 'device=cpu'],
    [
      'a nested key',
      'src/config/config.yaml',
      'trainer:\n  epochs: 3\n  accelerator: gpu\n',
      'trainer.accelerator=cpu',
    ],
    ['a global package', 'src/config/trainer/gpu.yaml', '# @package _global_\ndevice: cuda:0\n', 'device=cpu'],
  ])('%s', (_, path, text, argument) => {
    expect(cpuArguments(files(path, text), 'src/train.py', ['python', 'src/train.py'])).toEqual([
      'python',
      'src/train.py',
      argument,
    ]);
  });

  test('a file that Hydra does not compose says nothing', () => {
    expect(
      cpuArguments(files('other/run.yaml', 'device: cuda\n'), 'src/train.py', ['python', 'src/train.py']),
    ).toBeUndefined();
  });
});
