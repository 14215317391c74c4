/**
 * The Ray engine as a study's settings and Ray's own variables say.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../../../core/base/errors.ts';
import type { Engine } from '../../../ports/engine.ts';
import type { EngineRoom } from '../engine-room.ts';
import { createPacker, type PackerOptions } from '../travel/parcel.ts';
import { createRayApi, type RayApi } from './ray-api.ts';
import { createRayEngine } from './ray-engine.ts';
import { createRayHttp } from './ray-http.ts';
import { rayRoom } from './ray-room.ts';
import { addressOf, type RaySettings } from './ray-settings.ts';

interface OpenRayOptions extends Omit<PackerOptions, 'pythonThere' | 'packWith'> {
  readonly settings: RaySettings;
  readonly slots: number;
  readonly tell: (message: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Opens the engine; asks the cluster nothing yet. */
export function openRay(options: OpenRayOptions): Engine {
  const { settings, environment } = options;
  const address = addressOf(settings, environment);
  return createRayEngine({
    ...options,
    address,
    api: rayApiAt(address, environment),
    packer: createPacker({ ...options, environment: process.env }),
  });
}

/** How many runs the cluster could start now beside those in flight; see `rayRoom`. */
export function roomOfRay(
  settings: RaySettings,
  environment: Readonly<Record<string, string | undefined>>,
  inFlight: number,
): Promise<EngineRoom> {
  return rayRoom(rayApiAt(addressOf(settings, environment), environment), settings, inFlight);
}

/** Ray's interface at this address, with the token that Ray's own tools would use. */
export function rayApiAt(address: string, environment: Readonly<Record<string, string | undefined>>): RayApi {
  if (!URL.canParse(address)) {
    throw new SettingsError(`${address} is no address of a Ray cluster.`, {
      hint: 'Name its dashboard, such as http://127.0.0.1:8265, in `ray: { address }` or --address.',
    });
  }
  return createRayApi(createRayHttp(new URL(address), tokenOf(environment)), address);
}

function tokenOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (environment.RAY_AUTH_TOKEN) return environment.RAY_AUTH_TOKEN.trim();
  const home = environment.HOME ?? homedir();
  try {
    return (
      readFileSync(environment.RAY_AUTH_TOKEN_PATH ?? join(home, '.ray', 'auth_token'), 'utf8').trim() || undefined
    );
  } catch {
    return undefined;
  }
}
