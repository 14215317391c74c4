/**
 * What a job on a node of a Ray cluster prints for its controller (`src/python/ray_job.py`), read line by line.
 */
import { parseStrictNumber } from '../../../core/base/strict-number.ts';
import type { Stage } from '../../../ports/engine.ts';

/** One line; `number` counts them from 0. */
export type JobLine = { readonly number: number } & (
  | { readonly kind: 'at'; readonly seconds: number; readonly stage: Stage['name'] | undefined }
  | { readonly kind: 'log'; readonly stage: Stage['name']; readonly from: number; readonly bytes: Buffer }
  | { readonly kind: 'left'; readonly bytes: number }
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'whole'; readonly sha256: string }
  | { readonly kind: 'failed'; readonly why: string }
);

const pattern = /^nocturne (\d{1,12}) ([a-z]+)(?: (.*))?$/;
const stages = ['prepare', 'train', 'score'] as const;

/** The line, unless it is one that Ray or something else printed. */
export function readJobLine(text: string): JobLine | undefined {
  const [, count, kind, rest = ''] = pattern.exec(text) ?? [];
  if (count === undefined || kind === undefined) return undefined;
  const number = numberOf(count);
  const [first = '', second = '', third = ''] = rest.split(' ');
  switch (kind) {
    case 'at':
      return { number, kind, seconds: numberOf(first), stage: stageOf(second) };
    case 'log': {
      const stage = stageOf(first);
      return stage && { number, kind, stage, from: numberOf(second), bytes: Buffer.from(third, 'base64') };
    }
    case 'left':
      return { number, kind, bytes: numberOf(first) };
    case 'file':
      return { number, kind, bytes: Buffer.from(first, 'base64') };
    case 'whole':
      return { number, kind, sha256: first };
    case 'failed':
      return { number, kind, why: Buffer.from(first, 'base64').toString('utf8') };
    default:
      return undefined;
  }
}

function stageOf(text: string): Stage['name'] | undefined {
  return stages.find((name) => name === text);
}

function numberOf(text: string): number {
  return Math.max(0, parseStrictNumber(text)?.value ?? 0);
}
