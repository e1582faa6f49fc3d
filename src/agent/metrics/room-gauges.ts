// Owns the gauges that follow from the room: what is open, who is missing, what is in place and what is still on its way out.
import type { Registry } from 'prom-client';
import { type Delivery, type Incident, isOpen, ledgerOf, type Room } from '../../incident/state.ts';
import { type Phase, SEVERITIES, WORKING_PHASES } from '../../incident/words.ts';
import { type Sample, scrapedGauge, scrapedNumber } from './scraped-gauge.ts';

const PHASES: readonly Phase[] = [...WORKING_PHASES, 'resolved'];
const LEDGER_STATES = ['applied', 'started', 'unknown'] as const;
const OUTSTANDING = ['pending', 'retrying'] as const;

export const registerRoomGauges = (registry: Registry, room: () => Room): void => {
  const all = (): readonly Incident[] => Object.values(room().incidents);
  const unclosed = (): readonly Incident[] => all().filter(({ phase }) => phase !== 'closed');
  const bySeverity = (counts: (incident: Incident) => boolean): readonly Sample<'severity'>[] => {
    const counted = unclosed().filter(counts);
    return SEVERITIES.map((severity) => [{ severity }, counted.filter((one) => one.severity === severity).length]);
  };

  scrapedGauge(registry, {
    name: 'warroom_incidents',
    help: 'Incidents that are not closed, by present severity and phase.',
    labels: ['severity', 'phase'],
    read: () => {
      const incidents = unclosed();
      return SEVERITIES.flatMap((severity) =>
        PHASES.map((phase): Sample<'severity' | 'phase'> => {
          const inBoth = incidents.filter((one) => one.severity === severity && one.phase === phase);
          return [{ severity, phase }, inBoth.length];
        }),
      );
    },
  });
  scrapedGauge(registry, {
    name: 'warroom_incidents_without_commander',
    help: 'Open incidents that nobody commands.',
    labels: ['severity'],
    read: () => bySeverity((one) => isOpen(one) && one.roles.commander === null),
  });
  scrapedGauge(registry, {
    name: 'warroom_incidents_unacknowledged',
    help: 'Open incidents that no acknowledgement holds: never acknowledged, run out, or made worse since.',
    labels: ['severity'],
    read: () => bySeverity((one) => isOpen(one) && !isHeld(one)),
  });
  scrapedGauge(registry, {
    name: 'warroom_containments_in_place',
    help: 'Containments that are, or may be, in place in incidents that are not closed.',
    labels: ['state'],
    read: () =>
      countStates(
        LEDGER_STATES,
        unclosed()
          .flatMap(ledgerOf)
          .map(({ state }) => state.name),
      ),
  });
  const onTheirWay = (name: string, what: string, of: (incident: Incident) => readonly Delivery[]): void =>
    scrapedGauge(registry, {
      name,
      help: `${what} that are not sent yet: to be tried, or to be tried again.`,
      labels: ['state'],
      // Of closed ones too: that it was closed is told after the close.
      read: () =>
        countStates(
          OUTSTANDING,
          all()
            .flatMap(of)
            .map(({ state }) => state),
        ),
    });
  onTheirWay('warroom_pages_outstanding', 'Pages and notices', ({ pages }) => Object.values(pages));
  onTheirWay('warroom_messages_outstanding', 'Messages to sinks', ({ messages }) => Object.values(messages));
  scrapedNumber(registry, 'warroom_configuration_refused', {
    help: 'Whether a changed configuration was refused, so that the one before goes on (1), or not (0).',
    read: () => (room().configurationRefused === null ? 0 : 1),
  });
};

const isHeld = ({ escalation, acknowledgements }: Incident): boolean =>
  escalation === null ? Object.values(acknowledgements).some(({ expired }) => !expired) : escalation.heldBy !== null;

const countStates = (states: readonly string[], found: readonly string[]): readonly Sample<'state'>[] =>
  states.map((state) => [{ state }, found.filter((one) => one === state).length]);
