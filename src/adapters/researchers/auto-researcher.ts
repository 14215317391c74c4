/**
 * The `auto` researcher: asks the arm that `chooseArm` names, and the next one when that arm has nothing to propose.
 *
 * It keeps no state of its own. Which arm it asked, and why, goes into the journal with the proposal.
 */

import { type Choice, chooseArm } from '../../core/auto/choose-arm.ts';
import type { ArmName } from '../../core/base/researchers.ts';
import { armOf, wantedKind } from '../../core/journal/arm.ts';
import type { Shares } from '../../core/journal/settings/read-shares.ts';
import type { AskedBy, AwayReply, ProposalReply, ProposalRequest, Researcher } from '../../ports/researcher.ts';

/** One arm and the researcher that it asks. */
export interface Arm {
  readonly name: ArmName;
  readonly researcher: Researcher;
  /** The researcher that proposes instead while the arm's model is away; only then is another arm asked. */
  readonly standIn?: Researcher | undefined;
  /** Whether the arm can answer this request; absent: any. */
  readonly suits?: ((request: ProposalRequest) => boolean) | undefined;
}

export interface AutoOptions {
  readonly arms: readonly Arm[];
  readonly shares?: Shares | undefined;
  /** Seconds on a clock that nobody sets. */
  readonly seconds: () => number;
}

/** A researcher that mixes these arms. */
export function createAutoResearcher({ arms, shares = {}, seconds }: AutoOptions): Researcher {
  return {
    name: 'auto',
    propose: async (request, signal) => {
      let left = arms.filter(({ suits }) => suits?.(request) ?? true);
      const silences: Silence[] = [];
      for (;;) {
        const names = left.map(({ name }) => name);
        const choice = chooseArm(request.history, names, shares, request.seed);
        const arm = left.find(({ name }) => name === choice?.arm);
        if (choice === undefined || arm === undefined) return silenceOfAll(silences);
        const begun = seconds();
        const { reply, by } = await ask(arm, request, signal);
        if (reply.kind === 'proposal' || reply.kind === 'failed') {
          const thoughtSeconds = Math.max(0, seconds() - begun);
          return {
            ...reply,
            by: {
              ...countFor(arm, by, reply),
              why: whyOf(choice, silences, reply.by),
              thoughtSeconds,
              ...(reply.by?.inPlaceOf && { inPlaceOf: reply.by.inPlaceOf }),
            },
          };
        }
        if (signal.aborted || reply.kind === 'ceiling' || reply.kind === 'none') return reply;
        silences.push({ arm: arm.name, reply });
        // Another arm of the same researcher would wait for the same model and give the same answer.
        left = left.filter(({ researcher }) => researcher !== arm.researcher);
      }
    },
  };
}

/** An arm that was asked and had nothing to propose. */
interface Silence {
  readonly arm: ArmName;
  readonly reply: Extract<ProposalReply, { kind: 'exhausted' | 'away' }>;
}

/**
 * The answer when no arm proposed. A model that is away may come back, so that goes before an arm that is exhausted.
 */
function silenceOfAll(silences: readonly Silence[]): ProposalReply {
  const reply = silences.find((silence) => silence.reply.kind === 'away')?.reply ?? silences.at(-1)?.reply;
  return reply ?? { kind: 'exhausted', reason: 'no researcher is left to ask; see `shares:` in the brief' };
}

function whyOf({ why }: Choice, silences: readonly Silence[], standIn: AskedBy | undefined): string {
  const passedOver = silences.map(({ arm, reply }) => `${arm} passed over: ${describeSilence(reply)}`);
  return [...passedOver, why, standIn?.why ?? ''].filter((part) => part !== '').join('; ');
}

function describeSilence(reply: Silence['reply']): string {
  return reply.kind === 'exhausted' ? reply.reason : `its model is away (${reply.fault.code})`;
}

async function ask(
  arm: Arm,
  request: ProposalRequest,
  signal: AbortSignal,
): Promise<{ readonly reply: ProposalReply; readonly by: Researcher }> {
  const kind = wantedKind(arm.name);
  const wanted = kind === undefined ? request : { ...request, wantedKind: kind };
  const reply = await arm.researcher.propose(wanted, signal);
  if (reply.kind !== 'away' || reply.fault.code === 'aborted') return { reply, by: arm.researcher };
  await noteAbsence(request, reply);
  if (!arm.standIn) return { reply, by: arm.researcher };
  return { reply: await arm.standIn.propose(wanted, signal), by: arm.standIn };
}

/** Journals that the model went away, once until it has answered again. */
async function noteAbsence(
  { history, experiment, record }: ProposalRequest,
  { model, fault }: AwayReply,
): Promise<void> {
  if (history.modelsAway.has(model)) return;
  const { code, message, retryAfterSeconds } = fault;
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  await record?.({ event: 'model-away', experiment, model, code, message, ...retry });
}

/** A proposal counts for the arm of its own kind and of who made it, even if another was asked for. */
function countFor(
  { name }: Arm,
  by: Researcher,
  reply: Extract<ProposalReply, { kind: 'proposal' | 'failed' }>,
): Pick<AskedBy, 'researcher' | 'arm'> {
  const kind = reply.kind === 'proposal' ? reply.proposal.kind : (wantedKind(name) ?? 'knobs');
  const researcher = reply.by?.researcher ?? by.name;
  return { researcher, arm: armOf(researcher, kind, name) ?? name };
}
