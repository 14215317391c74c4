/**
 * The tool that a call means, when its server or model spells the name in its own way: `functions.edit:0` (Kimi),
 * `edit<|channel|>commentary` (gpt-oss), `default_api.edit` (Gemini).
 */

/** One of these names; undefined when the written one means none of them. */
export function ownToolName(written: string, names: readonly string[]): string | undefined {
  const plain = written.replace(/<\|[\s\S]*$/, '').trim();
  const readings = [plain, plain.replace(/:\d+$/, ''), plain.replace(/:\d+$/, '').replace(/^.*[.:/]/, '')];
  return [...readings, ...readings.map((reading) => reading.toLowerCase())].find((reading) => names.includes(reading));
}
