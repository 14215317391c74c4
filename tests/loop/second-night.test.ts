import { expect, it } from 'vitest';
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import { createRecipeResearcher } from '../../src/adapters/researchers/recipe-researcher.ts';
import { createTrialReader } from '../../src/adapters/researchers/trial-reader.ts';
import type { Earlier } from '../../src/core/journal/earlier.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { earlierOfStudy } from '../../src/core/space/trials/earlier-of-study.ts';
import { startStudy } from '../../src/loop/begin.ts';
import { research } from '../../src/loop/research.ts';
import { openStudy } from '../../src/loop/study.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const source = (rate: number) => `LR = ${rate}\nWEIGHT_DECAY = 0.1\nNOCTURNE_SEED\n`;

function createLab(researcher: Researcher, rate: number, tag: string): ScriptedLab {
  return createScriptedLab({
    folder: fastFolder(),
    tag,
    files: { 'train.py': source(rate) },
    researcher,
    run: scoreByRate,
    brief: { stop: { experiments: 6 } },
  });
}

async function conductKnowing(lab: ScriptedLab, earlier: Earlier): Promise<void> {
  const { study } = await openStudy(lab, new AbortController().signal);
  const begun = { briefPath: 'program.md', isolation: noIsolation, interpreter: 'python3', version: '0' };
  await startStudy(study, { ...begun, tag: lab.tag, study: lab.tag, start: lab.workspace.start, earlier });
  await research(study);
}

const historyOf = (lab: ScriptedLab) => {
  const history = foldHistory(lab.archive.journal);
  if (!history) throw new Error('the study has begun');
  return history;
};

async function knowledgeOf(lab: ScriptedLab): Promise<Earlier> {
  const read = createTrialReader(async (commit) => {
    const reading = await lab.knobReader.read(await lab.workspace.read(commit));
    return reading.kind === 'read' ? reading.knobs : [];
  });
  const history = historyOf(lab);
  const earlier = earlierOfStudy(history, await read(history), true);
  if (!earlier) throw new Error('the study has a score');
  return earlier;
}

const titlesOf = (lab: ScriptedLab) =>
  historyOf(lab)
    .experiments.slice(1)
    .map(({ proposal }) => proposal?.title);

it('what was reverted in the first night is refused in the second, and costs no run', async () => {
  const first = createLab(createScriptedResearcher({ 1: turnKnobs({ LR: 0.7 }) }), 0.5, 'one');
  await conductStudy(first);
  const again = createScriptedResearcher({ 1: [turnKnobs({ LR: 0.7 }), turnKnobs({ LR: 0.6 })] });
  const second = createLab(again, 0.5, 'two');
  await conductKnowing(second, await knowledgeOf(first));
  expect(historyOf(second).refusals).toMatchObject([{ reason: 'the same candidate as experiment 1 of study one' }]);
  expect(historyOf(second).experiments).toHaveLength(2);
});

it('recipes begin where they ended, and so does a session that goes on', async () => {
  const first = createLab(createRecipeResearcher(), 0.5, 'one');
  await conductStudy(first);
  const known = await knowledgeOf(first);
  const best = historyOf(first);
  const rate = Number(/LR = (\S+)/.exec((await first.workspace.read(best.tip))['train.py'] ?? '')?.[1]);
  const unknowing = createLab(createRecipeResearcher(), rate, 'two');
  await conductStudy(unknowing);
  const second = createLab(createRecipeResearcher(), rate, 'two');
  await conductKnowing(second, known);
  const failedBefore = best.experiments.filter(({ kept }) => kept === undefined).map(({ proposal }) => proposal?.title);
  expect(titlesOf(unknowing).filter((title) => failedBefore.includes(title))).not.toEqual([]);
  expect(titlesOf(second).filter((title) => failedBefore.includes(title))).toEqual([]);

  const done = titlesOf(second);
  const later = second.reopen({ stop: { experiments: 9 } });
  await conductStudy(later);
  expect(titlesOf(later).slice(0, done.length)).toEqual(done);
  expect(titlesOf(later).filter((title) => failedBefore.includes(title))).toEqual([]);
});
