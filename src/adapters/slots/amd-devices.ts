/**
 * The AMD GPUs of this machine, as `amd-smi` or the older `rocm-smi` lists them.
 */
import { type Accelerators, chosenIn, type Environment } from './device.ts';
import { linesOf } from './lines-of.ts';

/** Who lists GPUs, and the columns that may have their model, the best first. */
const listers = [
  { program: 'amd-smi', args: ['static', '--asic', '--csv'], columns: ['market_name'] },
  { program: 'rocm-smi', args: ['--showproductname', '--csv'], columns: ['card series', 'card model'] },
] as const;

/**
 * The variables that choose among them, the lowest layer first: HIP counts what ROCR_VISIBLE_DEVICES leaves. PyTorch for ROCm reads
 * CUDA_VISIBLE_DEVICES as well.
 */
const variables = ['ROCR_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'] as const;

/** The GPUs that runs may be dealt; undefined where there is no AMD GPU, or the owner hides all. */
export async function amdDevices(environment: Environment): Promise<Accelerators | undefined> {
  const names = await listNames(environment);
  if (names.length === 0) return undefined;
  const set = variables.filter((variable) => environment[variable] !== undefined);
  // With several of them set, the last one has the last word.
  const variable = set.at(-1) ?? 'HIP_VISIBLE_DEVICES';
  const chosen = chosenIn(environment[variable]);
  if (chosen?.length === 0) return undefined;
  const isFirst = set.length < 2;
  const nameOf = (id: string) => (isFirst && /^\d+$/.test(id) ? names[Number(id)] : undefined) ?? commonName(names);
  const ids = chosen ?? [...names.keys()].map(String);
  return { devices: ids.map((id) => ({ id, name: nameOf(id) })), variable, also: {}, mayBeGrouped: true };
}

async function listNames(environment: Environment): Promise<readonly string[]> {
  for (const { program, args, columns } of listers) {
    const lines = await linesOf(program, args, environment);
    const names = lines === undefined ? [] : readNames(lines, columns);
    if (names.length > 0) return names;
  }
  return [];
}

/** Warnings may stand above the table and below it. */
function readNames(lines: readonly string[], columns: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^(?:gpu|device),/i.test(line));
  const header = cellsOf(lines[start] ?? '').map((cell) => cell.toLowerCase());
  const places = columns.map((column) => header.indexOf(column)).filter((place) => place >= 0);
  const rows = lines.slice(start + 1).filter((line) => start >= 0 && /^(?:card)?\d+,/i.test(line));
  return rows.map((row) => {
    const cells = cellsOf(row);
    // Some releases print a number of the model in the place of its name.
    return (
      places.map((place) => cells[place] ?? '').find((cell) => cell !== '' && !/^(?:0x|N\/A)/i.test(cell)) ?? 'AMD GPU'
    );
  });
}

function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted ?? plain ?? '').trim());
}

function commonName(names: readonly string[]): string {
  const [first = 'AMD GPU'] = names;
  return names.every((name) => name === first) ? first : 'AMD GPU';
}
