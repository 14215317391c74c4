/** A lab whose power goes out at one call of a port: before the call has any effect, or after it has all of it. */
import type { Lab } from '../../src/ports/lab.ts';

export class PowerCut extends Error {}

export interface CutLab<Kind extends Lab> {
  readonly lab: Kind;
  /** The calls so far that have effects, such as `workspace.moveBranch`, in order. */
  readonly calls: readonly string[];
}

/** Whose calls change something outside the controller. */
const effects = {
  archive: ['append', 'keep'],
  workspace: ['adoptStart', 'commitCandidate', 'commitContender', 'commitKeep', 'moveBranch'],
  runFolders: ['layBase', 'sealBase', 'lay', 'layHoldout', 'discard', 'discardConfirmation'],
  engine: ['submit', 'collect'],
} as const;

/** Cuts at the call with this index; with none the lab only counts. From the cut on every call fails. */
export function cutPower<Kind extends Lab>(lab: Kind, at?: number, when: 'before' | 'after' = 'before'): CutLab<Kind> {
  const calls: string[] = [];
  let isDark = false;
  const wrap = (port: object, name: string, methods: readonly string[]): object => {
    const wrapped = Object.entries(port).map(([key, method]) => {
      if (typeof method !== 'function') return [key, method];
      return [
        key,
        async (...args: unknown[]) => {
          if (isDark) throw new PowerCut();
          const index = methods.includes(key) ? calls.push(`${name}.${key}`) - 1 : undefined;
          const isHere = index !== undefined && index === at;
          if (isHere && when === 'before') isDark = true;
          if (isDark) throw new PowerCut();
          const result = await method(...args);
          if (isHere) isDark = true;
          if (isDark) throw new PowerCut();
          return result;
        },
      ];
    });
    return Object.fromEntries(wrapped);
  };
  const ports = Object.entries(effects).map(([name, methods]) => {
    const port = lab[name as keyof typeof effects];
    // What a test reads from a scripted port, such as its `journal`, stays readable through the original.
    return [name, { ...port, ...wrap(port, name, methods) }];
  });
  return { lab: { ...lab, ...Object.fromEntries(ports) } as Kind, calls };
}
