/**
 * Why an experiment failed or was vetoed, in words that may stand outside a fence.
 *
 * They are the harness's own, with what patterns take out of the output: numbers, line numbers of editable files, words of
 * fixed lists, and names that the experiment's own edits contain. No sentence of a script gets through; what it says in
 * full stands in a fence only.
 */
import { outcomeWord } from '../journal/failure-text.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { oneLine } from './one-line.ts';
import { usualPackages } from './usual-packages.ts';

/** What became of a run without a score, as one phrase such as `crash ModuleNotFoundError: no module flash_attn`. */
export function failurePhrase(history: History, record: ExperimentRecord): string {
  const result = lastResult(record);
  if (!result) return 'never ran';
  const fact = failureFacts(history, record, result).join(', ');
  return fact === '' ? failureWord(record) : `${failureWord(record)}: ${fact}`;
}

/** The same without the facts, to group by: the outcome and the exception's name. */
export function failureWord(record: ExperimentRecord): string {
  const result = lastResult(record);
  if (!result) return 'never ran';
  if (result.outcome === 'finished') return 'no score';
  const error = exceptionName(result.reason);
  const word = outcomeWord(result.outcome);
  return error === undefined || result.outcome === 'out-of-memory' ? word : `${word} ${error}`;
}

/**
 * Why a measured experiment was reverted, where that was not its score: a guard, a disturbed run, an audit, or a second run
 * that failed; empty where its score decided.
 */
export function vetoPhrase(history: History, record: ExperimentRecord): string {
  const reason = record.verdict?.decision === 'revert' ? record.verdict.reason : '';
  if (reason.startsWith('run again, it failed')) return `run again, it failed: ${failurePhrase(history, record)}`;
  const [, veto] = /^vetoed by (.*)/s.exec(reason) ?? [];
  if (veto !== undefined) return oneLine(veto, 120);
  return /^(?:suspicious|not kept on a disturbed run)\b/.test(reason) ? oneLine(reason, 160) : '';
}

/** The result that an experiment's failure is about: that of a counted run without a score, else the last one. */
export function lastResult(record: ExperimentRecord): RunResult | undefined {
  const results = record.runs.flatMap(({ result }) => result ?? []);
  return results.findLast(({ measurement }) => measurement === undefined) ?? results.at(-1);
}

function failureFacts(history: History, record: ExperimentRecord, result: RunResult): string[] {
  const facts = [...ownWords(result), ...(hasOutput(result) ? saidFacts(history, record, result) : [])];
  return [...new Set([...facts, ...reached(result)])];
}

/** Whether the output explains the end, rather than the harness, which ended it. */
function hasOutput({ outcome }: RunResult): boolean {
  return outcome === 'crashed' || outcome === 'out-of-memory' || outcome === 'finished';
}

