// Owns roles as a screen: Enter ticks a duty or unfolds a role, t takes, g gives, x releases.
import { own } from '../../../incident/own.ts';
import type { Incident } from '../../../incident/state.ts';
import type { Role } from '../../../incident/words.ts';
import { hint, incidentOf, opened, type Step, say, sentAndBack, stay, type Ui } from '../../ui.ts';
import type { Screen, ScreenPress } from '../screen.ts';
import { responseLine } from './response-words.ts';
import { rolesRows } from './rows.ts';
import { dutyOfItem, idsOf, roleOfItem, rolesLines, roleTitle, unfoldedRoles } from './view-model.ts';

export const rolesScreen: Screen = {
  title: ({ incident }) => (incident === null ? 'ROLES belong to an incident; there is none' : 'ROLES AND DUTIES'),
  items: (moment) => idsOf(rolesLines(moment)),
  pane: (moment, size) => {
    const { view, incident, now, cursor } = moment;
    const response = incident === null ? null : responseLine(view, incident, now);
    return rolesRows({ lines: rolesLines(moment), response, cursor, now }, size);
  },
  enter: 'tick, unfold',
  press: (ui, press) => {
    const incident = incidentOf(ui, press.situation);
    if (incident === null || press.item === null) return stay(ui);
    const role = roleOfItem(incident, press.item);
    if (role === null) return hint(ui, 'mark a role first', press.situation);
    return pressOnRole(ui, { ...press, item: press.item, incident, role });
  },
  empty: (moment) =>
    rolesLines(moment).length > 0 ? null : moment.filter === '' ? 'nobody is here' : 'nothing here is like that',
};

interface RolePress extends ScreenPress {
  readonly item: string;
  readonly incident: Incident;
  readonly role: Role;
}

const pressOnRole = (ui: Ui, press: RolePress): Step => {
  const { id, item, incident, role, situation } = press;
  switch (id) {
    case 'open': {
      const duty = dutyOfItem(item);
      if (item.startsWith('held/')) return stay(ui);
      if (duty === null) return stay(withFold(ui, press));
      const done = own(incident.duties[role], duty) === undefined;
      return sentAndBack(ui, { type: 'set-duty', incident: incident.id, role, duty, done }, situation);
    }
    case 'take':
      return sentAndBack(withUnfolded(ui, press), { type: 'claim-role', incident: incident.id, role }, situation);
    case 'release':
      return sentAndBack(ui, { type: 'release-role', incident: incident.id, role }, situation);
    case 'give':
      return give(ui, press);
    default:
      return stay(ui);
  }
};

const give = (ui: Ui, { incident, role, situation }: RolePress): Step => {
  const { me } = situation.view;
  const holder = incident.roles[role]?.person ?? null;
  const title = roleTitle(situation.view, role);
  if (role === 'commander') return stay(say(ui, 'refused', 'command is taken, not given: t takes it', situation));
  if (holder !== null && incident.roles.commander?.person !== me)
    return stay(say(ui, 'refused', `${holder} is ${title}: only the commander gives it to somebody else`, situation));
  return stay(opened(ui, { name: 'entry', purpose: { kind: 'give-role', incident: incident.id, role }, text: '' }));
};

const withFold = (ui: Ui, press: RolePress): Ui => {
  const before = unfoldedRoles({ view: press.situation.view, incident: press.incident, subject: press.on.subject });
  const isUnfolded = before.includes(press.role);
  const roles = isUnfolded ? before.filter((one) => one !== press.role) : [...before, press.role];
  return { ...ui, dialog: { ...press.on, subject: roles.join(',') } };
};

/** What one takes is unfolded, as one's own roles are from the start. */
const withUnfolded = (ui: Ui, { on, role }: RolePress): Ui =>
  on.subject === null ? ui : { ...ui, dialog: { ...on, subject: [...on.subject.split(','), role].join(',') } };
