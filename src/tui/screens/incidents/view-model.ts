// Owns what the list of incidents shows: open ones by urgency, then resolved, then closed, and the marked one in full.
import type { RoomView } from '../../../client/room-client.ts';
import { cardOf, type IncidentCard, isFound, phaseOf } from '../../../incident/card.ts';
import { type Incident, isOpen, ledgerOf } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { ROLES, type Severity } from '../../../incident/words.ts';
import type { ArchiveSeen } from '../../archive-seen.ts';
import { age, plural } from '../../format.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { incidentsByUrgency } from '../../select.ts';
import { roleWords } from '../../sentences.ts';
import type { ScreenMoment } from '../screen.ts';
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

/** Of the room, those that the filter lets through. */
export const listed = ({ room }: Pick<RoomView, 'room'>, filter: string): readonly Incident[] =>
  filter === '' ? incidentsByUrgency(room) : found(incidentsByUrgency(room), filter);

const found = rememberedWith((incidents: readonly Incident[], filter: string): readonly Incident[] =>
  incidents.filter((incident) => isFound(cardOf(incident), filter)),
);

/** One of the room, or one that has left it. */
export type Entry =
  | { readonly of: 'room'; readonly id: string; readonly incident: Incident }
  | { readonly of: 'archive'; readonly id: string; readonly card: IncidentCard };

/** All that are shown: those of the room, then those of the archive that were found, newest first. */
export const entriesOf = ({
  view,
  filter,
  archive,
}: Pick<ScreenMoment, 'view' | 'filter' | 'archive'>): readonly Entry[] => {
  const incidents = listed(view, filter);
  return joined(incidents, archivedLike(view.room.incidents, archive.found?.cards ?? none, filter));
};

const none: readonly IncidentCard[] = [];

// While a new search is on its way, the latest answer is filtered here.
const archivedLike = rememberedWith(
  (inRoom: RoomView['room']['incidents'], cards: readonly IncidentCard[], filter: string): readonly IncidentCard[] =>
    cards.filter((card) => !Object.hasOwn(inRoom, card.id) && isFound(card, filter)),
);

const joined = rememberedWith((incidents: readonly Incident[], cards: readonly IncidentCard[]): readonly Entry[] => [
  ...incidents.map((incident): Entry => ({ of: 'room', id: incident.id, incident })),
  ...cards.map((card): Entry => ({ of: 'archive', id: card.id, card })),
]);

export const idsOf = remembered((entries: readonly Entry[]) => entries.map(({ id }) => id));

/** How many have left the room: those one may see, once that is known. */
export const archivedCount = ({ view, filter, archive }: Pick<ScreenMoment, 'view' | 'filter' | 'archive'>): number => {
  const isKnown = filter === '' && archive.asking === null && archive.found?.problem === null;
  return isKnown ? (archive.found?.total ?? 0) : view.room.archived;
};

/** How the search in the archive goes, where that is worth a word. */
export const archiveWords = ({ asking, found: its }: ArchiveSeen): string | null => {
  if (asking !== null) return 'looking in the archive';
  if (its === null) return null;
  if (its.problem !== null) return `no archive: ${its.problem}`;
  return its.total > its.cards.length ? `the newest ${its.cards.length} of ${its.total} archived` : null;
};

export const entryLine = (entry: Entry, now: number): IncidentLine =>
  entry.of === 'room' ? incidentLine(entry.incident, now) : cardLine(entry.card, now);

export const entryFoot = (entry: Entry, now: number): IncidentFoot =>
  entry.of === 'room' ? incidentFoot(entry.incident, now) : cardFoot(entry.card, now);

const cardLine = (card: IncidentCard, now: number): IncidentLine => ({
  severity: card.severity,
  id: card.id,
  title: card.title,
  phase: phaseOf(card),
  isOpen: false,
  hasNoCommander: false,
  commander: card.commander ?? '-',
  age: age(now - toEpochMs(card.declaredAt)),
});

const cardFoot = (card: IncidentCard, now: number): IncidentFoot => ({
  id: `${card.id} ${card.services.join(', ')}`,
  title: card.title,
  times: timesOf(card, now),
  people: ['archived', ...(card.responders.length === 0 ? [] : [`had a role: ${card.responders.join(', ')}`])].join(
    ', ',
  ),
});

export const incidentLine = (incident: Incident, now: number): IncidentLine => {
  const open = isOpen(incident);
  const commander = incident.roles.commander?.person ?? null;
  return {
    ...cardLine(cardOf(incident), now),
    isOpen: open,
    hasNoCommander: open && commander === null,
    commander: commander ?? (open ? 'NO COMMANDER' : '-'),
  };
};

const timesOf = (
  { declaredAt, resolvedAt, closedAt }: Pick<IncidentCard, 'declaredAt' | 'resolvedAt' | 'closedAt'>,
  now: number,
) =>
  [
    `declared ${moment(declaredAt, now)} UTC`,
    ...(resolvedAt === null ? [] : [`resolved ${moment(resolvedAt, now)}`]),
    ...(closedAt === null ? [] : [`closed ${moment(closedAt, now)}`]),
  ].join(', ');

export const incidentFoot = (incident: Incident, now: number): IncidentFoot => {
  const { id, title, services, environment, roles } = incident;
  const held = ROLES.flatMap((role) => (roles[role] === null ? [] : [`${roleWords[role]} ${roles[role].person}`]));
  const inPlace = ledgerOf(incident).length;
  return {
    id: `${id} ${services.join(', ')}, ${environment.production ? 'PROD ' : ''}${environment.name}`,
    title,
    times: timesOf(incident, now),
    people: [
      ...(held.length === 0 ? ['nobody has a role'] : held),
      ...(inPlace === 0 ? [] : [`${plural(inPlace, 'containment')} in place`]),
    ].join(', '),
  };
};
