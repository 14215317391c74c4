/**
 * The author of a study's commits: the user whom git is configured for, else Nocturne. No configuration is ever
 * written.
 */
import type { Git } from './git.ts';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

const NOCTURNE: Identity = { name: 'Nocturne', email: 'nocturne@localhost' };

/** The name and address that git is configured to put on the user's commits, never those that it would guess. */
export async function readIdentity(git: Git): Promise<Identity> {
  const said = await git
    .run(['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT'], { environment: named(process.env) })
    .catch(() => '');
  const [, name, email] = /^(.+) <([^<>\n]+)> \d+ [+-]\d{4}$/.exec(said.trim()) ?? [];
  return name === undefined || email === undefined ? NOCTURNE : { name, email };
}

function named(environment: NodeJS.ProcessEnv): Record<string, string> {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email } = environment;
  return { ...(name && { GIT_AUTHOR_NAME: name }), ...(email && { GIT_AUTHOR_EMAIL: email }) };
}

/** An ISO time as git writes it: whole seconds, in UTC. */
export function gitDate(iso: string): string {
  return `${Math.floor(Date.parse(iso) / 1000)} +0000`;
}

/** The environment variables that give a commit this author, this committer and this date. */
export function signature({ name, email }: Identity, iso: string): Record<string, string> {
  const date = gitDate(iso);
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}
