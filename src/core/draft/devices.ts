/**
 * What makes a script run on the CPU that asks for a GPU which this machine does not have, as far as its command line can
 * say it.
 */
import type { Argv } from '../journal/settings/argv.ts';
import { folderOf, joined, type ProjectFile } from './project-files.ts';

const refusals =
  /Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available|no CUDA-capable device|CUDA device but torch\.cuda\.is_available\(\) is False|No supported gpu backend|CUDAAccelerator\W+can ?not run|Unknown backend: '?(?:gpu|cuda)|GPU Tree Learner was not enabled|CUDA driver (?:version is insufficient|initialization failed)|not linked with support for (?:mps|cuda) devices/i;

/** Whether the end of a log says that the machine lacks a GPU that the script wants. */
export function lacksGpu(log: string): boolean {
  return refusals.test(log.slice(-8000));
}

/**
 * The command with which the script runs on the CPU: that of `argv` with one argument more, or one put right. Undefined
 * where no flag, parameter or Hydra value names the device, or where the command says it already.
 */
export function cpuArguments(files: readonly ProjectFile[], script: string, argv: Argv): Argv | undefined {
  const text = files.find(({ path }) => path === script)?.text ?? '';
  const words = [...flagsIn(text), ...parametersIn(text), ...hydraValues(text, script, files)];
  for (const word of words) {
    const [name = word] = word.split('=');
    const said = argv.findIndex((each) => each === name || each.startsWith(`${name}=`));
    if (said === -1) return [...argv, word];
    const isSplit = argv[said] === name && word !== name;
    const now = isSplit ? `${name}=${argv[said + 1] ?? ''}` : argv[said];
    if (now !== word) return [...argv.slice(0, said), word, ...argv.slice(said + (isSplit ? 2 : 1))];
  }
  return undefined;
}

/** Flags that argparse, click and absl declare by their names. */
function flagsIn(text: string): readonly string[] {
  const named =
    /(?:add_argument|option)\([^)]*?["'](--(?:device|accelerator))["']|DEFINE_\w+\(\s*["'](device|accelerator)["']/g;
  const switches =
    /["'](--(?:no|disable|without)[-_](?:cuda|gpu|accel)|--(?:force[-_]|use[-_]|on[-_])?cpu)["'][^)]*?(?:store_true|is_flag\s*=\s*True)/g;
  return [
    ...[...text.matchAll(named)].map(([, flag, name]) => `${flag ?? `--${name}`}=cpu`),
    ...[...text.matchAll(switches)].flatMap(([, flag]) => flag ?? []),
  ];
}

/** Parameters, fields and globals that become flags by what the script imports or executes. */
function parametersIn(text: string): readonly string[] {
  const isShown = /^\s*(?:import|from)\s+(?:fire|typer|tyro|simple_parsing|jsonargparse|draccus)\b/m.test(text);
  const isConfigured = /^exec\(open\(/m.test(text);
  const field = /(?:^|[(,])\s*(device|accelerator)\s*(?::\s*[\w.[\]| ]+)?=\s*["'](?:cuda|gpu|mps)[\w:]*["']/gm;
  const global = /^(device)\s*=\s*["'](?:cuda|gpu|mps)[\w:]*["']/gm;
  const boolean = /(?:^|[(,])\s*((?:use_)?(?:cuda|gpu))\s*:\s*bool\s*=\s*True/gm;
  const hasSwitches = /^\s*(?:import|from)\s+(?:typer|tyro)\b/m.test(text);
  return [
    ...(isShown ? [...text.matchAll(field)] : []).map(([, name]) => `--${name}=cpu`),
    ...(isConfigured ? [...text.matchAll(global)] : []).map(([, name]) => `--${name}=cpu`),
    ...(hasSwitches ? [...text.matchAll(boolean)] : []).map(([, name = '']) => `--no-${name.replaceAll('_', '-')}`),
  ];
}

/** Overrides of the values in the YAML files that the script's `@hydra.main` composes. */
function hydraValues(text: string, script: string, files: readonly ProjectFile[]): readonly string[] {
  const named = /@hydra\.main\([^)]*?config_path\s*=\s*["']([^"']*)["']/.exec(text)?.[1];
  const root = named === undefined ? undefined : joined(folderOf(script), named);
  if (root === undefined) return [];
  return files.flatMap((file) => {
    const below = root === '.' ? file.path : file.path.startsWith(`${root}/`) && file.path.slice(root.length + 1);
    return below === false || !/\.ya?ml$/.test(file.path) ? [] : overridesOf(below, file.text);
  });
}

function overridesOf(path: string, text: string): readonly string[] {
  const packaged = /^#\s*@package\s+(\S+)/m.exec(text)?.[1];
  const group = folderOf(path) === '.' ? [] : folderOf(path).split('/');
  const base = packaged === undefined ? group : packaged === '_global_' ? [] : packaged.split('.');
  const above: { readonly indent: number; readonly key: string }[] = [];
  return text.split('\n').flatMap((line) => {
    const [, space = '', key, value = ''] = /^( *)([\w-]+):[ \t]*([^#\n]*)/.exec(line) ?? [];
    if (key === undefined) return [];
    while ((above.at(-1)?.indent ?? -1) >= space.length) above.pop();
    above.push({ indent: space.length, key });
    const isDevice = /^(?:device|accelerator)$/.test(key) && /^["']?(?:cuda|gpu|mps)/.test(value);
    return isDevice ? [`${[...base, ...above.map((each) => each.key)].join('.')}=cpu`] : [];
  });
}
