import { describe, expect, it, test } from 'vitest';
import { recordText } from '../../../../src/core/space/public/public-moves.ts';
import { buildSpace } from '../../../../src/core/space/range/build-space.ts';
import { recipeSteps } from '../../../../src/core/space/recipe/recipe.ts';
import moves from '../../../../src/data/evidence/knob-moves.json' with { type: 'json' };
import { createLineKnobReader, turnKnobs } from '../../../../src/testing/index.ts';
import { createJournal, fakeHash, scored } from '../../../helpers/journal.ts';
import { knob } from '../../../helpers/knob.ts';
import { beginSlots } from '../../../helpers/slots-study.ts';

const declared: Readonly<Record<string, string>> = {
  LR: 'log 0.01..3',
  WIDTH: 'int 16..512',
  LAYERS: 'int 1..3',
  MOMENTUM: '0..0.98',
  BATCH: 'pow2 16..1024',
};

/** A study by hand: the knobs as they stand, and what the recipe has proposed so far. */
function study(start: Readonly<Record<string, number>>, hasOrigins = true) {
  const journal = createJournal().baseline(scored(2));
  const now: Record<string, number> = { ...start };
  let experiment = 0;
  const spaceNow = async () => {
    const text = (name: string, value: number) =>
      /^(LR|\w*MOMENTUM|WEIGHT_DECAY|WARM\w+)$/.test(name) ? value.toExponential() : `${value}`;
    const source = Object.entries(now).map(([name, value]) => `${name} = ${text(name, value)}`);
    const reading = await createLineKnobReader().read({ 'train.py': `${source.join('\n')}\n` });
    if (reading.kind !== 'read') throw new Error(reading.reason);
    const ranges = Object.fromEntries(Object.entries(declared).filter(([name]) => Object.hasOwn(now, name)));
    return buildSpace(reading.knobs, ranges, 'program.md');
  };
  const left = async () =>
    recipeSteps(await spaceNow(), journal.history()).map(({ settings }) =>
      settings.map(({ dimension, to }) => `${dimension.knob.name} ${to}`).join(', '),
    );
  const tried = async (change: string, isKept: boolean, researcher = 'recipe') => {
    experiment += 1;
    const changes = change.split(', ').map((each) => each.split(' ') as [string, string]);
    const edits = changes.map(([knob, to]) => ({ kind: 'set-knob' as const, file: 'train.py', knob, to: Number(to) }));
    const proposal = { title: change, hypothesis: '', kind: 'knobs' as const, edits };
    const from = Object.fromEntries(changes.map(([knob]) => [`train.py:${knob}`, now[knob] ?? 0]));
    const origins = hasOrigins ? { from } : {};
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher, proposal, ...origins });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: 1, result: scored(2) });
    const kept = isKept ? { kept: fakeHash('keep', experiment) } : {};
    const verdict = { decision: isKept ? ('keep' as const) : ('revert' as const), reason: '' };
    journal.add({ event: 'verdict-given', experiment, verdict, ...kept });
    if (isKept) for (const [knob, to] of changes) now[knob] = Number(to);
  };
  return { left, tried };
}

describe('a step', () => {
  it('is taken again as long as it pays, and then given up', async () => {
    const { left, tried } = study({ LR: 0.1 });
    expect(await left()).toEqual(['LR 0.2']);
    await tried('LR 0.2', true);
    expect(await left()).toEqual(['LR 0.4']);
    await tried('LR 0.4', false);
    expect(await left()).toEqual([]);
  });

  it('of a size is down at first, and up by less than 1.5 when that does not pay', async () => {
    const { left, tried } = study({ WIDTH: 120 });
    expect(await left()).toEqual(['WIDTH 80']);
    await tried('WIDTH 80', false);
    expect(await left()).toEqual(['WIDTH 168']);
    await tried('WIDTH 168', true);
    // Where one has paid the value was none that somebody had tuned: the next is longer.
    expect(await left()).toEqual(['WIDTH 329']);
    await tried('WIDTH 329', false);
    expect(await left()).toEqual([]);
  });

  it('is given up when it pays neither way', async () => {
    const { left, tried } = study({ WIDTH: 100 });
    await tried('WIDTH 67', false);
    await tried('WIDTH 140', false);
    expect(await left()).toEqual([]);
  });

  it('reaches the bound of the range, and does not come back from it', async () => {
    const { left, tried } = study({ LR: 1.6 });
    expect(await left()).toEqual(['LR 3']);
    await tried('LR 3', true);
    expect(await left()).toEqual([]);
  });

  it('moves a whole number by one at least, and a power of two to the next', async () => {
    const { left, tried } = study({ LAYERS: 3, BATCH: 128 });
    expect(await left()).toEqual(['BATCH 64', 'LAYERS 2']);
    await tried('LAYERS 2', true);
    await tried('BATCH 64', false);
    expect(await left()).toEqual(['LAYERS 1', 'BATCH 256']);
  });

  it('that public studies never kept is not taken', async () => {
    // A layer more of one is twice as many: up by 1.5 or more was kept in none of the tries.
    expect(await study({ LAYERS: 1 }).left()).toEqual([]);
    const { left, tried } = study({ LAYERS: 2 });
    expect(await left()).toEqual(['LAYERS 1']);
    await tried('LAYERS 1', false);
    expect(await left()).toEqual([]);
  });

  it('is turned round where the knob starts at its bound, once', async () => {
    const { left, tried } = study({ LR: 3, BATCH: 16 });
    expect(await left()).toEqual(['BATCH 32', 'LR 1.5']);
    await tried('LR 1.5', false);
    expect(await left()).toEqual(['BATCH 32']);
  });

  it('starts from where another researcher has put the knob', async () => {
    const { left, tried } = study({ LR: 0.1 });
    await tried('LR 0.2', true, 'random');
    expect(await left()).toEqual(['LR 0.4']);
  });

  it('of a share of the schedule goes one way only', async () => {
    const { left, tried } = study({ WARMDOWN: 0.5, WARMUP: 0.2 });
    expect(await left()).toEqual(['WARMDOWN 0.7', 'WARMUP 0.1']);
    await tried('WARMDOWN 0.7', false);
    await tried('WARMUP 0.1', true);
    expect(await left()).toEqual(['WARMUP 0.05']);
  });
});

