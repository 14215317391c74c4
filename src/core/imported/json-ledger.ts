/**
 * Ledgers in JSON: a document, or one value a line.
 */
import { parseJson } from '../base/parse-json.ts';
import { aideStudy } from './aide.ts';
import type { Ledger } from './ledger.ts';
import { isProgram, openEvolveStudy } from './open-evolve.ts';
import { isOptunaEntry, optunaStudies, trackedOptuna } from './optuna.ts';
import { isPiLog, type JsonLine, piTables } from './pi-autoresearch.ts';
import { readStatus } from './status-words.ts';
import { goalOfWord, type Table } from './table.ts';
import { cellOf, ownCell, tableOfRuns } from './tracked-runs.ts';

/** What a ledger is made from, before its tables are read. */
export type LedgerSource = Pick<Ledger, 'format' | 'unit' | 'leftOut' | 'notes'> & {
  readonly tables: readonly Table[];
};

/** The source in a text; undefined for a text that is no JSON. */
export function jsonSource(text: string): LedgerSource | undefined {
  if (!/^\ufeff?\s*[[{]/.test(text)) return undefined;
  const document = parseJson(text.replace(/^\ufeff/, ''));
  const isOneObject = document !== undefined && !Array.isArray(document) && text.trim().includes('\n') === false;
  if (document !== undefined && !(isOneObject && isLine(document))) return documentSource(document);
  return linesSource(text);
}

/** A file of one line is a document or a log of one line: what a document is known by decides. */
function isLine(document: unknown): boolean {
  return aideStudy(document) === undefined && !isProgram(document) && listIn(document) === undefined;
}

function documentSource(document: unknown): LedgerSource | undefined {
  const aide = aideStudy(document);
  if (aide) return { format: 'journal of AIDE', unit: 'node', tables: [tableOfRuns(aide)], leftOut: [], notes: [] };
  if (isProgram(document)) return openEvolveSource([document]);
  const list = listIn(document) ?? [document];
  const lines = list.map((value, index): JsonLine => ({ line: index + 1, value }));
  if (list.length > 0 && list.every(isProgram)) return openEvolveSource(list);
  return { ...genericSource(lines), format: 'JSON list', unit: 'entry' };
}

/** Programs of OpenEvolve. */
export function openEvolveSource(documents: readonly unknown[]): LedgerSource {
  const notes = ['OpenEvolve drops programs from its database: those that a checkpoint no longer has are missing.'];
  return {
    format: 'OpenEvolve programs',
    unit: 'program',
    tables: [tableOfRuns(openEvolveStudy(documents))],
    leftOut: [],
    notes,
  };
}

/** The list of objects in a document: itself, or the one under a key such as `experiments`. */
function listIn(document: unknown): readonly unknown[] | undefined {
  if (Array.isArray(document)) return document;
  if (!isObject(document)) return undefined;
  const lists = Object.values(document).filter(
    (value): value is unknown[] => Array.isArray(value) && value.length > 0 && value.every(isObject),
  );
  return lists.toSorted((a, b) => b.length - a.length)[0];
}

function linesSource(text: string): LedgerSource | undefined {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((each, index) => (each.trim() === '' ? [] : [{ line: index + 1, text: each, value: parseJson(each) }]));
  const entries = lines.filter(({ value }) => isObject(value));
  if (entries.length < lines.length / 2) return undefined;
  const broken = lines
    .filter(({ value }) => !isObject(value))
    .map((each) => ({ line: each.line, reason: 'no JSON object', text: each.text }));
  if (entries.some(({ value }) => isOptunaEntry(value))) {
    const studies = optunaStudies(entries.map(({ value }) => value));
    const tables = studies.map((study) => tableOfRuns(trackedOptuna(study)));
    return { format: 'Optuna journal', unit: 'trial', tables, leftOut: broken, notes: optunaNotes(studies) };
  }
  if (isPiLog(entries)) {
    const { tables, others } = piTables(entries);
    const notRuns = others.map(({ line, value }) => ({
      line,
      reason: 'neither a config nor a run',
      text: cellOf(value),
    }));
    return { format: 'log of pi-autoresearch', unit: 'line', tables, leftOut: [...broken, ...notRuns], notes: [] };
  }
  const source = genericSource(entries);
  return { ...source, leftOut: [...broken, ...source.leftOut] };
}

/** What is said of studies with more than one objective. */
export function optunaNotes(studies: readonly { name: string; directions: readonly string[] }[]): string[] {
  return studies
    .filter(({ directions }) => directions.length > 1)
    .map(({ name, directions }) => `The study ${name} has ${directions.length} objectives: the first is read.`);
}

interface FlatEntry {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
  /** The metric that the entry names for its `value`; empty where it names none. */
  readonly metric: string;
}

function genericSource(lines: readonly JsonLine[]): LedgerSource {
  const tables: Table[] = [];
  const leftOut: { line: number; reason: string; text: string }[] = [];
  let goal: Table['goal'];
  let group: FlatEntry[] = [];
  const close = () => {
    if (group.length > 0) tables.push(tableOf(group, goal));
    group = [];
  };
  for (const { line, value } of lines) {
    const entry = flatEntry(line, value);
    goal = goalIn(entry.fields) ?? goal;
    const isCrash = group.length > 0 && Object.entries(entry.fields).some(isCrashStatus);
    if (!isCrash && !Object.values(entry.fields).some((text) => /^[+-]?(?:\d|\.\d)/.test(text))) {
      leftOut.push({ line, reason: 'no run: it has no number', text: cellOf(value) });
      continue;
    }
    if (!isCrash && group.length > 0 && group[0]?.metric !== entry.metric) close();
    group.push(entry);
  }
  close();
  return { format: 'JSON lines', unit: 'line', tables, leftOut, notes: [] };
}

/** An experiment that crashed may have no number at all, but the same columns as those before it. */
function isCrashStatus([key, text]: readonly [string, string]): boolean {
  return /^(?:status|state|outcome|result|decision|verdict)$/i.test(key) && readStatus(text) === 'crash';
}

function goalIn(fields: Readonly<Record<string, string>>): Table['goal'] {
  for (const [key, value] of Object.entries(fields)) {
    if (/^(?:.*\.)?(?:direction|best_?direction|goal|mode|metric_?direction)$/i.test(key)) {
      const goal = goalOfWord(value);
      if (goal !== undefined) return goal;
    }
  }
  return undefined;
}

function tableOf(entries: readonly FlatEntry[], goal: Table['goal']): Table {
  const columns = [...new Set(entries.flatMap(({ fields }) => Object.keys(fields)))].slice(0, 300);
  const rows = entries.map(({ line, fields }) => ({ line, cells: columns.map((name) => ownCell(fields, name)) }));
  const metric = entries[0]?.metric ?? '';
  return { name: '', columns, rows, goal, ...(metric === '' ? {} : { metric }) };
}

/** The entry's fields with dots between their names; `{"metric": "bleu", "value": 2}` has the field `bleu`. */
function flatEntry(line: number, value: unknown): FlatEntry {
  const fields: Record<string, string> = {};
  flatten(value, '', 0, fields);
  const { metric = '', value: score } = fields;
  if (score === undefined || metric === '' || /^[+-]?[\d.]/.test(metric)) return { line, fields, metric: '' };
  const { metric: _, value: __, ...others } = fields;
  return { line, fields: { ...others, [metric]: score }, metric };
}

function flatten(value: unknown, path: string, depth: number, into: Record<string, string>): void {
  if (!isObject(value)) {
    if (path !== '') into[path] = cellOf(value);
    return;
  }
  for (const [key, inner] of Object.entries(value).slice(0, 200)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (isObject(inner) && depth < 3) flatten(inner, name, depth + 1, into);
    else into[name] = cellOf(inner);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
