/** A project on the shipped tiny sandbox, and a served model that proposes in it. */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Step } from './model-server/model-server.ts';
import type { ServedCall, ServedReply } from './model-server/render-reply.ts';
import { nocturne } from './nocturne.ts';
import { openRepo, type TemporaryRepo, temporaryFolder } from './temporary-repo.ts';

/**
 * Made by `nocturne init`, with these lines in the brief's front matter; its tests share one environment for Python.
 */
export async function tinyProject(...lines: readonly string[]): Promise<TemporaryRepo> {
  const folder = join(temporaryFolder(), 'project');
  const said = await nocturne(folder.replace(/\/project$/, ''), ['init', 'project']);
  expect(said.exitCode, said.stderr).toBe(0);
  const repo = openRepo(folder);
  settle(repo, ...lines);
  return repo;
}

/** Adds lines to the brief's front matter, in one commit. */
export function settle(repo: TemporaryRepo, ...lines: readonly string[]): void {
  const names = lines.map((line) => line.replace(/:.*/s, ''));
  const brief = repo.read('program.md').split('\n');
  const others = brief.filter((line) => !names.some((name) => line.startsWith(`${name}:`)));
  repo.write('program.md', ['---', ...lines, ...others.slice(1)].join('\n'));
  repo.commit('settings');
}

/**
 * The arguments of `run` in these tests: the greedy policy, one second of training, and numpy from this machine or from
 * Nocturne's own environment.
 */
export function runArguments(tag: string, experiments: number, ...more: readonly string[]): readonly string[] {
  return [
    'run',
    '--tag',
    tag,
    '--budget',
    '1s',
    '--yes',
    '--max-experiments',
    String(experiments),
    '--policy',
    'greedy',
    ...more,
  ];
}

/** A turn that calls these tools. */
export function turn(...calls: readonly ServedCall[]): Step {
  return { reply: { calls: calls.map((call, index) => ({ id: `call_${index}_x`, ...call })), usage: turnUsage } };
}

/** What each of these turns uses. */
export const turnUsage: NonNullable<ServedReply['usage']> = { uncached: 2000, cached: 500, output: 100 };

/** An edit of one line of the training script. */
export function editLine(find: string, replace: string): ServedCall {
  return { name: 'edit', arguments: { file: 'train.py', edits: [{ find, replace }] } };
}

/** Hands the draft in. */
export function handIn(title: string, more: Readonly<Record<string, unknown>> = {}): ServedCall {
  const idea = { hypothesis: 'Velocity carries over.', expected_effect: 'Clearly lower.', kind: 'knobs' };
  return { name: 'submit', arguments: { title, ...idea, ...more } };
}

/** Turns on momentum, in two turns; a clear win on the tiny sandbox. */
export const momentumIdea: readonly Step[] = [
  turn({ name: 'read_notes', arguments: {} }, editLine('MOMENTUM = 0.0 ', 'MOMENTUM = 0.9 ')),
  turn(handIn('Turn momentum on')),
];

/** An idea that loses. */
export const tinyRateIdea: readonly Step[] = [
  turn(editLine('LEARNING_RATE = 0.1 ', 'LEARNING_RATE = 0.0001 '), handIn('Hardly learn at all')),
];
