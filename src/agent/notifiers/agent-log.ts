// Owns the page channel that is always there: one line in the agent's own log.
import { safeText } from '../../incident/text.ts';
import type { Notifier, OutgoingPage } from './notifier.ts';

export interface AgentLogOptions {
  /** Takes one line without its newline; throws or rejects when it cannot be written. */
  readonly write: (line: string) => void | Promise<void>;
}

/** A notifier whose pages are lines of the agent's log. A log that refuses them is `unreachable` and worth another try. */
export const agentLogNotifier = ({ write }: AgentLogOptions): Notifier => ({
  send: async (outgoing, signal) => {
    if (signal.aborted) {
      return {
        ok: false,
        reason: 'timeout',
        detail: 'called off before it was written',
        retry: true,
        retryAfterMs: null,
      };
    }
    try {
      await write(lineOf(outgoing));
      return { ok: true };
    } catch (error) {
      const detail = safeText(error instanceof Error ? error.message : String(error), 200);
      return { ok: false, reason: 'unreachable', detail, retry: true, retryAfterMs: null };
    }
  },
});

const lineOf = ({ page, incident, possibleDuplicate }: OutgoingPage): string => {
  const services = incident.services.length === 0 ? '' : ` (${incident.services.join(', ')})`;
  const repeated = possibleDuplicate ? ', possible duplicate' : '';
  return safeText(
    `${page.kind} for ${page.contact}: ${incident.severity} ${incident.id}${services}: ${safeText(incident.title)} ` +
      `[level ${page.level}, attempt ${page.attempt}, id ${page.page}${repeated}]`,
    2_000,
  );
};
