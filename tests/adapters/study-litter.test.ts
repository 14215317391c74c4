import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { removeLitter } from '../../src/adapters/study-litter.ts';
import { temporaryName } from '../../src/adapters/temporary-name.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

afterEach(() => vi.unstubAllEnvs());

/** The number of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}

function layFiles(folder: string, paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
}

const part = '2598122b-7667-47ee-8cb2-ed0ef69ff99c.part';

test('what a dead controller left unfinished is removed, and nothing else', async () => {
  const study = temporaryFolder();
  const dead = deadPid();
  const litter = [
    `lock.${dead}`,
    'lock.breaking',
    `index-${dead}-3`,
    `index-${dead}-3.lock`,
    `object-${dead}-0a1b`,
    `report.html.${part}`,
    `base/sealed.json.${part}`,
    `0007/proposal.json.${part}`,
    `0007/run-1/spec.json.${part}`,
    `0007/run-1/holdout-2/spec.json.${part}`,
    `confirm-1/without-3/run-1/spec.json.${part}`,
    '0007/smoke-0a1b2c3d/work/train.py',
  ];
  const kept = [
    'journal.jsonl',
    'journal.torn-17',
    'notes.part',
    `index-${process.ppid}-1`,
    `lock.${process.ppid}`,
    '0007/proposal.json',
    `0007/run-1/work/weights.${part}`,
    `0007/run-1/output/weights.${part}`,
    'index-of-ideas',
  ];
  layFiles(study, [...litter, ...kept]);
  await removeLitter(study);
  expect([...litter, ...kept].filter((path) => existsSync(join(study, path)))).toEqual(kept);
});

test('so are its folders among temporary files, and those of live processes stay', async () => {
  const [study, temporary] = [temporaryFolder(), temporaryFolder()];
  vi.stubEnv('TMPDIR', temporary);
  const own = temporaryName('index');
  const named = (pid: number) => own.replace(`-${process.pid}-`, () => `-${pid}-`);
  const kept = [`${named(process.ppid)}aB3xY9`, 'nocturne-0a1b2c3d4e5f', 'nocturne-index-aB3xY9', 'other'];
  layFiles(
    temporary,
    [`${named(deadPid())}aB3xY9`, ...kept].map((folder) => `${folder}/file`),
  );
  await removeLitter(study);
  expect(readdirSync(temporary).sort()).toEqual(kept.sort());
});
