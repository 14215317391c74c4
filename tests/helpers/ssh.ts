/** A login by ssh, with a terminal, at an sshd of our own on this machine. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';
import { quoted } from './window.ts';

/** sshd is where the PATH of most users does not look. */
export const pathWithSshd = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

export interface Login {
  /** Cuts the connection, without a word to the other side. */
  readonly drop: () => void;
}

/**
 * Logs in and types a command in a folder, with these variables; all of it ends with the test at the latest. Undefined
 * where this account may not log in, as when it is locked.
 */
export async function logIn(
  folder: string,
  variables: Readonly<Record<string, string>>,
  command: string,
): Promise<Login | undefined> {
  // Not a folder of the tests, whose names have spaces: ssh splits its options there.
  const files = mkdtempSync(join(tmpdir(), 'nocturne-ssh-'));
  onTestFinished(() => rmSync(files, { recursive: true, force: true }));
  const port = await startServer(files);
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted([value])};`);
  // Neither a question to the developer nor the keys of an agent come before our own key.
  const settings = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
  const options = ['-F', '/dev/null', ...settings.flatMap((setting) => ['-o', setting])];
  const login = ['-i', join(files, 'user'), '-p', String(port), `${userInfo().username}@127.0.0.1`];
  const { exitCode } = await execa('ssh', [...options, ...login, 'exit 0'], { reject: false, stdin: 'ignore' });
  if (exitCode !== 0) return undefined;
  const client = spawn('ssh', ['-tt', ...options, ...login], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void client.kill('SIGKILL'));
  client.stdin.write(`${exports.join(' ')} cd ${quoted([folder])}; ${command}\n`);
  return { drop: () => void client.kill('SIGKILL') };
}

/** Starts sshd, with keys of its own in this folder and these lines of configuration; gives its port. */
export async function startServer(
  files: string,
  more: readonly string[] = [],
  atEnd: (stop: () => void) => void = onTestFinished,
): Promise<number> {
  for (const key of ['host', 'user']) {
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(files, key)]);
  }
  copyFileSync(join(files, 'user.pub'), join(files, 'authorized'));
  chmodSync(join(files, 'authorized'), 0o600);
  const port = await freePort();
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${files}/host`,
    `AuthorizedKeysFile ${files}/authorized`,
    'PasswordAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    `PidFile ${files}/pid`,
    ...more,
  ];
  writeFileSync(join(files, 'config'), `${settings.join('\n')}\n`);
  // Where root's sshd separates its privileges.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const { stdout: sshd } = await execa('which', ['sshd'], { env: { PATH: pathWithSshd } });
  const server = spawn(sshd, ['-D', '-e', '-f', join(files, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  atEnd(() => void server.kill());
  let said = '';
  server.stderr.on('data', (data) => {
    said += data;
  });
  await until(() => said.includes('Server listening'));
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
