import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/core/journal/proposal.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Source } from '../../../src/core/space/knob.ts';
import { createLineKnobReader } from '../../../src/testing/index.ts';

const files = {
  'train.py': '# Größe 🌙 der Schritte\nLR = 0.1  # é\nWIDTH = 2**8\nDEPTH = 4\n\ndef step():\n    return LR\n',
  'model.py': 'WIDTH = 16\r\nprint("x")',
};

async function source(more: Record<string, string> = {}): Promise<Source> {
  const all = { ...files, ...more };
  const reading = await createLineKnobReader().read(all);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return { files: all, knobs: reading.knobs };
}

async function apply(...edits: readonly Edit[]) {
  return applyEdits(await source(), edits);
}

async function patched(...edits: readonly Edit[]) {
  const patch = await apply(...edits);
  if (patch.kind === 'refused') throw new Error(patch.reason);
  return patch.files;
}

const setKnob = (knob: string, to: number, file = 'train.py'): Edit => ({ kind: 'set-knob', file, knob, to });
const replace = (find: string, by: string, file = 'train.py'): Edit => {
  return { kind: 'replace', file, find, replace: by };
};

describe('a knob', () => {
  it('is set at its exact place, behind characters of several bytes too', async () => {
    expect((await patched(setKnob('LR', 0.25)))['train.py']).toBe(files['train.py'].replace('0.1', '0.25'));
  });

  it('may be set together with others of the same file, in any order', async () => {
    const [depth, rate] = [setKnob('DEPTH', 12), setKnob('LR', 0.0125)];
    const both = files['train.py'].replace('DEPTH = 4', 'DEPTH = 12').replace('0.1', '0.0125');
    expect((await patched(depth, rate))['train.py']).toBe(both);
    expect((await patched(rate, depth))['train.py']).toBe(both);
  });

  it('is told from one of the same name in another file', async () => {
    const result = await patched(setKnob('WIDTH', 32, 'model.py'));
    expect(result).toEqual({ ...files, 'model.py': 'WIDTH = 32\r\nprint("x")' });
  });

  it.each([
    [[setKnob('MOMENTUM', 1)], 'train.py has no knob MOMENTUM'],
    [[setKnob('LR', 1, 'model.py')], 'model.py has no knob LR'],
    [[setKnob('LR', 1, 'prepare.py')], 'prepare.py has no knob LR'],
    [[setKnob('LR', 1), setKnob('LR', 2)], 'LR is set twice'],
  ])('is refused: %j', async (edits, reason) => {
    expect(await apply(...edits)).toEqual({ kind: 'refused', reason });
  });
});

describe('a replacement', () => {
  it.each(['$&', '$1', '$`', "$'", '$$', '\\n', '\\1'])('writes %s as it is', async (text) => {
    expect((await patched(replace('return LR', `return ${text}`)))['train.py']).toContain(`return ${text}\n`);
  });

  it('keeps line ends and what is around it', async () => {
    expect((await patched(replace('"x"', '"y"', 'model.py')))['model.py']).toBe('WIDTH = 16\r\nprint("y")');
  });

  it.each([
    ['no such text', 'the text to replace is not in train.py'],
    ['LR', 'the text to replace occurs 2 times in train.py'],
    ['\n\n\n', 'the text to replace is not in train.py'],
  ])('of %j is refused', async (find, reason) => {
    expect(await apply(replace(find, 'x'))).toEqual({ kind: 'refused', reason });
  });

  it('sees what the edit before it has written', async () => {
    const result = await patched(replace('return LR', 'return MARK'), replace('MARK', 'LR * 2'));
    expect(result['train.py']).toContain('return LR * 2');
  });
});

describe('edits', () => {
  it('may write a whole file', async () => {
    const edit: Edit = { kind: 'write', file: 'model.py', content: '' };
    expect(await patched(edit)).toEqual({ ...files, 'model.py': '' });
  });

  it.each(['prepare.py', '../train.py', './train.py', '/etc/passwd', 'constructor', '__proto__', 'toString', ''])(
    'may not change %s',
    async (file) => {
      const allowed = 'may not be edited; only train.py, model.py may';
      const edits: Edit[] = [{ kind: 'write', file, content: 'x' }, replace('a', 'b', file)];
      for (const edit of edits) expect(await apply(edit)).toEqual({ kind: 'refused', reason: `${file} ${allowed}` });
    },
  );

  it('are applied all or not at all', async () => {
    const patch = await apply(setKnob('LR', 0.5), replace('no such text', ''));
    expect(patch).toEqual({ kind: 'refused', reason: 'the text to replace is not in train.py' });
  });

  it('may set a knob and change code beside it', async () => {
    const result = await patched(replace('return LR', 'return LR / 2'), setKnob('LR', 0.5));
    expect(result['train.py']).toContain('LR = 0.5  # é');
    expect(result['train.py']).toContain('return LR / 2');
  });

  it('leave the source as it is', async () => {
    const before = await source();
    applyEdits(before, [setKnob('LR', 0.5)]);
    expect(before.files).toEqual(files);
  });

  it('keep a byte order mark', async () => {
    const marked = await source({ 'model.py': '\uFEFFWIDTH = 16\n' });
    const knob = { name: 'WIDTH', file: 'model.py', type: 'int', value: 16, text: '16', span: [11, 13] } as const;
    const patch = applyEdits({ ...marked, knobs: [knob] }, [setKnob('WIDTH', 8, 'model.py')]);
    expect(patch).toMatchObject({ files: { 'model.py': '\uFEFFWIDTH = 8\n' } });
  });
});
