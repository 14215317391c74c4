/** Keys that stand in what a model or an agent is shown: none leaves, none is journalled, and edits do not break them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markOf } from '../../src/core/base/secrets.ts';
import { addCommitted } from '../helpers/bad-input.ts';
import type { RecordedRequest, Step } from '../helpers/model-server/model-server.ts';
import { handIn, turn } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const inSource = 'canaryone7Zr3TnB1xWv7LpK';
const inTracked = 'canarytwo0123456789abcdef';
const inLog = 'hf_canarythreeAbCdEfGhIj0123';
const inEnvironment = 'canaryfour 0123456789';
const canary = /canary(one|two|three|four)/;

const training = `
SERVICE_API_KEY = "${inSource}"
settings = open("settings.yaml").read()
print("read", settings.split()[-1], "and the bare", SERVICE_API_KEY)
print("login with ${inLog}")
`;

/** Keys in the source, in a tracked file, in the log of each run and of each smoke run. */
function plant(repo: TemporaryRepo): TemporaryRepo {
  addCommitted(repo, 'settings.yaml', `service:\n  db_password: ${inTracked}\n`);
  addCommitted(repo, 'train.py', repo.read('train.py').replace('\nloss = ', `${training}\nloss = `));
  return repo;
}

const environment = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', SOME_SECRET: inEnvironment };
const run = (repo: TemporaryRepo, experiments: number) =>
  nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', String(experiments), '--json'], environment);

function expectKept(repo: TemporaryRepo, attempt: string): void {
  const source = repo.git('show', `refs/autoresearch/night/${attempt}:train.py`);
  expect(source).toContain(`SERVICE_API_KEY = "${inSource}"`);
  expect(source).not.toContain('[redacted');
}

function expectCleanJournal(repo: TemporaryRepo, output: string): void {
  expect(readFileSync(join(repo.root, 'runs', 'night', 'journal.jsonl'), 'utf8')).not.toMatch(canary);
  expect(output).not.toMatch(canary);
}

test('keys in source, tracked files, logs and the environment reach no request and no journal, and edits keep them', async () => {
  const server = await serve(nosy);
  const repo = plant(quickProject(server));

  const said = await run(repo, 2);
  const again = await run(repo, 3);

  expect([said.exitCode, again.exitCode], said.stderr + again.stderr).toEqual([0, 0]);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'proposal-made')).toHaveLength(3);
  expect(entriesOf(journal, 'smoke-ended').length).toBeGreaterThan(0);
  expectKept(repo, '0001');
  expect(repo.git('show', 'refs/autoresearch/night/0001:train.py')).toContain('# kept as it was');
  expectKept(repo, '0002');
  const bodies = server.requests.map(({ body }) => JSON.stringify(body));
  expect(bodies.filter((body) => canary.test(body))).toEqual([]);
  for (const value of [inSource, inTracked, inLog]) {
    expect(bodies.some((body) => body.includes(markOf(value)))).toBe(true);
  }
  expect(bodies.some((body) => body.includes('stands for a value that is not shown to you'))).toBe(true);
  expect(server.violations).toEqual([]);
  expectCleanJournal(repo, said.stdout + said.stderr + again.stdout + again.stderr);
});

/** Looks at everything, quotes the mark of the key in an edit, invents one, and repeats what it has seen. */
function nosy({ body }: RecordedRequest, index: number): Step {
  const mark = markOf(inSource);
  if (index === 0) {
    const files = ['settings.yaml', 'train.py'].map((file) => ({ name: 'read_file', arguments: { file } }));
    return turn(...files, { name: 'show_experiment', arguments: { experiment: 0 } });
  }
  if (index === 1) {
    const [find, replace] = [`SERVICE_API_KEY = "${mark}"`, `SERVICE_API_KEY = "${mark}"  # kept as it was\nWIDTH = 5`];
    return turn({ name: 'edit', arguments: { edits: [{ find, replace }] } }, { name: 'check', arguments: {} });
  }
  if (index === 2) return turn(handIn('Keep the key', { hypothesis: `I saw ${JSON.stringify(body).slice(0, 500)}` }));
  if (index === 3) {
    const edits = [{ find: 'WIDTH = 4', replace: 'OTHER = "[redacted 0001]"\nWIDTH = 4' }];
    return turn({ name: 'edit', arguments: { edits } });
  }
  return idea(index);
}

test("an agent's copy has no key, and what it hands in has the key again", async () => {
  const repo = plant(project('quick'));
  // Its note repeats all that it can read; its edit rewrites the whole file.
  const agent = `
import pathlib, re
text = open("train.py").read()
seen = "\\n".join(path.read_text() for path in sorted(pathlib.Path(".").glob("*.*")) if path.is_file())
found = sorted(set(re.findall(r"canary\\w+|\\[redacted ....\\]", seen + open("TASK.md").read())))
open("PROPOSAL.md", "w").write("An edit\\nI saw: " + " ".join(found))
open("train.py", "w").write(text.replace("WIDTH = 4", "WIDTH = %d" % (4 + len(text) % 7)))
`;
  const command = JSON.stringify(['python3', '-c', agent]);
  addCommitted(
    repo,
    'program.md',
    repo.read('program.md').replace(/researcher: \w+/, () => `researcher: command\ncommand: ${command}`),
  );

  const said = await run(repo, 1);

  expect(said.exitCode, said.stderr).toBe(0);
  const [made] = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  expect(made?.proposal.hypothesis).toBe(`I saw: ${[inSource, inTracked, inLog].map(markOf).sort().join(' ')}`);
  expectKept(repo, '0001');
  expectCleanJournal(repo, said.stdout + said.stderr);
});
