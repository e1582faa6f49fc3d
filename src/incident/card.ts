// Owns what is told of an incident in a list, also of one that has left the room long ago.
import { matches } from './filter.ts';
import type { Incident } from './state.ts';
import type { SafeText } from './text.ts';
import type { Timestamp } from './time.ts';
import type { IncidentId, Phase, Severity } from './words.ts';

export interface IncidentCard {
  readonly id: IncidentId;
  readonly title: SafeText;
  readonly severity: Severity;
  readonly phase: Phase;
  readonly services: readonly string[];
  readonly declaredAt: Timestamp;
  readonly resolvedAt: Timestamp | null;
  readonly closedAt: Timestamp | null;
  readonly falseAlarm: boolean;
  /** Who has command, or had it when it was closed. */
  readonly commander: string | null;
  /** Everybody who held a role in it. */
  readonly responders: readonly string[];
  /** Who may see it; null: everybody. */
  readonly people: readonly string[] | null;
}

export const cardOf = (incident: Incident): IncidentCard => {
  const { id, title, severity, phase, services, declaredAt, resolvedAt, closedAt, falseAlarm, people } = incident;
  const responders = [...new Set(incident.roleHistory.map(({ person }) => person))];
  const commander = incident.roles.commander?.person ?? null;
  return {
    ...{ id, title, severity, phase, services, declaredAt, resolvedAt, closedAt, falseAlarm },
    ...{ commander, responders, people },
  };
};

/** The phase in a word: a false alarm is told apart, whatever phase it was in. */
export const phaseOf = ({ falseAlarm, phase }: Pick<IncidentCard, 'falseAlarm' | 'phase'>): string =>
  falseAlarm ? 'false alarm' : phase;

/** Whether a filter lets it through, by what is on its line, its services, and whoever had a role in it. */
export const isFound = (card: IncidentCard, words: string): boolean => matches(words, searchable(card));

const searchable = (card: IncidentCard): string => {
  const { id, severity, declaredAt, title, services, responders } = card;
  return [id, severity, phaseOf(card), declaredAt.slice(0, 10), title, ...services, ...responders].join(' ');
};
