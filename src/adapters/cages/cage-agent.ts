/**
 * The cage of a coding agent: it has the network and the files of its own sign-in, reads what the owner's programs read, and sees
 * neither the repository nor the study. It stays the owner's user, since its login is for the owner alone.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Engine, Job, Stage } from '../../ports/engine.ts';
import type { Cage, Rung } from '../../ports/isolation.ts';
import { makeFile } from '../files/make-file.ts';
import { pathInside } from '../files/path-inside.ts';
import { ownersRung } from '../isolation/lower-rung.ts';
import { namedPaths } from './named-paths.ts';
import { entriesOf, openAround } from './open-around.ts';

export interface AgentCageOptions {
  readonly rung: Rung;
  /** The agent's name, and the files and folders below the home in which it keeps its sign-in and its settings. */
  readonly name: string;
  readonly ownInHome: readonly string[];
  /** Nocturne's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The owner's repository, git's folders and the studies' folder, absolute. */
  readonly closed: readonly string[];
}

/** Where keys and what speaks of a person lie; the agent's own sign-in is open to it all the same. */
const closedInHome = [
  ...[
    '.ssh',
    '.gnupg',
    '.aws',
    '.azure',
    '.gcloud',
    '.config/gcloud',
    '.kube',
    '.docker',
    '.kaggle',
    '.netrc',
    '.pgpass',
  ],
  ...[
    '.git-credentials',
    '.config/gh',
    '.password-store',
    '.local/share/keyrings',
    '.mozilla',
    '.thunderbird',
    '.pypirc',
  ],
  ...['.config/google-chrome', '.config/chromium', '.cache/huggingface/token', '.cache/huggingface/stored_tokens'],
  ...['.bash_history', '.zsh_history', '.python_history', '.claude', '.claude.json', '.codex', '.gemini', '.pi'],
] as const;

/** An engine that puts an agent's jobs into its cage. */
export function withAgentCages(engine: Engine, options: AgentCageOptions): Engine {
  return { ...engine, submit: async (job) => engine.submit(await cageAgent(job, options)) };
}

async function cageAgent(job: Job, options: AgentCageOptions): Promise<Job> {
  const stages: Stage[] = [];
  for (const stage of job.stages) stages.push(await cageStage(job, stage, options));
  return { ...job, stages };
}

async function cageStage(job: Job, stage: Stage, options: AgentCageOptions): Promise<Stage> {
  const { rung, name, environment } = options;
  const realHome = environment.HOME ?? homedir();
  const own = [
    ...options.ownInHome,
    `.${name}`,
    `.config/${name}`,
    `.local/share/${name}`,
    `.local/state/${name}`,
    `.cache/${name}`,
  ]
    .map((path) => join(realHome, path))
    .filter((path) => existsSync(path));
  const inJob = Object.values(stage.env).filter(
    (value) => isAbsolute(value) && pathInside(job.folder, value) !== undefined,
  );
  const report = join(job.folder, 'report.json');
  await makeFile(report);
  const named = [
    ...stage.argv.filter((word) => isAbsolute(word) && existsSync(word)).flatMap((word) => [word, dirname(word)]),
    ...namedPaths(Object.values(stage.env).join('\n'), { home: realHome, closed: options.closed }),
  ].filter((path) => options.closed.every((each) => pathInside(path, each) === undefined));
  const closed = [...options.closed, ...closedInHome.map((path) => join(realHome, path))];
  const home = join(job.folder, 'home');
  const cage: Cage = {
    rung: ownersRung(rung),
    read: [],
    around: [...openAround([...topFolders(), realHome], [...closed, '/tmp', '/var/tmp']), ...own, ...named],
    write: [stage.folder, copyOf(job, stage), report, ...inJob.filter((path) => path !== job.folder), ...own].filter(
      (path) => existsSync(path),
    ),
    home,
    homeLinks: linksTo(realHome),
    network: true,
  };
  const temporary = join(home, 'tmp');
  return { ...stage, cage, env: { ...stage.env, HOME: home, TMPDIR: temporary, TEMP: temporary, TMP: temporary } };
}

/** The whole scratch copy, where the sandbox lies deeper in it. */
function copyOf(job: Job, stage: Stage): string {
  const [first = ''] = (pathInside(job.folder, stage.folder) ?? '').split('/');
  return join(job.folder, first);
}

const notAround = new Set(['home', 'root', 'Users', 'tmp', 'proc', 'dev', 'sys', 'boot', 'lost+found']);

function topFolders(): string[] {
  return readdirSync('/')
    .filter((entry) => !notAround.has(entry))
    .map((entry) => `/${entry}`);
}

/** All of the home as links, so that a file that an agent writes anew at its top is gone with the job. */
function linksTo(home: string): Record<string, string> {
  const inner = ['.cache', '.config'];
  const entries = [
    ...(entriesOf(home) ?? []).filter((entry) => !inner.includes(entry)),
    ...inner.flatMap((folder) => (entriesOf(join(home, folder)) ?? []).map((entry) => join(folder, entry))),
  ];
  return Object.fromEntries(entries.map((entry) => [entry, join(home, entry)]));
}
