/**
 * Reads the log of a W&B run (`run-*.wandb`): LevelDB's log format around messages of `wandb_internal.proto`.
 *
 * Only what a ledger needs is taken: the last value of each metric, the config, the run's name and its exit code. A log
 * that is cut short is read as far as it goes.
 */
import { parseJson } from '../../core/base/parse-json.ts';

/** What the log says of its run. */
export interface WandbLog {
  readonly name: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  /** Absent for a run that has no end. */
  readonly exitCode?: number;
}

/** Field numbers of `Record` and of the messages in it. */
const field = { history: 2, summary: 3, config: 5, run: 17, exit: 18 } as const;

/** The run of a log; undefined for bytes that are none. */
export function readWandbLog(bytes: Buffer): WandbLog | undefined {
  if (bytes.subarray(0, 4).toString('latin1') !== ':W&B') return undefined;
  let name = '';
  let exitCode: number | undefined;
  const summary: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  for (const record of recordsIn(bytes)) {
    for (const { number, value } of fieldsIn(record)) {
      if (!Buffer.isBuffer(value)) continue;
      if (number === field.history || number === field.summary) addItems(value, summary);
      else if (number === field.config) addItems(value, config);
      else if (number === field.run) {
        const inner = fieldsIn(value);
        name = inner.find((each) => each.number === 8)?.value?.toString() ?? name;
        for (const each of inner) if (each.number === 4 && Buffer.isBuffer(each.value)) addItems(each.value, config);
      } else if (number === field.exit) {
        const code = fieldsIn(value).find((each) => each.number === 1)?.value ?? 0;
        exitCode = Buffer.isBuffer(code) ? undefined : code;
      }
    }
  }
  const settings = Object.fromEntries(Object.entries(config).filter(([key]) => !/^_?wandb/.test(key)));
  return { name, summary, config: settings, ...(exitCode === undefined ? {} : { exitCode }) };
}

const headerBytes = 7;
const blockBytes = 32_768;

/** The records of a LevelDB log, put together from their pieces; the file's own header takes the first seven bytes. */
function recordsIn(bytes: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  let pieces: Buffer[] = [];
  let at = headerBytes;
  while (at + headerBytes <= bytes.length) {
    const left = blockBytes - (at % blockBytes);
    if (left < headerBytes) {
      at += left;
      continue;
    }
    const length = bytes.readUInt16LE(at + 4);
    const kind = bytes[at + 6] ?? 0;
    if (kind < 1 || kind > 4 || at + headerBytes + length > bytes.length) break;
    const piece = bytes.subarray(at + headerBytes, at + headerBytes + length);
    // 1 is a whole record, 2 its first piece, 3 one in its middle, 4 its last.
    if (kind <= 2) pieces = [];
    pieces.push(piece);
    if (kind === 1 || kind === 4) records.push(Buffer.concat(pieces));
    at += headerBytes + length;
  }
  return records;
}

interface Field {
  readonly number: number;
  readonly value: Buffer | number;
}

/** The fields of a message of protocol buffers; what cannot be read ends it. */
function fieldsIn(message: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) fields.push({ number, value: varint() });
    else if (wire === 2) {
      const length = varint();
      fields.push({ number, value: message.subarray(at, at + length) });
      at += length;
    } else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else break;
  }
  return fields;
}

/** Items of a history, summary or config: a key, or a path of keys, and a value in JSON. */
function addItems(message: Buffer, into: Record<string, unknown>): void {
  for (const { number, value } of fieldsIn(message)) {
    if (number !== 1 || !Buffer.isBuffer(value)) continue;
    const inner = fieldsIn(value);
    const textOf = (wanted: number) =>
      inner.filter((each) => each.number === wanted).map((each) => each.value.toString());
    const key = textOf(1)[0] || textOf(2).join('.');
    const json = textOf(16)[0];
    if (key !== '' && json !== undefined) into[key] = parseJson(json);
  }
}
