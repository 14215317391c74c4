/**
 * How many runs a Ray cluster could start now.
 */
import { type EngineRoom, roomFor, roomUnknown } from '../engine-room.ts';
import type { RayApi } from './ray-api.ts';
import { Unreachable } from './ray-http.ts';
import { jobsThatFit, type RaySettings } from './ray-settings.ts';

/** Asks it; a cluster that does not answer has room for one, which waits. A SettingsError where what answers is no Ray, or wants a token. */
export async function rayRoom(api: RayApi, settings: RaySettings, inFlight: number): Promise<EngineRoom> {
  try {
    const free = await api.free();
    if (free) return roomFor(jobsThatFit(settings, free), 'the Ray cluster', inFlight);
    // A head says what is used only some seconds after its start, and without its autoscaler never.
    const room = roomFor(jobsThatFit(settings, await api.nodes()), 'the Ray cluster');
    return { ...room, why: `${room.why}, by what its nodes have: what others use of it, it does not say` };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return roomUnknown(`what is free could not be asked: ${error.message}`);
  }
}
