/**
 * Says why a change is not worth a run: it changes nothing but comments and names, or nothing but the seed.
 */
import { type ChangeKind, compareForms, type InspectSource } from '../../core/llm/trivial-change.ts';

type Files = Readonly<Record<string, string>>;

const reasons: Readonly<Record<ChangeKind, string | undefined>> = {
  same: 'it changes only comments, layout or names',
  'seed-only': "it changes only the seed, which is the harness's to choose",
  different: undefined,
};

/** A finder that compares normal forms; a source that does not parse is for the run to fail on. */
export function createTrivialChangeFinder(
  inspect: InspectSource,
): (before: Files, after: Files) => Promise<string | undefined> {
  return async (before, after) => {
    const [was, is] = await Promise.all([inspect(before), inspect(after)]);
    return was.kind === 'read' && is.kind === 'read' ? reasons[compareForms(was.forms, is.forms)] : undefined;
  };
}
