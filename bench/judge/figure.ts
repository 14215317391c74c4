/**
 * The figure of `docs/judge.md`: the true result of each policy's studies.
 */
import type { Cell } from './tables.ts';

const worlds = ['late', 'early', 'fading'];
const colours: Readonly<Record<string, string>> = {
  greedy: '#b45309',
  confirm: '#7c3aed',
  'value, sigma known': '#0f766e',
  value: '#2563eb',
};
const left = 190;
const widest = 430;
const lineHeight = 17;
const blockHeight = 93;

/** An SVG image; each world has its own scale, with the baseline on the left. */
export function judgeFigure(cells: readonly Cell[]): string {
  const height = 54 + worlds.length * blockHeight;
  const blocks = worlds.map((world, index) => block(cells, world, 56 + index * blockHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" font-family="sans-serif" font-size="13" role="img" aria-label="True result of each keep policy in three simulated kinds of night">
<rect width="760" height="${height}" fill="#fff"/>
<text x="16" y="24" font-size="15" fill="#111">True result after 300 runs, in sigma: further right is better (bars: one standard error)</text>
${blocks.join('\n')}
</svg>
`;
}

function block(cells: readonly Cell[], world: string, top: number): string {
  const own = cells.filter((cell) => cell.group === 'mixes' && cell.world === world);
  const best = Math.min(...own.map(({ truth }) => truth.mean - truth.standardError));
  const rows = own.map((cell, index) => row(cell, widest / best, top + 13 + index * lineHeight));
  return [`<text x="16" y="${top}" font-weight="bold" fill="#111">${world}</text>`, ...rows].join('\n');
}

function row({ policy, truth }: Cell, scale: number, y: number): string {
  const at = (value: number) => (left + value * scale).toFixed(1);
  const [from, to] = [at(truth.mean + truth.standardError), at(truth.mean - truth.standardError)];
  const colour = colours[policy] ?? '#444';
  const name = `<text x="${left - 8}" y="${y + 4}" text-anchor="end" fill="#444" font-size="12">${policy}</text>`;
  const bar = `<line x1="${left}" x2="${at(truth.mean)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="7" opacity=".35"/>`;
  const error = `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`;
  const dot = `<circle cx="${at(truth.mean)}" cy="${y}" r="4" fill="${colour}"/>`;
  const figure = `<text x="${Number(to) + 8}" y="${y + 4}" fill="#444" font-size="12">${truth.mean.toFixed(1)}</text>`;
  return name + bar + error + dot + figure;
}
