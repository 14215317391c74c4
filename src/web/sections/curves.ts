/**
 * Training loss over the budget; Markdown has no figure of it.
 */
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { curvesFigure } from '../svg/curves-figure.ts';

export const curvesSection: Section = {
  id: 'curves',
  heading: 'Loss curves',
  html: ({ curves }) => {
    if (!curves) return undefined;
    const axis = curves.unit === 'share' ? 'share of the budget' : 'step';
    return markup`<p class="quiet">Training loss by ${axis}, of the first measured run of the baseline and the latest keeps.</p><figure><div class="wide">${curvesFigure(curves, 'wide')}</div><div class="narrow">${curvesFigure(curves, 'narrow')}</div></figure>`;
  },
};
