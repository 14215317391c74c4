/**
 * The tools that begin what goes on for hours: `start` and `confirm`. Each is the command of that name with `--detach`.
 */
import { z } from 'zod';
import { maxSignFlipPairs } from '../../core/statistics/sign-flip.ts';
import { locateBrief } from '../compose/locate-brief.ts';
import { type CommandEnd, runCommand } from '../session/run-command.ts';
import { positive, tagField, wholeNumber } from './inputs.ts';
import { ceilingFlags, smallestCeilings } from './start-limits.ts';
import { actTool, type Found, studyFor } from './tool.ts';

/** Starts, or goes on with, a study. */
export const start = actTool({
  name: 'start',
  title: 'Start a study',
  description:
    "Starts the study of the brief, or goes on with it, in a process of its own, up to a ceiling: of `experiments`, `hours`, `usd` and `tokens`, each bounded by the owner's own, and at least one must be given by the call or the brief. Nothing is installed and nothing rented.",
  input: z.strictObject({
    tag: tagField.describe('tag of the study; default: the newest that can go on, else a new one'),
    experiments: wholeNumber(1, 1_000_000).optional().describe("the study's total of experiments"),
    hours: positive('hours').optional().describe('live hours of the study, in all sessions'),
    usd: positive('US dollars').optional().describe('US dollars for model calls, in all sessions'),
    tokens: wholeNumber(1, 1e12).optional().describe('tokens of model calls, in all sessions'),
  }),
  find: async ({ tag, ...asked }, { briefArgument = '.', ceilings }) => {
    const { brief } = await locateBrief(briefArgument);
    const chosen = smallestCeilings(asked, ceilings, brief.stop);
    const tagFlags = tag === undefined ? [] : [`--tag=${tag}`];
    const command = ['run', '--detach', '--json', ...tagFlags, ...ceilingFlags(chosen), '--', briefArgument];
    return begun(await runCommand(command), { ceilings: chosen });
  },
});

/** Confirms the gain of a study. */
export const confirm = actTool({
  name: 'confirm',
  title: 'Confirm the gain of a study',
  description:
    'Measures baseline and best again, in turn, on seeds that the study has never used, and on the holdout where the brief has a scorer. It goes on in a process of its own; `status` has the result under `confirmed`. The study must stand still.',
  input: z.strictObject({
    tag: tagField,
    runs: wholeNumber(2, maxSignFlipPairs).optional().describe('fresh seeds for each of the two; default: 5'),
  }),
  find: async ({ tag: asked, runs }, context) => {
    const { study } = studyFor(context, asked);
    const { briefArgument, tag } = study;
    const options = [
      ...(runs === undefined ? [] : [`--runs=${runs}`]),
      ...(briefArgument === undefined ? [] : [`--brief=${briefArgument}`]),
    ];
    return begun(await runCommand(['confirm', '--detach', '--json', `--tag=${tag}`, ...options]), {});
  },
});

function begun(end: CommandEnd, more: object): Found {
  if (end.kind === 'going-on') {
    return { data: { isStarted: false, ...more }, remarks: ['It is still being started: see `status` in a while.'] };
  }
  const remarks = end.said.split('\n').filter((line) => line.trim() !== '');
  return { data: { isStarted: true, ...(end.json as object), ...more }, remarks };
}
