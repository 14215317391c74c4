/**
 * What was found of a study's data after a run or between two sessions, what became of it, and how that is said: one sentence
 * for all files that fared alike.
 */
import { countText } from '../../core/base/format.ts';

/** What became of a path that was not as it was sealed. */
export type Fate =
  /** The study's own data do not gain files: it was moved away. */
  | 'put-aside'
  /** A run wrote it into a folder of the owner's, where it stays and is not shown to later runs. */
  | 'left-alone'
  /** The owner added it. */
  | 'taken-up'
  /** The file is as it was. */
  | 'put-back'
  /** The owner's file changed or is gone, and runs see what is there now. */
  | 'accepted'
  /** The script writes it in every run, and it is too large for a copy. */
  | 'usual'
  /** The study's own file changed or is gone, and no copy was kept. */
  | 'lost';

export interface Dealt {
  /** Absolute. */
  readonly place: string;
  /** The path as the owner knows it. */
  readonly name: string;
  readonly fate: Fate;
  /** Where a copy of what was there is, as the owner knows it. */
  readonly aside?: string | undefined;
  /** Whether it voids the run. */
  readonly isVoiding: boolean;
}

/** What was found and done. */
export interface Settlement {
  /** The first path that voids the run; absolute. */
  readonly voiding: string | undefined;
  /** What the owner should know, one sentence each. */
  readonly messages: readonly string[];
  /** Why runs see other data from now on than before. */
  readonly moved: string | undefined;
  /** The first file of the study's own data that is gone or changed and could not be put back; absolute. */
  readonly lost: string | undefined;
  /** Whether anything was found, so that the seal is to be written. */
  readonly isNew: boolean;
}

/** All of it together; `isRun` when a run may have done it. */
export function settlementOf(dealt: readonly Dealt[], isRun: boolean): Settlement {
  const alike = (fate: Fate) => dealt.filter((each) => each.fate === fate);
  const messages = saidFates.flatMap((fate) => sentenceOf(fate, alike(fate), isRun));
  const moved = [...alike('accepted'), ...alike('taken-up')];
  return {
    voiding: dealt.find(({ isVoiding }) => isVoiding)?.place,
    messages,
    moved: moved[0] && `${listed(moved)} ${alike('accepted').length > 0 ? 'changed' : 'came in addition'}`,
    lost: alike('lost')[0]?.place,
    isNew: dealt.length > 0,
  };
}

const saidFates = ['put-aside', 'left-alone', 'taken-up', 'put-back', 'accepted'] as const;

function sentenceOf(fate: (typeof saidFates)[number], dealt: readonly Dealt[], isRun: boolean): string[] {
  const [first] = dealt;
  if (!first) return [];
  const [names, isOne] = [listed(dealt), dealt.length === 1];
  const copy = first.aside === undefined ? '' : ` What was found is in ${first.aside}.`;
  switch (fate) {
    case 'put-aside':
      return [
        `${names} ${isOne ? 'is' : 'are'} new in the study's own data, and ${isOne ? 'was' : 'were'} put aside.${copy}`,
      ];
    case 'left-alone':
      return [
        `A run wrote ${names} into your own data. ${isOne ? 'It stays' : 'They stay'} there; later runs do not see ${isOne ? 'it' : 'them'}, and write into a folder of their own.`,
      ];
    case 'taken-up':
      return [
        `${names} came to the linked data since the study last saw them; runs see ${isOne ? 'it' : 'them'} from now on.`,
      ];
    case 'put-back':
      return [
        `${isRun ? `A run changed ${names}` : `${names} changed`}; ${isOne ? 'it is' : 'they are'} put back as before.${copy}`,
      ];
    case 'accepted':
      return [
        `${names} ${isOne ? 'is' : 'are'} not as the study last saw ${isOne ? 'it' : 'them'}${isRun ? ': a run or another program changed the data' : ''}. Scores before and after may not be comparable; the best so far is measured again.`,
      ];
    default:
      return fate satisfies never;
  }
}

/** Such as `data/a.txt`, or `data/a.txt and 41 more files`. */
function listed(dealt: readonly Dealt[]): string {
  const name = dealt[0]?.name ?? '';
  return dealt.length < 2 ? name : `${name} and ${countText(dealt.length - 1, 'more file')}`;
}
