import type { Isolation } from '../../ports/isolation.ts';

/** Runs with the owner's own rights, as the owner asks for. */
export const noIsolation: Isolation = { tier: 'none', open: [], whyNotHigher: 'none was asked for' };
