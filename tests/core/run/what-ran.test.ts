import { expect, it } from 'vitest';
import { type Import, whatRan } from '../../../src/core/run/what-ran.ts';

const own: Import = { kind: 'own', file: 'model.py', path: '/run/work/model.py' };
const elsewhere: Import = { kind: 'elsewhere', file: 'model.py', path: '/home/ada/project/model.py' };
const compiled: Import = { kind: 'compiled', file: '', path: '/home/ada/project/_core.so' };

it('a run that opened its editable file is its own', () => {
  expect(whatRan(['model.py'], [{ imports: [own], opened: ['model.py'] }])).toEqual({ unread: [], refusal: undefined });
});

it('a run of which nothing is known is not refused', () => {
  expect(whatRan(['model.py'], [{ imports: [], opened: undefined }])).toEqual({ unread: [], refusal: undefined });
  expect(whatRan(['model.py'], []).refusal).toBeUndefined();
});

it('a run that opened none of its editable files is refused, and the reason names them', () => {
  const { refusal, unread } = whatRan(['a.py', 'b.py'], [{ imports: [], opened: [] }]);
  expect(refusal).toMatch(/^void: no process of it opened any of a\.py, b\.py in its own folder/);
  expect(unread).toEqual(['a.py', 'b.py']);
});

it('the reason names a module that was compiled before', () => {
  expect(whatRan(['core.c'], [{ imports: [compiled], opened: [] }]).refusal).toContain('/home/ada/project/_core.so');
});

it('one editable file of several that was not opened is told, and the run stands', () => {
  const ran = whatRan(['a.py', 'b.py'], [{ imports: [], opened: ['a.py'] }]);
  expect(ran).toEqual({ unread: ['b.py'], refusal: undefined });
});

it('a file that only the scorer opens counts', () => {
  const stages = [
    { imports: [], opened: [] },
    { imports: [], opened: ['model.py'] },
  ];
  expect(whatRan(['model.py'], stages)).toEqual({ unread: [], refusal: undefined });
});

it('a stage that does not know leaves the run as it is', () => {
  const stages = [
    { imports: [], opened: [] },
    { imports: [], opened: undefined },
  ];
  expect(whatRan(['model.py'], stages).refusal).toBeUndefined();
});

it('an import from elsewhere is refused although something opened the file, and names the place', () => {
  const { refusal } = whatRan(['model.py'], [{ imports: [elsewhere], opened: ['model.py'] }]);
  expect(refusal).toContain('it ran /home/ada/project/model.py, not model.py of its own folder');
});

it('a stage that imported both is not refused, and one stage does not excuse another', () => {
  expect(whatRan(['model.py'], [{ imports: [elsewhere, own], opened: undefined }]).refusal).toBeUndefined();
  const stages = [
    { imports: [own], opened: undefined },
    { imports: [elsewhere], opened: undefined },
  ];
  expect(whatRan(['model.py'], stages).refusal).toContain('void');
});

it('a fixed file that held something else when it was loaded voids the run, whoever else loaded the right one', () => {
  const imports = [
    { kind: 'own', file: 'train.py', path: '/run/work/train.py' },
    { kind: 'other', file: 'prepare.py', path: '/run/work/prepare.py' },
  ] as const;
  expect(whatRan(['train.py'], [{ imports, opened: ['train.py'] }])).toEqual({
    unread: [],
    refusal: "void: it ran another prepare.py than the study's",
  });
});
