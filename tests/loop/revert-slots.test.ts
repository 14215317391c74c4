/** Keeps are taken out at any time of studies on slots, some of which are killed: what is left is one line, and nothing is left over. */
import { expect, it } from 'vitest';
import { createRandomResearcher } from '../../src/adapters/researchers/random-researcher.ts';
import { hashText } from '../../src/core/base/random.ts';
import { fits } from '../../src/core/journal/fits.ts';
import { createFold, foldHistory } from '../../src/core/journal/fold.ts';
import { keptInOrder } from '../../src/core/journal/history.ts';
import { createScriptedLab, type LaidRun, type ScriptedLab, scoringRun } from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { cutPower, PowerCut } from '../helpers/power-cut.ts';

const score = (run: LaidRun) => {
  const distance = Math.abs(Math.log(knobOf(run, 'LR') / 0.1)) + knobOf(run, 'DEPTH') / 40;
  return scoringRun('val_bpb', (distance + (run.seed % 100) / 2000).toFixed(6));
};

/** A study in which keeps are taken out during three of its runs, and the power goes out once where `isCut`. */
async function night(seed: number): Promise<ScriptedLab> {
  const draw = (what: string, below: number) => hashText(`${seed} ${what}`) % below;
  const during = new Set([1, 2, 3].map((time) => `${2 + draw(`run ${time}`, 14)}/1`));
  const lab = createScriptedLab({
    folder: fastFolder(),
    tag: `s${seed}`,
    files: { 'train.py': 'LR = 0.5\nDEPTH = 40\nWIDTH = 8\nNOCTURNE_SEED\n' },
    researcher: createRandomResearcher(),
    run: (run) => {
      if (during.delete(`${run.experiment}/${run.run}`)) askFor(run.experiment);
      return score(run);
    },
    brief: { slots: 1 + (seed % 3), policy: seed % 2 === 0 ? 'greedy' : 'value', stop: { experiments: 18 } },
  });
  const askFor = (experiment: number) => {
    const history = foldHistory(lab.archive.journal);
    const keeps = history ? keptInOrder(history).slice(1) : [];
    const unwanted = keeps[draw(`keep ${experiment}`, Math.max(1, keeps.length))];
    if (unwanted) lab.inbox.leave({ kind: 'revert', experiment: unwanted.experiment });
  };
  const isCut = seed % 2 === 0 || seed % 5 === 0;
  const cut = cutPower(lab, isCut ? draw('cut', 250) : undefined);
  await conductStudy(cut.lab).catch((error: unknown) => {
    if (!(error instanceof PowerCut)) throw error;
  });
  if (!foldHistory(lab.archive.journal)?.stopped) await conductStudy({ ...lab.reopen(), inbox: lab.inbox });
  return lab;
}

it.each([1, 2, 3, 4, 5, 75, 76, 77])('the line of study %i holds together', async (seed) => {
  const { archive, workspace, tag } = await night(seed);
  const fold = createFold();
  for (const entry of archive.journal) {
    expect(fits(fold.whole(), entry), `entry ${entry.seq}, ${entry.event}`).toBe(true);
    fold.add(entry);
  }
  const history = fold.history();
  if (!history) throw new Error('the study has begun');
  expect(history).toMatchObject({ toWithdraw: [], unsettled: [], overtaken: [] });
  const line = keptInOrder(history).map(({ experiment }) => experiment);
  const parents = keptInOrder(history).map(({ parent }) => parent);
  expect(parents).toEqual([undefined, ...line.slice(0, -1)]);
  expect([history.incumbent, history.kept]).toEqual([line.at(-1), line.length - 1]);
  expect(workspace.refs.get(`refs/autoresearch/${tag}/tip`)).toBe(history.tip);
});
