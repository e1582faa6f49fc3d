// Owns why a key is not possible now: the connection, the incident, what is missing.
import { type Incident, isOpen } from '../incident/state.ts';
import type { KeySituation, Reason } from './binding.ts';
import { age } from './format.ts';
import { unclosedIncidents } from './select.ts';

/** Why nothing can be asked of the agent now. */
export const connectionReason = ({ view, now }: Pick<KeySituation, 'view' | 'now'>): string | null => {
  const { connection } = view;
  switch (connection.name) {
    case 'live':
      return view.agent?.writable === false ? 'the agent cannot record anything now: it is read-only' : null;
    case 'connecting':
      return 'not connected to the agent yet';
    case 'stale':
      return `the agent has not answered for ${age(now - connection.sinceMs)}`;
    case 'refused':
      return `the agent refuses this connection: ${connection.message}`;
    default:
      return connection satisfies never;
  }
};

export const asking =
  (reason: Reason = () => null): Reason =>
  (situation) =>
    connectionReason(situation) ?? reason(situation);

export const onIncident =
  (reason: (incident: Incident, situation: KeySituation) => string | null): Reason =>
  (situation) =>
    situation.incident === null ? 'there is no incident: declare one with d' : reason(situation.incident, situation);

export const whileOpen = (
  reason: (incident: Incident, situation: KeySituation) => string | null = () => null,
): Reason =>
  asking(
    onIncident((incident, situation) =>
      isOpen(incident) ? reason(incident, situation) : `${incident.id} is ${incident.phase}`,
    ),
  );

export const severalIncidents: Reason = ({ view }) =>
  unclosedIncidents(view.room).length > 1 ? null : 'there is no other incident';

export const canContain = (incident: Incident, { view }: KeySituation): string | null =>
  incident.services.some((service) => (view.policy.services[service]?.actions.length ?? 0) > 0)
    ? null
    : 'no action is configured for its services';
