/**
 * The Colab engine as a study's settings say.
 */
import { basename } from 'node:path';
import type { Brief } from '../../../core/brief/brief.ts';
import type { Engine } from '../../../ports/engine.ts';
import { createPacker, type PackerOptions } from '../travel/parcel.ts';
import { type ColabEngineOptions, createColabEngine } from './colab.ts';

interface OpenColabOptions
  extends Omit<PackerOptions, 'environment'>,
    Pick<ColabEngineOptions, 'slots' | 'tell' | 'environment' | 'patienceSeconds'> {
  readonly settings: NonNullable<Brief['colab']>;
}

/** Opens the engine; asks for no machine yet. */
export function openColab({ settings, environment, ...options }: OpenColabOptions): Engine {
  const tag = basename(options.studyFolder);
  return createColabEngine({ ...options, ...colabTerms(settings), packer: createPacker(options), tag, environment });
}

/** What the settings say, and what holds where they say nothing. */
export function colabTerms({
  gpu = 'T4',
  packages = [],
  program = 'colab',
  auth = 'oauth2',
}: NonNullable<Brief['colab']>) {
  return { gpu, packages, program, auth };
}
