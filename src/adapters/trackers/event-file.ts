/**
 * The bytes of a TensorBoard event file: scalars, and what its HPARAMS page reads.
 *
 * The messages are TensorFlow's `Event` and TensorBoard's `HParamsPluginData`, written field by field: their definitions are
 * frozen, and each is named where it is written.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { crc32c } from './crc32c.ts';
import type { Point } from './series.ts';

export interface Hyperparameters {
  readonly values: Readonly<Record<string, number | boolean | string>>;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly hasFailed: boolean;
}

/** The whole file; `startedAt`, in seconds since 1970, stands in its first record. */
export function eventFile(startedAt: number, hyperparameters: Hyperparameters, scalars: readonly Point[]): Uint8Array {
  const events = [
    event(startedAt, 0).tag(3, WireType.LengthDelimited).string('brain.Event:2'),
    ...hyperparameterEvents(hyperparameters),
    ...scalars.map(scalarEvent),
  ];
  return Buffer.concat(events.map((writer) => record(writer.finish())));
}

/** A TFRecord: length, its checksum, data, their checksum. */
function record(data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(masked(crc32c(head.subarray(0, 8))), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(masked(crc32c(data)));
  return Buffer.concat([head, data, foot]);
}

function masked(crc: number): number {
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0;
}

/** Event: wall_time = 1, step = 2. */
function event(at: number, step: number): BinaryWriter {
  return new BinaryWriter().tag(1, WireType.Bit64).double(at).tag(2, WireType.Varint).int64(step);
}

/** Event.summary = 5, Summary.value = 1. */
function withValue(writer: BinaryWriter, value: BinaryWriter): BinaryWriter {
  return inside(writer, 5, inside(new BinaryWriter(), 1, value));
}

/** Value: tag = 1, simple_value = 2. */
function scalarEvent({ name, step, value, at }: Point): BinaryWriter {
  const written = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(name)
    .tag(2, WireType.Bit32)
    .float(Math.fround(value));
  return withValue(event(at, step), written);
}

function hyperparameterEvents({ values, startedAt, endedAt, hasFailed }: Hyperparameters): BinaryWriter[] {
  // SessionStartInfo: hparams = 1 (a map), start_time_secs = 5. SessionEndInfo: status = 1, end_time_secs = 2.
  const start = new BinaryWriter();
  for (const [name, value] of Object.entries(values)) {
    const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
    inside(start, 1, inside(entry, 2, protobufValue(value)));
  }
  start.tag(5, WireType.Bit64).double(startedAt);
  const end = new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(hasFailed ? 2 : 1)
    .tag(2, WireType.Bit64)
    .double(endedAt);
  return [
    pluginEvent('_hparams_/session_start_info', startedAt, inside(new BinaryWriter(), 3, start)),
    pluginEvent('_hparams_/session_end_info', endedAt, inside(new BinaryWriter(), 4, end)),
  ];
}

/** Value: tag = 1, metadata = 9; SummaryMetadata: plugin_data = 1; PluginData: plugin_name = 1, content = 2. */
function pluginEvent(tag: string, at: number, content: BinaryWriter): BinaryWriter {
  const plugin = inside(new BinaryWriter().tag(1, WireType.LengthDelimited).string('hparams'), 2, content);
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag);
  return withValue(event(at, 0), inside(value, 9, inside(new BinaryWriter(), 1, plugin)));
}

/** google.protobuf.Value: number_value = 2, string_value = 3, bool_value = 4. */
function protobufValue(value: number | boolean | string): BinaryWriter {
  const writer = new BinaryWriter();
  if (typeof value === 'number') return writer.tag(2, WireType.Bit64).double(value);
  if (typeof value === 'boolean') return writer.tag(4, WireType.Varint).bool(value);
  return writer.tag(3, WireType.LengthDelimited).string(value);
}

function inside(writer: BinaryWriter, field: number, message: BinaryWriter): BinaryWriter {
  return writer.tag(field, WireType.LengthDelimited).bytes(message.finish());
}