describe('a study that began with other steps goes on', () => {
  it('from where they led: one that paid is followed by one of today, one that failed by the other way', async () => {
    const { left, tried } = study({ LR: 0.1, WIDTH: 120 });
    await tried('LR 0.3', true);
    await tried('WIDTH 240', false);
    expect(await left()).toEqual(['LR 0.6', 'WIDTH 80']);
    await tried('LR 0.6', false);
    await tried('WIDTH 80', false);
    expect(await left()).toEqual([]);
  });

  it('also where its journal does not tell from which value a knob came', async () => {
    const { left, tried } = study({ LR: 0.1, WIDTH: 120 }, false);
    await tried('LR 0.3', false);
    await tried('WIDTH 60', false);
    expect(await left()).toEqual(['WIDTH 168', 'LR 0.05'].toReversed());
  });
});

it('what failed less often for its knob comes first, then what gained more per public try', async () => {
  const { left, tried } = study({ LAYERS: 3, WIDTH: 60, LR: 0.1, MOMENTUM: 0 });
  expect(await left()).toEqual(['LR 0.2', 'LAYERS 2', 'WIDTH 40', 'MOMENTUM 0.9']);
  await tried('LR 0.2', false);
  await tried('LAYERS 2', false);
  expect(await left()).toEqual(['WIDTH 40', 'MOMENTUM 0.9', 'LR 0.05']);
  await tried('WIDTH 40', true);
  expect(await left()).toEqual(['WIDTH 20', 'MOMENTUM 0.9', 'LR 0.05']);
});

it('a customary value is tried once, whatever the incumbent was', async () => {
  const { left, tried } = study({ MOMENTUM: 0, LR: 0.1 });
  await tried('MOMENTUM 0.9', false);
  await tried('LR 0.2', true);
  expect(await left()).toEqual(['LR 0.4', 'MOMENTUM 0.95']);
});

it('a change of one knob has its public record with it, and one of several has none', async () => {
  const space = buildSpace(
    ['FINAL_LR_FRAC = 0.0', 'EMBED_LR = 0.6', 'SGD_MOMENTUM = 0.0', 'OUTER_MOMENTUM = 0.0'].map(knob),
    { SGD_MOMENTUM: '0..0.98', OUTER_MOMENTUM: '0..0.98' },
    'program.md',
  );
  const [together, ...steps] = recipeSteps(space, createJournal().baseline(scored(2)).history());
  expect(together).toMatchObject({ settings: [{}, {}] });
  expect(together?.record).toBeUndefined();
  const rowOf = (name: string, wanted: string) => moves.rows.find((row) => row.knob === name && row.step === wanted);
  const recordOf = (name: string) => steps.find(({ settings }) => settings[0]?.dimension.knob.name === name)?.record;
  for (const [name, row] of [
    ['FINAL_LR_FRAC', rowOf('final lr fraction', 'off->on')],
    ['EMBED_LR', rowOf('embedding lr', 'down 1.5-4x')],
  ] as const) {
    const record = recordOf(name);
    expect(record).toMatchObject({ kept: row?.kept, tried: row?.tried, repositories: row?.repos });
    expect(record && recordText(record)).toBe(
      `kept in ${row?.kept} of ${row?.tried} public tries, ${row?.repos} repositories`,
    );
  }
});

it('the learning rate of a script that nobody had tuned comes first, then its sizes, and goes by 3', async () => {
  const { left, tried } = study({ MOMENTUM: 0, BATCH: 128, WIDTH: 64, LR: 0.1 });
  expect(await left()).toEqual(['BATCH 64', 'LR 0.2', 'WIDTH 43', 'MOMENTUM 0.9']);
  await tried('MOMENTUM 0.9', true);
  expect(await left()).toEqual(['LR 0.3', 'WIDTH 125', 'BATCH 64']);
  await tried('LR 0.3', true);
  expect(await left()).toEqual(['LR 0.6', 'WIDTH 125', 'BATCH 64']);
  await tried('LR 0.6', false);
  expect(await left()).toEqual(['WIDTH 125', 'BATCH 64']);
});

