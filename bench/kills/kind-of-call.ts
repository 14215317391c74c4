/** What a call is about, without what differs between calls of one kind: hashes, numbers and names that are drawn. */
export function kindOfCall(call: string): string {
  return call
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*')
    .replace(/(objects\/)[0-9a-f]{2}(?:\/[0-9a-f]+)?/g, '$1*')
    .replace(/((?:canary|nocturne)-)[0-9a-z-]+/gi, '$1*')
    .replace(/[0-9a-f]{40}/g, '*')
    .replace(/\d+/g, '*');
}

/** A regular expression that the calls of a kind match as the program makes them, with whole paths. */
export function patternOfKind(kind: string): string {
  const escaped = kind.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^ ]*');
  return `^${escaped.replaceAll(' \\./', ' [^ ]*/').replaceAll('\\$TMPDIR', '[^ ]*')}$`;
}
