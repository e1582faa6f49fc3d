// Owns what the list of incidents shows: open ones by urgency, then resolved, then closed, and the marked one in full.
import type { RoomView } from '../../../client/room-client.ts';
import { type Incident, isOpen, ledgerOf } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { ROLES, type Severity } from '../../../incident/words.ts';
import { matches } from '../../filter.ts';
import { age, plural } from '../../format.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { incidentsByUrgency } from '../../select.ts';
import { roleWords } from '../../sentences.ts';
import { moment } from '../time-words.ts';

export interface IncidentLine {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly isOpen: boolean;
  readonly hasNoCommander: boolean;
  readonly commander: string;
  readonly age: string;
}

/** All that is worth knowing of the marked one before it is opened. */
export interface IncidentFoot {
  readonly id: string;
  readonly title: string;
  readonly times: string;
  readonly people: string;
}

/** Those that the filter lets through, by what is on their line, their services, and whoever had a role in them. */
export const listed = ({ room }: RoomView, filter: string): readonly Incident[] =>
  filter === '' ? incidentsByUrgency(room) : found(incidentsByUrgency(room), filter);

const found = rememberedWith((incidents: readonly Incident[], filter: string): readonly Incident[] =>
  incidents.filter((incident) => matches(filter, searchable(incident))),
);

export const idsOf = remembered((incidents: readonly Incident[]) => incidents.map(({ id }) => id));

const searchable = (incident: Incident): string =>
  [
    incident.id,
    incident.severity,
    phaseOf(incident),
    incident.declaredAt.slice(0, 10),
    incident.title,
    ...incident.services,
    ...incident.roleHistory.map(({ person }) => person),
  ].join(' ');

const phaseOf = ({ falseAlarm, phase }: Incident): string => (falseAlarm ? 'false alarm' : phase);

export const incidentLine = (incident: Incident, now: number): IncidentLine => {
  const open = isOpen(incident);
  const commander = incident.roles.commander?.person ?? null;
  return {
    severity: incident.severity,
    id: incident.id,
    title: incident.title,
    phase: phaseOf(incident),
    isOpen: open,
    hasNoCommander: open && commander === null,
    commander: commander ?? (open ? 'NO COMMANDER' : '-'),
    age: age(now - toEpochMs(incident.declaredAt)),
  };
};

export const incidentFoot = (incident: Incident, now: number): IncidentFoot => {
  const { id, title, services, environment, declaredAt, resolvedAt, closedAt, roles } = incident;
  const held = ROLES.flatMap((role) => (roles[role] === null ? [] : [`${roleWords[role]} ${roles[role].person}`]));
  const inPlace = ledgerOf(incident).length;
  const ends = [
    ...(resolvedAt === null ? [] : [`resolved ${moment(resolvedAt, now)}`]),
    ...(closedAt === null ? [] : [`closed ${moment(closedAt, now)}`]),
  ];
  return {
    id: `${id} ${services.join(', ')}, ${environment.production ? 'PROD ' : ''}${environment.name}`,
    title,
    times: [`declared ${moment(declaredAt, now)} UTC`, ...ends].join(', '),
    people: [
      ...(held.length === 0 ? ['nobody has a role'] : held),
      ...(inPlace === 0 ? [] : [`${plural(inPlace, 'containment')} in place`]),
    ].join(', '),
  };
};
