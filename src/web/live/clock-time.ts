/** An ISO time as a page shows it, to the minute: `2026-11-30 04:12 UTC`. */
export function clockTime(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
