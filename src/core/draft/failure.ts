/**
 * Why an entry point failed when it was run once, as far as its output says, and what the owner can do.
 */
import { lastLines, plainText } from '../base/plain-text.ts';
import { lacksGpu } from './devices.ts';
import { missingModule, missingPath } from './needs.ts';

export interface Failure {
  readonly kind: 'arguments' | 'input' | 'module' | 'device' | 'file' | 'network' | 'other';
  /** What is the matter, as the end of a sentence about the command. */
  readonly what: string;
  readonly hint: string;
}

/** Reads an entry point's failure off the end of its output. */
export function readFailure(log: string, exitCode: number | null, typed: string): Failure {
  const text = plainText(log);
  const end = text.slice(-8000);
  const needed =
    /(?:the following arguments are required|one of the arguments .* is required|Missing (?:argument|option|parameter)|Missing mandatory value|No value(?:s)? (?:was|were) supplied|missing \d+ required positional).*/i.exec(
      end,
    );
  if (needed !== null || (exitCode === 2 && /^usage:/im.test(end))) {
    const hint = `Give the whole command: \`nocturne init --train "${typed} …"\`, with its arguments in place of the dots.`;
    return { kind: 'arguments', what: 'needs arguments', hint };
  }
  if (/EOFError: EOF when reading a line|Inappropriate ioctl|stdin/i.test(lastLines(end, 3))) {
    const hint =
      'A run has no terminal: let it read the answer from a flag, a file or a constant, then run this again.';
    return { kind: 'input', what: 'asks for input on the terminal', hint };
  }
  if (/name 'get_ipython' is not defined/.test(end)) {
    const hint = `Take the lines with get_ipython() out of it, or name the notebook itself with --train.`;
    return { kind: 'other', what: 'was exported from a notebook and asks for IPython', hint };
  }
  const module = missingModule(end);
  if (module !== undefined) {
    const hint = `Install it into that Python, or name another one with --python.`;
    return { kind: 'module', what: `needs the module ${module}, which the Python of the run does not have`, hint };
  }
  if (lacksGpu(end)) {
    const hint =
      'Let it choose, such as `device = "cuda" if torch.cuda.is_available() else "cpu"`, then run this again; or do that where there is one.';
    return { kind: 'device', what: 'asks for a GPU, and this machine has none that it can use', hint };
  }
  if (
    /Name or service not known|Max retries exceeded|ConnectionError|Temporary failure in name resolution|urlopen error|Couldn't connect/i.test(
      end,
    )
  ) {
    const hint = 'Let it read what it downloads from a folder, or fetch that once in `prepare:`; then run this again.';
    return { kind: 'network', what: 'fails at a download', hint };
  }
  const path = missingPath(lastLines(end, 5));
  if (path !== undefined) {
    const hint = `Make ${path} (or name it under \`link:\` where git ignores it), then run this again.`;
    return { kind: 'file', what: `does not find ${path}`, hint };
  }
  return {
    kind: 'other',
    what: exitCode === null ? 'was killed' : `fails with exit code ${exitCode}`,
    hint: 'Mend that, then run this again.',
  };
}
