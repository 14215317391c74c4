/**
 * The dashboard's script: follows the study, moves between pages without loading them anew, and sends what the owner asks
 * for. Every page is whole without it; what it shows, the server has rendered.
 */
import { listenForActs } from './acts.ts';
import { follow } from './follow.ts';
import { listenForKeys } from './keys.ts';
import { showDraft } from './load-anew.ts';
import { listenForMoves, refresh, showEnds } from './moves.ts';

listenForMoves();
showEnds();
showDraft();
listenForActs(refresh);
listenForKeys();
follow(refresh);
