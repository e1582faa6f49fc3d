// Owns what the screen of roles shows: who holds what and what of it is done, who is here, who held what before.
import type { RoomView } from '../../../client/room-client.ts';
import { matches } from '../../../incident/filter.ts';
import { own } from '../../../incident/own.ts';
import { type Incident, isOpen, type RoleHolder, type RoleStretch } from '../../../incident/state.ts';
import { safeText } from '../../../incident/text.ts';
import { ROLES, type Role } from '../../../incident/words.ts';
import type { Presence } from '../../../protocol/messages.ts';
import { placeWords } from '../../place-words.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { roleWords } from '../../sentences.ts';
import type { ScreenMoment } from '../screen.ts';

export type RolesLine =
  | {
      readonly kind: 'role';
      readonly id: string;
      readonly role: Role;
      readonly title: string;
      readonly holder: RoleHolder | null;
      readonly isMine: boolean;
      /** An open incident that nobody commands. */
      readonly isMissed: boolean;
      readonly isUnfolded: boolean;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly kind: 'duty';
      readonly id: string;
      readonly words: string;
      readonly done: { readonly by: string; readonly at: string } | null;
    }
  | { readonly kind: 'heading'; readonly words: string }
  | { readonly kind: 'here'; readonly id: string; readonly presence: Presence; readonly isMe: boolean }
  | { readonly kind: 'stretch'; readonly id: string; readonly stretch: RoleStretch; readonly title: string };

type Of = Pick<ScreenMoment, 'view' | 'incident' | 'filter' | 'subject'>;

/** Roles with the duties of those unfolded, then who is here, then what was before, the latest first. */
export const rolesLines = ({ view, incident, filter, subject }: Of): readonly RolesLine[] =>
  linesIn(view, incident, filter, subject);

const linesIn = rememberedWith(
  (view: RoomView, incident: Incident | null, filter: string, subject: string | null): readonly RolesLine[] => {
    const of = { view, incident, filter, subject };
    return [
      ...(incident === null ? [] : roleLines(of, incident)),
      ...hereLines(of),
      ...(incident === null ? [] : historyLines(of, incident)),
    ];
  },
);

export const idsOf = remembered((lines: readonly RolesLine[]): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'heading' ? [] : [line.id])),
);

const isHeldBy = (incident: Incident, role: Role, person: string): boolean => incident.roles[role]?.person === person;

/** One's own roles first. */
const ordered = (incident: Incident, me: string): readonly Role[] =>
  [...ROLES].sort((a, b) => Number(isHeldBy(incident, b, me)) - Number(isHeldBy(incident, a, me)));

/** `subject` names the unfolded roles; before anything was folded or unfolded they are one's own. */
export const unfoldedRoles = ({
  view,
  incident,
  subject,
}: Pick<Of, 'view' | 'incident' | 'subject'>): readonly string[] =>
  subject !== null
    ? subject.split(',')
    : incident === null
      ? []
      : ROLES.filter((role) => isHeldBy(incident, role, view.me));

export const roleTitle = (view: RoomView, role: Role): string =>
  safeText(own(view.policy.roles, role)?.title ?? roleWords[role]);

/** In the words the room keeps them by, each once. */
export const dutiesOf = (view: RoomView, role: Role): readonly string[] => {
  const duties = (own(view.policy.roles, role)?.responsibilities ?? []).map((words) => safeText(words));
  return [...new Set(duties)].filter((words) => words !== '');
};

const roleLines = (of: Of, incident: Incident): readonly RolesLine[] => {
  const unfolded = unfoldedRoles(of);
  return ordered(incident, of.view.me).flatMap((role) =>
    oneRole(of, incident, { role, isUnfolded: unfolded.includes(role) }),
  );
};

const oneRole = (
  { view, filter }: Of,
  incident: Incident,
  { role, isUnfolded }: { readonly role: Role; readonly isUnfolded: boolean },
): readonly RolesLine[] => {
  const title = roleTitle(view, role);
  const holder = incident.roles[role];
  const duties = dutiesOf(view, role).map((words) => ({
    kind: 'duty' as const,
    id: `${role}/${words}`,
    words,
    done: own(incident.duties[role], words) ?? null,
  }));
  const head: RolesLine = {
    kind: 'role',
    id: role,
    role,
    title,
    holder,
    isMine: holder?.person === view.me,
    isMissed: role === 'commander' && holder === null && isOpen(incident),
    isUnfolded: isUnfolded || filter !== '',
    done: duties.filter(({ done }) => done !== null).length,
    of: duties.length,
  };
  if (filter === '') return isUnfolded ? [head, ...duties] : [head];
  // What is searched for is found in what is folded, too.
  const found = duties.filter(({ words, done }) => matches(filter, [title, words, done?.by ?? 'open'].join(' ')));
  return found.length > 0 || matches(filter, [title, holder?.person ?? 'nobody'].join(' ')) ? [head, ...found] : [];
};

const hereLines = ({ view, filter }: Of): readonly RolesLine[] => {
  const here = [...view.presence]
    .sort((a, b) => (a.name === b.name ? (a.since < b.since ? -1 : 1) : a.name < b.name ? -1 : 1))
    .map((presence, index) => ({
      kind: 'here' as const,
      id: `here/${index}`,
      presence,
      isMe: presence.name === view.me,
    }))
    .filter(
      ({ presence: { name, at, incident } }) =>
        filter === '' || matches(filter, [name, placeWords(at), incident].join(' ')),
    );
  return here.length === 0 ? [] : [{ kind: 'heading', words: `WHO IS HERE ${here.length}` }, ...here];
};

const historyLines = ({ view, filter }: Of, { roleHistory }: Incident): readonly RolesLine[] => {
  const stretches = roleHistory
    .map((stretch, index) => ({
      kind: 'stretch' as const,
      id: `held/${index}`,
      stretch,
      title: roleTitle(view, stretch.role),
    }))
    .filter(({ stretch: { person, by }, title }) => filter === '' || matches(filter, [person, by, title].join(' ')))
    .reverse();
  return stretches.length === 0 ? [] : [{ kind: 'heading', words: 'HISTORY' }, ...stretches];
};

/** The role that an item is or belongs to; null where it is none's. */
export const roleOfItem = (incident: Incident, item: string): Role | null => {
  const [first, second] = item.split('/', 2);
  if (first === 'held') return incident.roleHistory[Number(second)]?.role ?? null;
  return ROLES.find((role) => role === first) ?? null;
};

/** The duty that an item is; null where it is none. */
export const dutyOfItem = (item: string): string | null => {
  const slash = item.indexOf('/');
  return slash === -1 || item.startsWith('here/') || item.startsWith('held/') ? null : item.slice(slash + 1);
};
