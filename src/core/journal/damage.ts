/**
 * What is wrong with a journal that other programs, people or a failing disk have written into, and how it is said.
 */
import { countText } from '../base/format.ts';

export interface Damage {
  /** The first line that is not as it was written. */
  readonly line: number;
  /** Lines or stretches that are not of this study. */
  readonly foreign: number;
  /** Entries that were read although one byte of their line was wrong. */
  readonly mended: number;
  /** Entries that are gone. */
  readonly lost: number;
  /** Sound entries that rest on one that is gone, and are left out with it. */
  readonly resting: number;
}

/** What is wrong, in a few words, such as `1 entry is gone, 12 entries rest on what is gone`. */
export function damageText({ foreign, mended, lost, resting }: Damage): string {
  const parts = [
    foreign > 0 ? `${countText(foreign, 'line')} in it ${isOrAre(foreign)} not of this study` : '',
    mended > 0 ? `${countText(mended, 'entry', 'entries')} had one wrong byte, which the checksum shows` : '',
    lost > 0 ? `${countText(lost, 'entry', 'entries')} ${isOrAre(lost)} gone` : '',
    resting > 0
      ? `${countText(resting, 'entry', 'entries')} behind rest${resting === 1 ? 's' : ''} on what is gone`
      : '',
  ].filter(Boolean);
  if (parts.length === 0) return 'its lines are parted otherwise than they were written, and nothing is gone';
  return lost + resting > 0 ? parts.join(', ') : `${parts.join(', ')}, and nothing is gone`;
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}
