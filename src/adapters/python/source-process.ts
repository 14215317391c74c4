/**
 * The Python process that reads sources: one for each interpreter, kept for the next question, since to start it takes twenty
 * times as long as to ask it.
 */
import { packagePath } from '../package-root.ts';
import { createLineProcess, type LineProcess } from './line-process.ts';

type Files = Readonly<Record<string, string>>;

/** What `python/read_sources.py` is asked. */
export type SourceQuestion =
  | {
      readonly knobs: {
        readonly files: Files;
        readonly argv: readonly string[];
        readonly env: readonly string[];
        readonly beside: Files;
      };
    }
  | { readonly forms: Files };

const processes = new Map<string, LineProcess>();
const limitSeconds = 30;

/** The reply as JSON; undefined where the sources break the parser itself. Throws where the interpreter cannot be started. */
export function askSources(interpreter: string, question: SourceQuestion): Promise<string | undefined> {
  const known = processes.get(interpreter) ?? createLineProcess({ python: interpreter, args });
  processes.set(interpreter, known);
  return known.ask(JSON.stringify(question), limitSeconds);
}

const args = ['-I', '-S', packagePath('src', 'python', 'read_sources.py')];
