/**
 * How each engine is opened: one line for each of the names in `core/base/names.ts`.
 */
import { createLocalEngine } from '../../adapters/engines/local.ts';
import type { EngineName } from '../../core/base/names.ts';
import type { Engine } from '../../ports/engine.ts';

/** What there is to open an engine with. */
interface EngineOptions {
  /** Absolute path of the python that runs use. */
  readonly python: string;
}

/** How to open each engine. */
export const engineOpeners: Readonly<Record<EngineName, (options: EngineOptions) => Engine>> = {
  local: createLocalEngine,
};
