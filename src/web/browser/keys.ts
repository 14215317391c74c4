/**
 * The keys: whatever names one in `data-key` is followed, unfolded or given the focus by it.
 */

/** Listens for keys that are not typed into something. */
export function listenForKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target, key } = event;
    if (target instanceof Element && target.matches('input, textarea, select')) {
      if (key === 'Escape') (target as HTMLElement).blur();
      return;
    }
    if (key === 'j' || key === 'k') return step(key === 'j' ? 1 : -1);
    const wanted = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted instanceof HTMLInputElement) wanted.focus();
    else wanted.click();
    if (wanted.tagName === 'SUMMARY') wanted.parentElement?.querySelector<HTMLElement>('textarea')?.focus();
  });
}

/** Moves the focus to the next or the previous row of a table. */
function step(way: 1 | -1): void {
  const rows = [...document.querySelectorAll('a.row')];
  const at = document.activeElement ? rows.indexOf(document.activeElement) : -1;
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + way))];
  if (next instanceof HTMLElement) next.focus();
}
