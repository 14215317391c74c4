/**
 * Loads the whole page anew, for another process of the server, with the note that the owner is writing.
 */

interface Kept {
  readonly draft: string;
}

/** Loads it; the note goes along in the window's history, which outlives the page and is not shared with other windows. */
export function loadAnew(): void {
  const draft = noteField()?.value ?? '';
  if (draft !== '') history.replaceState({ draft } satisfies Kept, '');
  location.reload();
}

/** Puts back what was being written when the page was loaded anew. */
export function showDraft(): void {
  const kept = history.state as Kept | null;
  const field = noteField();
  if (!kept || !field) return;
  history.replaceState(null, '');
  field.value = kept.draft;
  field.closest('details')?.setAttribute('open', '');
}

function noteField(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>('#note-text');
}
