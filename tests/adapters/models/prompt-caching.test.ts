/** What a provider has in its cache from proposal to proposal, through the real SDK and a cache like Anthropic's. */
import { expect, it } from 'vitest';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { createPromptCache } from '../../helpers/model-server/prompt-cache.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';
import { proposeWith, train } from '../../helpers/propose-with-model.ts';
import { historyOf } from '../../helpers/study-history.ts';

const minutesPerExperiment = 7;
const edits = [{ find: 'MOMENTUM = 0.0 ', replace: 'MOMENTUM = 0.9 ' }];
const edit = { name: 'edit', arguments: { file: 'train.py', edits } };
const idea = { title: 'Momentum', hypothesis: 'It helps.', expected_effect: 'Lower.', kind: 'knobs' };

const attempts = (count: number, keptAt?: number) =>
  Array.from({ length: count }, (_, index) => ({
    title: `idea ${index + 1}`,
    hypothesis: 'It should help, since the loss is still falling at the end. '.repeat(3),
    value: index + 1 === keptAt ? 2.9 : 3.1 + index / 1000,
    isKept: index + 1 === keptAt,
  }));

/** Proposes after each of these numbers of experiments, seven minutes apart; the usage of each proposal's two calls. */
async function propose(counts: readonly number[]) {
  const cache = createPromptCache();
  let minute = 0;
  const server = await startModelServer(({ body }) => {
    const isFirst = body.messages.length === 1;
    const calls = isFirst ? [edit] : [{ name: 'submit', arguments: idea }];
    return { reply: { calls, usage: cache.use(body, minute) } };
  });
  const anthropic = servedAdapters.find(({ wire }) => wire === 'messages');
  const model = await anthropic?.create(server);
  if (model === undefined) throw new Error('no adapter speaks Messages');
  const used = [];
  for (const count of counts) {
    // Its note on what was learned is there already, so that nothing but the proposal is asked for.
    const history = { ...historyOf(attempts(count)), insights: [{ experiment: count, text: 'Nothing yet.' }] };
    const { reply, news } = await proposeWith({ model, history });
    expect(reply.kind).toBe('proposal');
    used.push(news.flatMap((entry) => (entry.event === 'model-called' ? [entry.usage] : [])));
    minute += minutesPerExperiment;
  }
  expect(server.violations).toEqual([]);
  await server.close();
  return used.map(([first, second]) => {
    if (first === undefined || second === undefined) throw new Error('a proposal takes two calls');
    return { first, second };
  });
}

const inputOf = (usage: { uncachedInput: number; cachedInput: number; cacheWrite: number }) =>
  usage.uncachedInput + usage.cachedInput + usage.cacheWrite;

it('from one proposal to the next the cached prefix grows by the experiment in between', async () => {
  const used = await propose([12, 13, 14, 15]);
  for (const [index, { first }] of used.entries()) {
    const before = used[index - 1]?.first;
    if (before === undefined) continue;
    // All that the one before wrote for an hour is read, and the new experiment is all that is written for an hour.
    const wroteForAnHour = before.cacheWrite - (before.shortCacheWrite ?? 0);
    expect(first.cachedInput).toBeGreaterThanOrEqual(before.cachedInput + wroteForAnHour - 1);
    const hourWrite = first.cacheWrite - (first.shortCacheWrite ?? 0);
    expect(hourWrite).toBeGreaterThan(0);
    expect(hourWrite).toBeLessThan(250);
    expect(first.uncachedInput).toBe(0);
    expect(first.cachedInput / inputOf(first)).toBeGreaterThan(0.9);
  }
});

it('the second call of a proposal reads the first one whole', async () => {
  const [proposal] = await propose([12]);
  expect(proposal?.second.cachedInput).toBe(
    inputOf(proposal?.first ?? { uncachedInput: 0, cachedInput: 0, cacheWrite: 0 }),
  );
});

it('the step of the ledger every ten experiments still reads the study, the source and the older lines', async () => {
  const [before, after] = await propose([39, 40]);
  const source = train.length / 4;
  expect(before?.first.cachedInput).toBe(0);
  expect(after?.first.cachedInput).toBeGreaterThan(source);
  // The lines of ten experiments, and those that are shown in detail now.
  const written = (after?.first.cacheWrite ?? 0) - (after?.first.shortCacheWrite ?? 0);
  expect(written).toBeGreaterThan(100);
  expect(written).toBeLessThan((before?.first.cacheWrite ?? 0) - source);
});
