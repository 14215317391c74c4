import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCommitted } from '../helpers/bad-input.ts';
import type { RecordedRequest, Step } from '../helpers/model-server/model-server.ts';
import { handIn, turn } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';
import { type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

/** Every value has a word of its own that occurs nowhere else. */
const environment = {
  OPENAI_API_KEY: 'sk-proj-canaryone0123456789abcdef',
  ANTHROPIC_API_KEY: 'sk-ant-canarytwo0123456789abcdef',
  GITHUB_TOKEN: 'ghp_canarythree0123456789abcdef',
  AWS_SECRET_ACCESS_KEY: 'canaryfour/0123456789+abcdef',
  AWS_ACCESS_KEY_ID: 'AKIACANARYFIVE123456',
  HF_TOKEN: 'hf_canarysix0123456789',
  WANDB_API_KEY: 'canaryseven0123456789abcdef',
  NOCTURNE_SECRET_THING: 'canaryeight-0123456789',
};
const canary = /canary(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)/i;

const training = `
print("environment", dict(os.environ), flush=True)
for path in (".env", "../.env", "local.env"):
    if os.path.exists(path):
        print(open(path).read())
`;

test.each(['a variable', 'a file'])(
  'a key from %s reaches neither git nor journal, log, prompt or report',
  async (source) => {
    const server = await serve(indiscreet);
    const repo = quickProject(server);
    addCommitted(repo, '.gitignore', '.env\nruns/\n');
    addCommitted(repo, 'train.py', repo.read('train.py').replace('\nloss = ', `${training}\nloss = `));
    repo.write('.env', 'PASSWORD=canarynine0123456789\n');
    repo.write('local.env', 'PASSWORD=canaryten0123456789\n');
    const home = temporaryFolder();
    const keyFile = join(home, 'key');
    // Of no well-known shape: only its value can give it away.
    writeFileSync(keyFile, 'canarytwelve0123456789abcdef\n');
    const key = source === 'a file' ? { OPENAI_API_KEY: undefined, OPENAI_API_KEY_FILE: keyFile } : {};
    writeFileSync(join(home, '.netrc'), 'machine example.org login ada password canaryeleven0123456789\n');

    const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '2', '--json'], {
      ...environment,
      ...key,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
    });
    for (const command of ['report', 'log', 'status']) await nocturne(repo.root, [command, '--tag', 'night']);

    expect(said.exitCode, said.stderr).toBe(0);
    const journal = journalOf(repo.root, 'night');
    expect(entriesOf(journal, 'proposal-made')).toHaveLength(2);
    const refused = entriesOf(journal, 'proposal-refused').map(({ reason }) => reason);
    expect(refused).toEqual(leaks.map(() => expect.stringMatching(/^it contains what looks like a key \(.+\)$/)));
    const log = repo.read('runs/night/0001/run-1/train.log');
    expect(log).toContain("environment {'");
    expect(log).toContain('NOCTURNE_SEED');

    expect(`${said.stdout}${said.stderr}`).not.toMatch(canary);
    expect(filesWith(canary, join(repo.root, 'runs'))).toEqual([]);
    expect(objectsOf(repo)).not.toMatch(canary);
    expect(server.requests.filter(({ body }) => canary.test(JSON.stringify(body)))).toEqual([]);
    expect(server.violations).toEqual([]);
  },
);

/** Ways to get the key of the very request into the study. */
const leaks: readonly ((key: string) => Step)[] = [
  (key) => turn(addComment(key), handIn('Remember this')),
  (key) => turn(addComment('nothing'), handIn(`Use ${key}`)),
  (key) => turn(addComment('nothing'), handIn('Explain', { hypothesis: `The key is ${key}.` })),
  () => turn(addComment(environment.AWS_SECRET_ACCESS_KEY), handIn('Remember that')),
];

/** Asks for files that are none of its business, repeats all it sees, and tries to hand keys in. */
function indiscreet({ headers, body }: RecordedRequest, index: number): Step {
  const key = String(headers.authorization).replace('Bearer ', '');
  if (index === 0) {
    return turn(
      ...['.env', '../.env', 'local.env', '~/.netrc', '/proc/self/environ', 'runs/../.env'].map((file) => ({
        name: 'read_file',
        arguments: { file },
      })),
    );
  }
  const leak = leaks[index - 1];
  if (leak) return leak(key);
  const seen = JSON.stringify(body);
  const next = idea(index);
  if (!('reply' in next)) return next;
  const [edit] = next.reply.calls ?? [];
  return turn(...(edit ? [edit] : []), handIn(`Idea ${index}`, { hypothesis: `I saw: ${seen}` }));
}

function addComment(text: string) {
  const edits = [{ find: 'WIDTH = 4', replace: `WIDTH = 8  # ${text}\nDEPTH = 3` }];
  return { name: 'edit', arguments: { edits } };
}

function filesWith(pattern: RegExp, folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(`${path}\n${readFileSync(path, 'latin1')}`));
}

function objectsOf({ root }: TemporaryRepo): string {
  const args = ['cat-file', '--batch-all-objects', '--batch'];
  return execFileSync('git', args, { cwd: root, maxBuffer: 1e8 }).toString('latin1');
}
