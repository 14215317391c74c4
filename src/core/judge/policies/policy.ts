/**
 * The one shape of every keep policy.
 */
import type { History } from '../../journal/history.ts';
import type { Statistics, Verdict } from '../verdict.ts';

/** Decides about a candidate with at least one score; pure, so that a simulation can drive the shipped function itself. */
export type Policy = (statistics: Statistics, history: History) => Verdict;
