/**
 * Stop rules that the owner raised while a study went on, or after it ended (`nocturne extend`).
 *
 * They hold in later sessions too, until the brief or a flag says another limit than the one that was raised: the owner's latest word
 * counts.
 */
import type { Session } from './kept-settings.ts';
import { type ExtensibleRules, extensibleNames } from './settings/stop-rules.ts';

type RuleName = (typeof extensibleNames)[number];

/** By rule: the limit of the brief or its flag that was raised, and to what. */
export type Extended = Readonly<Partial<Record<RuleName, { readonly over: number; readonly to: number }>>>;

/** The extensions with one more, which raises the limits of a session from these to those. */
export function withExtension(extended: Extended, from: ExtensibleRules, to: ExtensibleRules): Extended {
  const raised = extensibleNames.flatMap((name) => {
    const [before, after] = [from[name], to[name]];
    if (before === undefined || after === undefined) return [];
    return [[name, { over: extended[name]?.over ?? before, to: after }] as const];
  });
  return { ...extended, ...Object.fromEntries(raised) };
}

/** The extensions that a session with these settings leaves: those of limits that it says as they were. */
export function extensionsLeft(extended: Extended, { stop }: Pick<Session, 'stop'>): Extended {
  return Object.fromEntries(
    extensibleNames.flatMap((name) => {
      const extension = extended[name];
      return extension && stop[name] === extension.over ? [[name, extension]] : [];
    }),
  );
}

/** A session's settings as its brief and flags say them -> with the limits that were raised. */
export function extendedSession(session: Session, extended: Extended): Session {
  const left = Object.entries(extensionsLeft(extended, session));
  if (left.length === 0) return session;
  return { ...session, stop: { ...session.stop, ...Object.fromEntries(left.map(([name, { to }]) => [name, to])) } };
}

/** The other way round: the settings as the brief and its flags said them. */
export function saidSession({
  session,
  extended,
}: {
  readonly session: Session;
  readonly extended: Extended;
}): Session {
  const said = Object.entries(extended).map(([name, { over }]) => [name, over]);
  return said.length === 0 ? session : { ...session, stop: { ...session.stop, ...Object.fromEntries(said) } };
}
