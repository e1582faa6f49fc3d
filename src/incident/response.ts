// Owns the response target: by when somebody is to acknowledge, as the severity wants it.
import type { DecisionContext } from './decision.ts';
import type { IncidentEvent } from './events.ts';
import type { Response } from './state.ts';
import { plusMs, type Timestamp } from './time.ts';
import type { IncidentId, Severity } from './words.ts';

/** The time runs from `from`. Business hours are no time that counts down: nothing is expected then. */
export const expectResponse = (
  incident: IncidentId,
  { severity, from }: { readonly severity: Severity; readonly from: Timestamp },
  { policy }: DecisionContext,
): readonly IncidentEvent[] => {
  const within = policy.severities.respondWithinMs[severity];
  return within === 'business-hours'
    ? []
    : [{ type: 'response.expected', incident, severity, dueAt: plusMs(from, within) }];
};

/** Whether the time is over, was not told yet, and there was any: an immediate response is waited for from the start. */
export const isMissed = (response: Response, now: Timestamp): boolean =>
  response.metAt === null &&
  response.missedAt === null &&
  response.dueAt > response.expectedAt &&
  response.dueAt <= now;
