// Owns watchdog.yaml with its defaults: the rules of the watchdog, and the agent's own sign of life with its secret address.
import { MINUTE, SECOND } from '../../incident/time.ts';
import { buildUrl, type Parts } from './build-addresses.ts';
import type { Heartbeat, WatchdogRules } from './config.ts';
import type { WatchdogFile } from './schema/watchdog.ts';

export const buildWatchdog = ({ silentAfter, repeatEvery, contacts, sinks }: WatchdogFile): WatchdogRules => ({
  silentAfterMs: silentAfter ?? 30 * SECOND,
  repeatEveryMs: repeatEvery ?? 5 * MINUTE,
  contacts: contacts ?? [],
  sinks: sinks ?? [],
});

/** The address and rhythm; null without one, or after a secret that is missing was reported. */
export const buildHeartbeat = async ({ heartbeat }: WatchdogFile, parts: Parts): Promise<Heartbeat | null> => {
  const url = await buildUrl(heartbeat?.url, ['heartbeat', 'url'], parts);
  return url === null ? null : { url, everyMs: heartbeat?.every ?? 30 * SECOND };
};
