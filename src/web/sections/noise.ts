/**
 * How much a score changes with the seed alone.
 */
import { countText, formatAt } from '../../core/base/format.ts';
import type { NoiseFigures } from '../../core/views/report/noise-figures.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const noiseSection: Section = {
  id: 'noise',
  heading: 'Noise',
  markdown: ({ noise, decimals }) => noise && noiseSentence(noise, decimals),
  html: ({ noise, decimals }, figure) => {
    if (!noise) return undefined;
    const sigma = figure('noise.sigma');
    const cards =
      sigma &&
      markup`<dl class="cards"><div><dt>sigma of one run</dt><dd>${sigma}</dd></div><div><dt>degrees of freedom</dt><dd>${figure('noise.freedom', 'count')}</dd></div></dl>`;
    return markup`${cards}<p>${noiseSentence(noise, decimals)}</p>`;
  },
  figures: ({ noise }) => [
    ['noise.sigma', noise?.noise?.sigma],
    ['noise.freedom', noise?.noise?.degreesOfFreedom],
  ],
};

/** How much a run moves with its seed. */
function noiseSentence({ noise, repeated }: NoiseFigures, decimals: number): string {
  if (!noise) return 'No candidate ran twice, so the noise is not known.';
  const freedom = `${countText(noise.degreesOfFreedom, 'degree')} of freedom`;
  return `One run moves by ${formatAt(noise.sigma, decimals)} (standard deviation, ${freedom}) when only the seed changes; measured on ${countText(repeated, 'candidate')} that ran more than once.`;
}
