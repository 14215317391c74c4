/**
 * Compares `models.json` with the public lists of model prices, or with copies of them.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { listedModels } from '../../src/adapters/models/model-facts.ts';
import { differences, ownModels } from './compare.ts';
import { type ListedModel, type PriceList, priceLists } from './lists.ts';

const fetchMilliseconds = 30_000;
const usage =
  'npm run prices -- --check [--from FILE|ADDRESS]... compares the prices of models.json with public lists.';

type Got =
  | { readonly kind: 'read'; readonly name: string; readonly models: ReadonlyMap<string, ListedModel> }
  | { readonly kind: 'none'; readonly reason: string };

export interface Printer {
  readonly log: (line: string) => void;
  readonly error: (line: string) => void;
}

/** The exit code: 0 when they agree, 1 when they differ, 2 when there was nothing to compare with. */
export async function checkPrices(args: readonly string[], { log, error }: Printer): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) {
    error(usage);
    return 2;
  }
  const wanted = flags.from.length > 0 ? flags.from.map(readCopy) : priceLists.map((list) => readAt(list.url, [list]));
  const got = await Promise.all(wanted);
  for (const each of got) if (each.kind === 'none') error(each.reason);
  const lists = got.filter((each) => each.kind === 'read');
  if (lists.length === 0) {
    error('No list of prices could be read, so nothing was compared. Give a copy of one with --from FILE.');
    return 2;
  }
  return report(lists, log);
}

function readFlags(args: readonly string[]): { readonly from: readonly string[] } | undefined {
  const options = { check: { type: 'boolean' }, from: { type: 'string', multiple: true } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    return values.check ? { from: values.from ?? [] } : undefined;
  } catch {
    return undefined;
  }
}

function readCopy(from: string): Promise<Got> {
  return /^https?:/.test(from) ? readAt(from, priceLists) : readText(from, () => readFile(from, 'utf8'), priceLists);
}

function readAt(address: string, lists: readonly PriceList[]): Promise<Got> {
  const get = async () => {
    const response = await fetch(address, { signal: AbortSignal.timeout(fetchMilliseconds) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return await response.text();
  };
  return readText(address, get, lists);
}

/** Reads a list whose shape says which one it is. */
async function readText(from: string, get: () => Promise<string>, lists: readonly PriceList[]): Promise<Got> {
  try {
    const raw: unknown = JSON.parse(await get());
    for (const { name, read } of lists) {
      const models = read(raw);
      if (models !== undefined) return { kind: 'read', name, models };
    }
    return { kind: 'none', reason: `${from} is none of the lists: ${priceLists.map(({ name }) => name).join(', ')}.` };
  } catch (error) {
    const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return { kind: 'none', reason: `${from} could not be read: ${why}` };
  }
}

function report(lists: readonly Extract<Got, { kind: 'read' }>[], log: Printer['log']): number {
  const day = new Date().toISOString().slice(0, 10);
  const own = ownModels();
  const lines = own.flatMap((model) =>
    lists.flatMap(({ name, models }) => {
      const other = models.get(model);
      return other === undefined ? [] : differences(model, other, name, day);
    }),
  );
  const known = new Set(lists.flatMap(({ models }) => [...models.keys()]));
  const providers = new Set([...known].map(providerOf));
  const missing = own.filter((model) => providers.has(providerOf(model)) && !known.has(model));
  for (const line of lines) log(line);
  if (missing.length > 0) log(`In none of these lists: ${missing.join(', ')}.`);
  log(
    `${lines.length} differences between the ${own.length} models as of ${listedModels.asOf} and ${lists.map(({ name }) => name).join(', ')}.`,
  );
  return lines.length > 0 ? 1 : 0;
}

function providerOf(model: string): string {
  return model.slice(0, model.indexOf(':'));
}
