/** What every researcher that asks no model promises to the loop. */
import { describe, expect, it } from 'vitest';
import { type Proposal, proposalSchema } from '../../src/core/journal/proposal.ts';
import { applyEdits } from '../../src/core/proposal/patch.ts';
import type { Source } from '../../src/core/space/knob.ts';
import { buildSpace } from '../../src/core/space/range/build-space.ts';
import { rangeContains } from '../../src/core/space/range/range-contains.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../src/ports/researcher.ts';
import { createLineKnobReader } from '../../src/testing/index.ts';
import { createJournal, type Journal, scored } from '../helpers/journal.ts';

const train = 'LEARNING_RATE = 0.1  # ü\nMOMENTUM = 0.9\nHIDDEN = 64\nLAYERS = 2\nSEED = 1\n';
const declared = { LEARNING_RATE: 'log 1e-3..1', MOMENTUM: 'float 0..0.98', LAYERS: 'int 1..3' };

/** A request for the next experiment of a study. */
export async function requestFor(
  journal: Journal = createJournal().baseline(scored(2)),
  more: Partial<ProposalRequest> = {},
  files: Readonly<Record<string, string>> = { 'train.py': train },
): Promise<ProposalRequest> {
  const reading = await createLineKnobReader().read(files);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  const source: Source = { files, knobs: reading.knobs };
  const names = new Set(reading.knobs.map((knob) => knob.name));
  const space = buildSpace(
    reading.knobs,
    Object.fromEntries(Object.entries(declared).filter(([name]) => names.has(name))),
    'program.md',
  );
  const history = journal.history();
  const experiment = history.experiments.length;
  const seed = `nov23/experiment ${experiment}/attempt 0`;
  return { experiment, attempt: 0, source, space, history, seed, ...more };
}

/** The proposal of a reply that has one. */
export function proposalOf(reply: ProposalReply): Proposal {
  if (reply.kind !== 'proposal') throw new Error(`no proposal but ${reply.kind}`);
  return reply.proposal;
}

const { signal } = new AbortController();

/** Runs the suite against the researchers that the function makes, on a sandbox of these files. */
export function describeResearcherContract(
  create: () => Researcher,
  files: Readonly<Record<string, string>> = { 'train.py': train },
): void {
  const ask = async (request: ProposalRequest, researcher = create()) => researcher.propose(request, signal);

  /** The requests of a study in which every proposal becomes an experiment. */
  const night = async (experiments: number) => {
    const researcher = create();
    const journal = createJournal().baseline(scored(2));
    const requests: ProposalRequest[] = [];
    for (let experiment = 1; experiment <= experiments; experiment++) {
      const request = await requestFor(journal, {}, files);
      const reply = await ask(request, researcher);
      if (reply.kind !== 'proposal') break;
      requests.push({ ...request, history: structuredClone(request.history) });
      const { name } = researcher;
      journal.add({
        event: 'proposal-made',
        experiment,
        attempt: 0,
        parent: 0,
        researcher: name,
        proposal: reply.proposal,
      });
    }
    return requests;
  };

  describe(`the ${create().name} researcher keeps the contract`, () => {
    it('the same request has the same answer, in another process too', async () => {
      const requests = await night(20);
      expect(requests.length).toBeGreaterThan(1);
      for (const request of requests) expect(await ask(request)).toEqual(await ask(request));
    });

    it('an answer does not depend on what the same researcher was asked before', async () => {
      const requests = await night(5);
      const researcher = create();
      const answers = [];
      for (const request of requests.toReversed()) answers.unshift(await ask(request, researcher));
      for (const [index, request] of requests.entries()) expect(answers[index]).toEqual(await ask(request));
    });

    it('every proposal applies to the source, stays in the space and passes the schema', async () => {
      for (const request of await night(50)) {
        const proposal = proposalOf(await ask(request));
        expect(proposalSchema.parse(proposal)).toEqual(proposal);
        expect(applyEdits(request.source, proposal.edits)).toMatchObject({ kind: 'patched' });
        for (const edit of proposal.edits) {
          if (edit.kind !== 'set-knob') continue;
          const dimension = request.space.find(({ knob }) => knob.name === edit.knob && knob.file === edit.file);
          expect(dimension && rangeContains(dimension.range, edit.to), JSON.stringify(edit)).toBe(true);
        }
      }
    });

    it('a refused proposal is followed by another one', async () => {
      const request = await requestFor(undefined, {}, files);
      const first = proposalOf(await ask(request));
      const { name } = create();
      const { experiment } = request;
      const journal = createJournal().baseline(scored(2));
      journal.add({
        event: 'proposal-refused',
        experiment,
        attempt: 0,
        researcher: name,
        title: first.title,
        reason: '',
      });
      const seed = `nov23/experiment ${experiment}/attempt 1`;
      const second = proposalOf(await ask(await requestFor(journal, { attempt: 1, seed }, files)));
      expect(second.edits).not.toEqual(first.edits);
    });

    it('a space without a knob is exhausted, and stays so', async () => {
      const request = await requestFor(undefined, {}, { 'train.py': 'pass\n' });
      const researcher = create();
      for (let round = 0; round < 3; round++) {
        expect(await ask(request, researcher)).toEqual({ kind: 'exhausted', reason: 'there is no knob to turn' });
      }
    });

    it('neither request nor source is changed', async () => {
      const request = await requestFor(undefined, {}, files);
      const before = structuredClone(request);
      await ask(request);
      expect(request).toEqual(before);
    });
  });
}