describe('a rate that was tried before the sizes grew', () => {
  it('is tried lower once more, after the steps that still pay', async () => {
    const { left, tried } = study({ MOMENTUM: 0, WIDTH: 64, LR: 0.1 });
    await tried('MOMENTUM 0.9', true);
    await tried('LR 0.3', true);
    await tried('LR 0.6', false);
    await tried('WIDTH 125', true);
    expect(await left()).toEqual(['WIDTH 250', 'LR 0.214']);
    await tried('WIDTH 250', false);
    await tried('LR 0.214', true);
    expect(await left()).toEqual([]);
  });

  it('is tried higher where they have shrunk, and not at all where they stayed', async () => {
    const { left, tried } = study({ WIDTH: 240, LR: 0.1 });
    await tried('LR 0.2', false);
    await tried('LR 0.05', false);
    expect(await left()).toEqual(['WIDTH 160']);
    await tried('WIDTH 160', true);
    await tried('WIDTH 80', true);
    expect(await left()).toContain('LR 0.14');
  });
});

describe('sizes of a script that nobody had tuned', () => {
  it('go up first, by 2, once a matter of course was kept', async () => {
    const { left, tried } = study({ MOMENTUM: 0, WIDTH: 64, LAYERS: 1 });
    expect(await left()).toEqual(['WIDTH 43', 'MOMENTUM 0.9']);
    await tried('MOMENTUM 0.9', true);
    expect(await left()).toEqual(['WIDTH 125', 'LAYERS 2']);
    await tried('WIDTH 125', false);
    expect(await left()).toEqual(['LAYERS 2', 'WIDTH 32']);
  });

  it('go down first where it was not kept, or another researcher set it', async () => {
    const { left, tried } = study({ MOMENTUM: 0, WIDTH: 64 });
    await tried('MOMENTUM 0.9', false);
    expect((await left())[0]).toBe('WIDTH 43');
    await tried('MOMENTUM 0.9', true, 'random');
    expect(await left()).toEqual(['WIDTH 43']);
  });
});

describe('what is a matter of course', () => {
  const plain = { MOMENTUM: 0, OUTER_MOMENTUM: 0.5, WEIGHT_DECAY: 0.1, LR: 0.1 };

  it('is set together at first, and then left alone', async () => {
    const { left, tried } = study(plain);
    const together = 'MOMENTUM 0.9, OUTER_MOMENTUM 0.9';
    expect(await left()).toEqual([together, 'LR 0.2', 'MOMENTUM 0.9', 'OUTER_MOMENTUM 0.9', 'WEIGHT_DECAY 0.05']);
    await tried(together, true);
    expect(await left()).toEqual(['LR 0.3', 'WEIGHT_DECAY 0.05']);
  });

  it('is tried one by one when it was not kept together', async () => {
    const { left, tried } = study(plain);
    await tried('MOMENTUM 0.9, OUTER_MOMENTUM 0.9', false);
    expect(await left()).toEqual(['LR 0.2', 'MOMENTUM 0.9', 'OUTER_MOMENTUM 0.9', 'WEIGHT_DECAY 0.05']);
  });

  it('leaves out what it would itself switch off', async () => {
    const source = 'OUTER_MOMENTUM = 0.0\nMOMENTUM = 0.0\nMUON_MOMENTUM = 0.5\n';
    const reading = await createLineKnobReader().read({ 'train.py': source });
    if (reading.kind !== 'read') throw new Error(reading.reason);
    const ranges = { MOMENTUM: '0..0.99 if OUTER_MOMENTUM < 0.5' };
    const [first] = recipeSteps(
      buildSpace(reading.knobs, ranges, 'program.md'),
      createJournal().baseline(scored(2)).history(),
    );
    expect(first?.settings.map(({ dimension }) => dimension.knob.name)).toEqual(['OUTER_MOMENTUM', 'MUON_MOMENTUM']);
  });
});

test('what was dropped before it ran is still to be tried, and what is to come is not tried twice', () => {
  const space = buildSpace([knob('LR = 0.1')], { LR: 'log 0.01..3' }, 'program.md');
  const left = ({ journal }: ReturnType<typeof beginSlots>) =>
    recipeSteps(space, journal.history()).map(({ settings }) => settings.map((setting) => setting.to));
  const by = { researcher: 'recipe' };
  const first = left(beginSlots());
  expect(first).toHaveLength(1);
  const [[to = 0] = []] = first as number[][];
  const dropped = beginSlots();
  dropped.propose(1, turnKnobs({ LR: to }), by);
  dropped.drop(1);
  expect(left(dropped)).toEqual(first);
  const open = beginSlots();
  open.propose(1, turnKnobs({ LR: to }), by);
  expect(left(open)).not.toEqual(first);
});
