/** Every cheat, and the honest work among them. */
import type { Cheat } from './cheat.ts';
import { gptCheats } from './list/gpt.ts';
import { selfReported } from './list/self-reported.ts';
import { tinyData } from './list/tiny-data.ts';
import { tinyHonest } from './list/tiny-honest.ts';
import { tinyPrinting } from './list/tiny-printing.ts';
import { tinyRecords } from './list/tiny-records.ts';
import { tinyScorer } from './list/tiny-scorer.ts';
import { guarded, tinyTime } from './list/tiny-time.ts';

export const allCheats: readonly Cheat[] = [
  ...tinyPrinting,
  ...tinyScorer,
  ...tinyData,
  ...tinyTime,
  ...tinyRecords,
  ...guarded,
  ...tinyHonest,
  ...gptCheats,
  ...selfReported,
];
