/**
 * Makes a part of the page like another one with as few changes as possible: what the owner unfolded, typed, scrolled or
 * has the focus on stays as it is.
 */

/** Changes `from` into `to`. */
export function morph(from: Element, to: Element): void {
  // What the script itself writes there.
  if (from.hasAttribute('data-own') || from.isEqualNode(to)) return;
  if (from.tagName !== to.tagName || from.id !== to.id) {
    from.replaceWith(document.importNode(to, true));
    return;
  }
  const follows = isAtEnd(from);
  morphAttributes(from, to);
  // A draft of the owner's.
  if (from.tagName !== 'TEXTAREA') morphChildren(from, to);
  if (follows) from.scrollTop = from.scrollHeight;
}

/** Whether the end of a log is in sight, which then stays so. */
function isAtEnd(element: Element): boolean {
  if (!element.classList.contains('tail')) return false;
  return element.scrollTop + element.clientHeight > element.scrollHeight - 30;
}

function morphAttributes(from: Element, to: Element): void {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !isOwners(from, name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value && !isOwners(from, name)) from.setAttribute(name, value);
  }
}

/** What the owner changes by using the page; a button that was pressed is closed until its answer is there. */
function isOwners({ tagName }: Element, name: string): boolean {
  return (tagName === 'DETAILS' && name === 'open') || (tagName === 'BUTTON' && name === 'disabled');
}

function morphChildren(from: Element, to: Element): void {
  const known = new Map([...from.children].filter(({ id }) => id !== '').map((child) => [child.id, child]));
  let next: ChildNode | null = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const own: ChildNode | null | undefined = ownOf(wanted, known, next);
    if (!own) {
      from.insertBefore(document.importNode(wanted, true), next);
      continue;
    }
    if (own === next) next = next.nextSibling;
    else from.insertBefore(own, next);
    if (own instanceof Element && wanted instanceof Element) morph(own, wanted);
    else if (own.nodeValue !== wanted.nodeValue) own.nodeValue = wanted.nodeValue;
  }
  while (next) {
    const gone: ChildNode = next;
    next = next.nextSibling;
    gone.remove();
  }
}

/** The node that becomes the wanted one: that of the same name, else the next one if it is of the same kind and has no name. */
function ownOf(
  wanted: ChildNode,
  known: ReadonlyMap<string, Element>,
  next: ChildNode | null,
): ChildNode | null | undefined {
  if (!(wanted instanceof Element)) return next?.nodeType === wanted.nodeType ? next : undefined;
  if (wanted.id !== '') return known.get(wanted.id);
  return next instanceof Element && next.tagName === wanted.tagName && next.id === '' ? next : undefined;
}