/** What of the reason is the harness's own. */
function ownWords({ outcome, reason, gpu }: RunResult): string[] {
  switch (outcome) {
    case 'timed-out':
    case 'stalled':
    case 'killed-early':
    case 'cancelled':
      return [oneLine(reason, 200)];
    case 'lost':
      return gpu
        ? [gpu.kind === 'filled' ? 'another process filled its GPU' : 'its GPU went away']
        : [oneLine(reason, 100)];
    case 'finished':
      return [oneLine(reason.split(/[:;,(]/)[0] ?? '', 120)];
    case 'out-of-memory':
      return reason.startsWith('the scorer failed') ? ['in the scorer'] : [];
    case 'crashed':
      return [
        reason.startsWith('the scorer failed') ? 'in the scorer' : '',
        voidWords(reason),
        exceptionName(reason) === undefined
          ? (/^(?:the scorer failed: )?(exit code -?\d+)/.exec(reason)?.[1] ?? '')
          : '',
        /^(?:the scorer failed: )?(killed by SIG[A-Z0-9]+(?:, perhaps for want of memory)?)/.exec(reason)?.[1] ?? '',
      ].filter((words) => words !== '');
    default:
      return outcome satisfies never;
  }
}

/** A void run's reason names paths, which a script may choose; only one without blanks is repeated. */
function voidWords(reason: string): string {
  if (!reason.startsWith('void: ')) return '';
  const [, changed] = /^void: it changed (.*)$/s.exec(reason) ?? [];
  if (changed !== undefined)
    return /^[\w./-]{1,100}$/.test(changed) ? `void, it changed ${changed}` : 'void, it changed a fixed file or data';
  if (reason.startsWith('void: it ran ')) return 'void, it ran another copy than its own files';
  return 'void, no process of it read the edited files';
}

/** How far a run had come that did not end by itself, by its share of the budget. */
function reached({ outcome, reason, curve }: RunResult): string[] {
  const share = curve?.at(-1)?.[0];
  const isCutShort =
    outcome === 'stalled' || outcome === 'out-of-memory' || reason.startsWith('ended at its time limit');
  if (share === undefined || !isCutShort) return [];
  return [`at ${Math.round(share * 100)} % of its budget`];
}

function saidFacts({ frozen }: History, record: ExperimentRecord, { reason, evidence }: RunResult): string[] {
  const text = `${evidence}\n${reason}`;
  const isOwn = ownNames(record);
  const last = lastExceptionLine(text);
  return [
    memory(text),
    names(last, isOwn),
    shapes(last),
    notANumber(text),
    cudaTrouble(last),
    place(text, frozen.edit),
  ].filter((fact) => fact !== '');
}

const size = String.raw`\d[\d.]* ?(?:[KMGT]i?B|bytes)`;

/** How much memory was asked for, and what there is, as PyTorch, numpy, JAX and TensorFlow say it. */
function memory(text: string): string {
  const asked = lastMatch(
    text,
    new RegExp(`(?:[Tt]ri(?:ed|ying) to allocate|Unable to allocate|allocating) (${size})`, 'g'),
  );
  const total = lastMatch(text, new RegExp(`total capacity of (${size})`, 'g'));
  const free = lastMatch(text, new RegExp(`of which (${size}) is free`, 'g'));
  if (asked === undefined) return '';
  return [`tried to allocate ${asked}`, total && `of ${total}`, free && `with ${free} free`].filter(Boolean).join(' ');
}

const identifier = String.raw`([A-Za-z_][\w.]{0,59})`;
const quotedName = `['"\`]?${identifier}['"\`]?`;
const missing: readonly (readonly [RegExp, (names: readonly string[]) => string])[] = [
  [new RegExp(`No module named ${quotedName}`), ([name]) => `no module ${name}`],
  [
    new RegExp(`cannot import name ${quotedName}(?: from (?:partially initialized module )?${quotedName})?`),
    ([name, from]) => (from === undefined ? `cannot import ${name}` : `cannot import ${name} from ${from}`),
  ],
  [
    new RegExp(`(?:module )?${quotedName}(?: object)? has no attribute ${quotedName}`),
    ([of, name]) => `${of} has no ${name}`,
  ],
  [new RegExp(`name ${quotedName} is not defined`), ([name]) => `${name} is not defined`],
  [new RegExp(`got an unexpected keyword argument ${quotedName}`), ([name]) => `no argument ${name}`],
  [new RegExp(`^\\S*KeyError: ${quotedName}$`), ([name]) => `no key ${name}`],
];

/** What was missing, if the experiment's own edits or a list of ours have its name. */
function names(line: string, isOwn: (name: string) => boolean): string {
  for (const [pattern, say] of missing) {
    const match = pattern.exec(line);
    if (!match) continue;
    const found = match.slice(1).filter((name) => name !== undefined);
    return found.every(isOwn) ? say(found) : '';
  }
  return '';
}

/** Names in the edits, which the model wrote itself, of the usual packages, and of types that every script has. */
function ownNames({ proposal }: ExperimentRecord): (name: string) => boolean {
  const written = (proposal?.edits ?? []).map((edit) => {
    if (edit.kind === 'write') return edit.content;
    return edit.kind === 'replace' ? edit.replace : `${edit.knob} ${edit.to}`;
  });
  const words = new Set(written.join('\n').match(/[A-Za-z_]\w*/g) ?? []);
  const isKnown = (part: string) => words.has(part) || knownNames.has(part);
  return (name) => name.split('.').every(isKnown);
}

const knownNames: ReadonlySet<string> = new Set([
  ...usualPackages,
  ...'int float str list tuple dict set bool NoneType function Tensor Parameter ndarray nn functional optim utils data cuda amp linalg random'.split(
    ' ',
  ),
]);

/** The shapes and sizes that an exception names, as numbers alone. */
function shapes(line: string): string {
  if (!/shape|size|dimension|\bdim\b|broadcast|samples|rank/i.test(line)) return '';
  const plain = line.replace(new RegExp(size, 'g'), '');
  const found = plain.match(/[([]\s*\d+(?:\s*[,x]\s*\d*)*\s*[)\]]|\b\d+(?:x\d+)+\b/g) ?? plain.match(/\b\d+\b/g) ?? [];
  const groups = [...new Set(found.map((group) => group.replace(/\s+/g, '').slice(0, 40)))].slice(0, 4);
  return groups.length === 0 ? '' : `shapes or sizes ${groups.join(' ')}`;
}

/** A loss that is no number, with the step where one line has both. */
function notANumber(text: string): string {
  const line = text.split('\n').find((each) => /\b[\w]*loss\b[=: ]+[-+]?(?:nan|inf)/i.test(each)) ?? '';
  const [, value] = /loss[=: ]+[-+]?(nan|inf)/i.exec(line) ?? [];
  if (value !== undefined) {
    const [, step] = /\bstep[=: ]+(\d{1,12})\b/i.exec(line) ?? [];
    return `loss ${value.toLowerCase()}${step === undefined ? '' : ` at step ${step}`}`;
  }
  const [, metric] = /is not a finite number: "?\s*[-+]?(nan|inf(?:inity)?)/i.exec(text) ?? [];
  return metric === undefined ? '' : `it is ${metric.toLowerCase()}`;
}

/** Phrases of CUDA that a crash may be told by. */
const cudaPhrases =
  /CUDA error: (an illegal memory access was encountered|device-side assert triggered|no kernel image is available for execution on the device|invalid configuration argument|misaligned address|out of memory|unspecified launch failure)/;

function cudaTrouble(line: string): string {
  return cudaPhrases.exec(line)?.[1] ?? '';
}

/** The innermost line of an editable file in the last traceback, as `train.py:12`. */
function place(text: string, edit: readonly string[]): string {
  const names = new Set(edit.map((file) => file.split('/').at(-1)));
  const frames = [...text.matchAll(/File "(?:[^"\n]*[/\\])?([^"/\\\n]+)", line (\d{1,7})/g)];
  const own = frames.findLast(([, file]) => names.has(file));
  return own ? `at ${own[1]}:${own[2]}` : '';
}

/** The last exception that a line names, with its message and the two lines after it. */
function lastExceptionLine(text: string): string {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => exception.test(line));
  const [first = '', ...more] = lines.slice(Math.max(0, at), at + 3);
  return [first.slice(exception.exec(first)?.index ?? 0), ...more].join(' ').slice(0, 600);
}

const exception = /(?:\b[\w.]+\.)?\b[A-Z]\w{0,40}(?:Error|Exception|Interrupt)\b/;

function exceptionName(text: string): string | undefined {
  return /\b([A-Z][A-Za-z]{2,30}(?:Error|Exception|Interrupt))\b/.exec(text)?.[1];
}

function lastMatch(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}
