import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readMirrorState, writeMirrorState } from '../../../src/cli/study-folder/mirror-state.ts';
import { spoilings } from '../../helpers/spoil.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const state = { mirror: 'origin', experiments: 3, isKnown: true, at: '2024-11-23T22:00:00.000Z' };

it('what the last save left is read again, and a study without a mirror has none', async () => {
  const folder = temporaryFolder();
  expect(await readMirrorState(folder)).toEqual({ kind: 'absent' });
  await writeMirrorState(folder, state);
  expect(await readMirrorState(folder)).toEqual({ kind: 'read', value: state });
});

it.each(spoilings)(
  '%s in its place is not taken for it, and the next save mends it',
  { timeout: 20_000 },
  async (name, spoil) => {
    const folder = temporaryFolder();
    await writeMirrorState(folder, state);
    spoil(join(folder, 'mirror.json'));
    expect(await readMirrorState(folder)).toMatchObject({ kind: 'malformed' });
    const save = writeMirrorState(folder, state);
    if (name === 'a folder') return expect(save).rejects.toThrow();
    await save;
    expect(await readMirrorState(folder)).toEqual({ kind: 'read', value: state });
  },
);

it('one of an older version has what that knew', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'mirror.json'),
    '{"mirror":"/drive","experiments":0,"isKnown":false,"failure":"it is full"}\n',
  );
  expect(await readMirrorState(folder)).toMatchObject({ kind: 'read', value: { failure: 'it is full' } });
});
