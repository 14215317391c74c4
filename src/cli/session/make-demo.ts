/**
 * Scaffolds the demo project, sized for the device that it will train on.
 */
import { resolve } from 'node:path';
import { packagePath } from '../../adapters/package-root.ts';
import { probeDevice } from '../../adapters/python/device-probe.ts';
import { findInterpreter } from '../../adapters/python/find-interpreter.ts';
import { ownPython } from '../../adapters/python/own-environment.ts';
import { type SandboxName, type Scaffold, scaffold } from '../../adapters/scaffold.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { describeDevice, fitBrief, fitScript } from '../../core/preset/fit-preset.ts';
import { type Device, knownDevices, presetFor } from '../../core/preset/preset.ts';
import { asTyped } from '../terminal/as-typed.ts';
import { printJson, say } from '../terminal/print.ts';
import { quoted } from '../terminal/quoted.ts';

export interface DemoOptions {
  readonly sandbox?: string;
  readonly gpu?: string;
  readonly python?: string;
  readonly json?: boolean;
  /** Whether the owner asked for it; otherwise it is made since the folder is empty, which is said. */
  readonly isAsked: boolean;
}

const budgetSeconds = 300;

/** Makes it in a folder and says what there is now. Throws a SettingsError where a part of it exists already. */
export async function makeDemo(dir: string, flags: DemoOptions): Promise<void> {
  const folder = resolve(dir);
  const sandbox = sandboxOf(flags);
  const device = flags.gpu === undefined ? undefined : await deviceFor(flags.gpu, flags.python);
  const preset = device && presetFor(device, budgetSeconds);
  const adapt = ({ brief, train }: Scaffold): Scaffold =>
    device && preset ? { brief: fitBrief(brief, device, preset), train: fitScript(train, preset) } : { brief, train };
  const { files, isCommitted } = await scaffold(folder, sandbox, { adapt });
  if (flags.json) return printJson({ folder, files, isCommitted, sandbox, device, preset });
  if (!flags.isAsked) say('There is no project here yet, so this is the demo sandbox (--demo).');
  say(`Made ${files.length} files in ${folder}${isCommitted ? ' and committed them' : ''}.`);
  if (device && preset) {
    say(`Sized for ${describeDevice(device)}:`);
    say(`  depth ${preset.depth}, ${preset.totalBatch} tokens a step, windows of ${preset.windowTokens}, budget 5m.`);
  }
  const enter = dir === '.' ? '' : `cd ${quoted(dir)} && `;
  const commit = isCommitted ? '' : 'git add -A . && git commit -m "Start the project" && ';
  say(`Next: read program.md, then \`${enter}${commit}${asTyped('nocturne run', folder)}\`.`);
}

function sandboxOf({ sandbox, gpu }: DemoOptions): SandboxName {
  const name = sandbox ?? (gpu === undefined ? 'tiny' : 'gpt');
  if (name !== 'tiny' && name !== 'gpt') {
    throw new SettingsError(`--sandbox must be tiny or gpt, found \`${name}\`.`, {
      hint: 'The tiny one needs no GPU.',
    });
  }
  if (name === 'tiny' && gpu !== undefined) {
    throw new SettingsError('--gpu sizes the gpt sandbox, and --sandbox says tiny.', {
      hint: 'Leave one of them out.',
    });
  }
  return name;
}

async function deviceFor(name: string, python: string | undefined): Promise<Device> {
  const known = knownDevices[name];
  if (known) return known;
  if (name !== 'auto') {
    throw new SettingsError(
      `--gpu must be auto or one of ${Object.keys(knownDevices).join(', ')}, found \`${name}\`.`,
      {
        hint: '`--gpu auto` measures what is here, a CPU too.',
      },
    );
  }
  const found = await findInterpreter({
    asked: python,
    projectFolders: [resolve('.')],
    environment: process.env,
    requirements: packagePath('sandbox', 'gpt', 'requirements.txt'),
    own: ownPython(process.env),
  });
  const device = found.torch === null ? undefined : await probeDevice(found.executable);
  if (device) return device;
  throw new SettingsError(`--gpu auto measures with torch, which ${found.executable} (${found.origin}) lacks.`, {
    hint: 'Name a Python that has it with --python, or say for which GPU the project is, such as `--gpu t4`.',
  });
}
