/** The numbers of the slots that none of these runs has, from the lowest; a run without a number has the first. */
export function freeSlots(slots: number, awaited: readonly { readonly slot?: number }[]): number[] {
  const used = new Set(awaited.map(({ slot }) => slot ?? 0));
  return Array.from({ length: slots }, (_, slot) => slot).filter((slot) => !used.has(slot));
}
