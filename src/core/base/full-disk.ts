/**
 * Whether an error says that a disk is full, or a quota used up: by the system's code, or in the words of git, which has none.
 */

const codes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const words = /Out of diskspace|No space left on device|Disk quota exceeded|disk (?:is )?full/i;

/** A disk with less room than this is full: some programs, git among them, give up before the last byte. */
export const fullBytes = 1 << 16;

/** Whether this error, or one that it was made of, is a full disk. */
export function isFullDisk(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (codes.includes((each as { code?: unknown }).code) || isFullDiskText(each.message)) return true;
  }
  return false;
}

/** The same of what a program has printed. */
export function isFullDiskText(text: string): boolean {
  return words.test(text);
}
