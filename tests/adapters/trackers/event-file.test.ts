import { expect, test } from 'vitest';
import { crc32c } from '../../../src/adapters/trackers/crc32c.ts';
import { eventFile } from '../../../src/adapters/trackers/event-file.ts';

test('the checksum is that of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
});

test('each record has its length and two checksums, and the first names the version of the format', () => {
  const hyperparameters = {
    values: { LR: 0.1, USE: true, NAME: 'adam' },
    startedAt: 10,
    endedAt: 20,
    hasFailed: false,
  };
  const scalars = [{ name: 'loss', step: 3, value: 1e300, at: 15 }];
  const bytes = Buffer.from(eventFile(10, hyperparameters, scalars));
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmasked(bytes.readUInt32LE(at + 8))).toBe(crc32c(bytes.subarray(at, at + 8)));
    expect(unmasked(bytes.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
    records.push(data);
    at += length + 16;
  }
  expect(records).toHaveLength(4);
  expect(records[0]?.toString('latin1')).toContain('brain.Event:2');
  expect(records[1]?.toString('latin1')).toContain('_hparams_/session_start_info');
});

function unmasked(masked: number): number {
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
