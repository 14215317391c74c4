import type { PolicyName } from '../../src/core/base/names.ts';
import type { History } from '../../src/core/journal/history.ts';
import type { Verdict } from '../../src/core/journal/verdict.ts';
import { judge } from '../../src/core/judge/judge.ts';
import { createStudyWalk } from '../../src/core/judge/policies/value/walk-history.ts';

/** The verdict of a judge who has given none in this study before. */
export function judgeAnew(history: History, experiment: number, policy: PolicyName): Verdict {
  return judge(history, experiment, policy, createStudyWalk());
}
