/** Every figure of docs/evidence.md is a row of a table in src/data/evidence, and stands beside how many repositories it is from. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';

type Row = Readonly<Record<string, string | number | null>>;

const text = readFileSync(packagePath('docs', 'evidence.md'), 'utf8');
const folder = packagePath('src', 'data', 'evidence');
const shipped = readdirSync(folder).filter((name) => !name.startsWith('forecast-'));

function rowsOf(name: string): readonly Row[] {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')).rows;
}

/** A table of the page, and the comment above it that says where its cells are from: `file: columns where key = value`. */
const tables = [...text.matchAll(/<!-- ([\w-]+): (.*?)(?: where (\w+) = (\w+))? -->\n\n((?:\|.*\n)+)/g)].map(
  ([, file = '', columns = '', key, value, lines = '']) => ({
    file,
    columns: columns.split(', '),
    rows: rowsOf(file).filter((row) => key === undefined || row[key] === value),
    lines: lines.trimEnd().split('\n').slice(2),
  }),
);

/** Three digits, as the page shows shares. */
function cellOf(value: Row[string] | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  if (value !== 0 && Math.abs(value) < 1e-4) return value > 0 ? '<0.0001' : '>-0.0001';
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`;
}

test.each(tables)('the table of $file stands there as its rows say', ({ columns, rows, lines }) => {
  expect(lines.map(cellsIn)).toEqual(rows.map((row) => columns.map((column) => cellOf(row[column]))));
});

test('each shipped table stands on the page', () => {
  const shown = new Set([...tables.map(({ file }) => `${file}.json`), 'studies.json', 'noise.json']);
  expect(shipped.filter((name) => !shown.has(name))).toEqual([]);
});

test('each table counts the repositories behind its rows, or names where they are counted', () => {
  const silent = tables.filter(({ columns }) => !columns.includes('repos')).map(({ file }) => file);
  expect(silent).toEqual(['by-position', 'kth-keep', 'effect-distribution', 'repeats']);
  expect(text.match(/studies(?:, which)? are of\s+(?:the|44)\s+repositories/g)).toHaveLength(silent.length);
});

const [whole] = rowsOf('overall').filter(({ arm, kind }) => arm === 'agent' && kind === 'all');
const noiseRepositories = new Set(rowsOf('noise').map(({ repo }) => repo));
const studies = rowsOf('studies');
const hidden = new Set(studies.map(({ repo }) => `${repo}`).filter((repo) => repo.startsWith('kept-')));

/** Each sentence with a figure, from the rows. */
const facts = [
  `As of ${JSON.parse(readFileSync(`${folder}/overall.json`, 'utf8')).asOf}: ${whole?.studies} studies of agents in ${whole?.repos} repositories, ${whole?.experiments} experiments.`,
  `Single estimates of noise are from ${noiseRepositories.size} repositories, effects in sigma from four.`,
  `are of ${whole?.repos} repositories`,
  `and ${hidden.size} more`,
  // Rules of the method, not findings.
  'at least 15 rows',
  '80 % of its keeps',
  'Experiment 0, the baseline',
  'begin with 0-9 and A-F',
  'What the first 20 experiments',
  'SHA-1',
];

test('the sentences say what the rows say', () => {
  const flowing = text.replace(/\s+/g, ' ');
  for (const fact of facts) expect(flowing).toContain(fact);
  expect(rowsOf('effects-in-noise-pooled')[0]?.repos).toBe(4);
});

test('no other figure stands on the page', () => {
  const prose = text
    .replace(/<!--.*-->/g, '')
    .replace(/^\|.*$/gm, '')
    .replace(/`[^`]*`/g, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\s+/g, ' ');
  const rest = facts.reduce((left, fact) => left.split(fact).join(''), prose);
  expect(rest.match(/\S*\d\S*/g)).toBeNull();
});

test('the sources are the studies with a public name, each with its experiments', () => {
  const sources = [...text.matchAll(/^\| \[(\S+)\]\(https:\/\/github.com\/\S+\) \| (\d+) \| (\d+) \|/gm)].map(
    ([, repo, count, experiments]) => ({ repo, studies: Number(count), experiments: Number(experiments) }),
  );
  const named = [...new Set(studies.map(({ repo }) => `${repo}`))].filter((repo) => !hidden.has(repo));
  const counted = named.map((repo) => {
    const own = studies.filter((study) => study.repo === repo);
    return { repo, studies: own.length, experiments: own.reduce((sum, each) => sum + Number(each.experiments), 0) };
  });
  const byName = (a: { repo?: string | undefined }, b: { repo?: string | undefined }) =>
    `${a.repo}`.localeCompare(`${b.repo}`);
  expect(sources.toSorted(byName)).toEqual(counted.toSorted(byName));
  expect(text).not.toMatch(/kept-\d/);
});

function cellsIn(line: string): string[] {
  return line
    .replace(/^\| | \|$/g, '')
    .split(' | ')
    .map((cell) => cell.trim());
}
