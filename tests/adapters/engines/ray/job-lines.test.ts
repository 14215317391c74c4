import { describe, expect, it } from 'vitest';
import { readJobLine } from '../../../../src/adapters/engines/ray/job-lines.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a line that a job prints for its controller', () => {
  it.each([
    ['nocturne 0 at 12.500 train', { number: 0, kind: 'at', seconds: 12.5, stage: 'train' }],
    ['nocturne 1 at 13.000 -', { number: 1, kind: 'at', seconds: 13, stage: undefined }],
    [
      `nocturne 2 log score 49152 ${base64('é')}`,
      { number: 2, kind: 'log', stage: 'score', from: 49152, bytes: Buffer.from('é') },
    ],
    [`nocturne 3 file ${base64('x')}`, { number: 3, kind: 'file', bytes: Buffer.from('x') }],
    ['nocturne 4 left 1024', { number: 4, kind: 'left', bytes: 1024 }],
    ['nocturne 5 whole abc', { number: 5, kind: 'whole', sha256: 'abc' }],
    [`nocturne 6 failed ${base64('no room')}`, { number: 6, kind: 'failed', why: 'no room' }],
  ])('%s is understood', (text, line) => {
    expect(readJobLine(text)).toEqual(line);
  });

  it.each([
    '',
    'Running entrypoint for job nocturne-a: exec python3',
    'nocturne',
    'nocturne x at 1 train',
    'nocturne 1 sings',
    'nocturne 1 log dance 0 eA==',
    ' nocturne 1 at 1 train',
  ])('%j is none', (text) => {
    expect(readJobLine(text)).toBeUndefined();
  });

  it.each(['nan', '-3', '1e999', ''])('a time of %j is none', (text) => {
    expect(readJobLine(`nocturne 1 at ${text} train`)).toMatchObject({ seconds: 0 });
  });
});
