// Owns the keys of the room: what each does, what follows from it, and when it is not possible.
import { isOpen } from '../incident/state.ts';
import { boundIn } from './binding.ts';
import { asking, canContain, onIncident, severalIncidents, whileOpen } from './key-reasons.ts';
import { leavingWords } from './leaving.ts';
import { actionToView, undoable } from './select.ts';

export const roomBindings = boundIn('room', [
  {
    id: 'acknowledge',
    keys: ['a'],
    label: 'ack',
    title: 'acknowledge',
    consequence: 'you have it: the escalation pauses for a while, visibly',
    disabledReason: whileOpen(),
  },
  {
    id: 'contain',
    keys: ['c'],
    label: 'contain',
    title: 'contain',
    consequence: 'choose a containment; its card shows what it would do, nothing happens yet',
    disabledReason: whileOpen(canContain),
  },
  {
    id: 'undo',
    keys: ['u'],
    label: 'undo',
    title: 'undo a containment',
    consequence: 'plans taking the newest back; the card asks before anything happens',
    disabledReason: asking(
      onIncident((incident) =>
        incident.phase === 'closed'
          ? `${incident.id} is closed`
          : undoable(incident).length === 0
            ? 'nothing is in place'
            : null,
      ),
    ),
  },
  {
    id: 'view',
    keys: ['v'],
    label: 'view',
    title: 'view the action',
    consequence: 'the card of what is armed, else of the last action',
    disabledReason: onIncident((incident) => (actionToView(incident) === null ? 'there was no action yet' : null)),
  },
  {
    id: 'roles',
    keys: ['r'],
    label: 'role',
    title: 'roles',
    consequence: 'take or give up command, or another role',
    disabledReason: whileOpen(),
  },
  {
    id: 'note',
    keys: ['n'],
    label: 'note',
    title: 'note',
    consequence: 'a line for the timeline',
    disabledReason: asking(onIncident(() => null)),
  },
  {
    id: 'severity',
    keys: ['s'],
    label: 'sev',
    title: 'severity',
    consequence: 'raise at once; lower with a reason, by the commander',
    disabledReason: whileOpen(),
  },
  {
    id: 'phase',
    keys: ['p'],
    label: 'phase',
    title: 'phase',
    consequence: 'says where the work stands',
    disabledReason: whileOpen(),
  },
  {
    id: 'resolve',
    keys: ['R'],
    label: 'Resolve',
    title: 'resolve',
    consequence: 'asks first; calls off pending pages, names what is still in place',
    dangerous: true,
    disabledReason: whileOpen(),
  },
  {
    id: 'close',
    keys: ['C'],
    label: 'Close',
    title: 'close',
    consequence: 'asks first; refused while a containment is in place',
    dangerous: true,
    disabledReason: asking(
      onIncident((incident) =>
        incident.phase === 'resolved'
          ? null
          : incident.phase === 'closed'
            ? `${incident.id} is closed`
            : 'resolve it first: R',
      ),
    ),
  },
  {
    id: 'false-alarm',
    keys: ['F'],
    title: 'false alarm',
    consequence: 'asks first; closes it, out of the statistics',
    dangerous: true,
    disabledReason: asking(onIncident((incident) => (incident.phase === 'closed' ? `${incident.id} is closed` : null))),
  },
  {
    id: 'reopen',
    keys: ['O'],
    label: 'reOpen',
    title: 'reopen',
    consequence: 'it goes on as triage; the escalation starts again',
    disabledReason: asking(onIncident((incident) => (isOpen(incident) ? `${incident.id} is open` : null))),
  },
  {
    id: 'declare',
    keys: ['d'],
    label: 'declare',
    title: 'declare an incident',
    consequence: 'service, title, severity; the escalation starts',
    disabledReason: asking(({ view }) =>
      Object.keys(view.policy.services).length === 0 ? 'no service is configured' : null,
    ),
  },
  {
    id: 'title',
    keys: ['e'],
    title: 'edit the title',
    consequence: 'the old one stays in the timeline',
    disabledReason: asking(onIncident(() => null)),
  },
  {
    id: 'incidents',
    keys: ['i'],
    label: 'incidents',
    title: 'list of incidents',
    consequence: 'open, resolved and closed ones, searchable with /',
    disabledReason: ({ view: { room } }) =>
      Object.keys(room.incidents).length + room.archived === 0 ? 'there was no incident yet' : null,
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'all',
    title: 'all commands',
    consequence: 'type a part of what you want: every command and screen, and why one is not possible',
  },
  {
    id: 'timeline',
    keys: ['t'],
    title: 'timeline',
    consequence: 'the whole of it, with a filter',
    disabledReason: onIncident(() => null),
  },
  {
    id: 'filter',
    keys: ['/'],
    title: 'search the timeline',
    consequence: 'the same, with the filter open',
    disabledReason: onIncident(() => null),
  },
  {
    id: 'summary',
    keys: ['w'],
    title: 'what happened',
    consequence: 'the incident in twenty lines: for who comes late',
    disabledReason: onIncident(() => null),
  },
  {
    id: 'roles-screen',
    keys: ['D'],
    title: 'roles and duties',
    consequence: 'who holds what, since when, what is done, who is here',
    disabledReason: onIncident(() => null),
  },
  {
    id: 'ledger',
    keys: ['l'],
    title: 'ledger',
    consequence: 'every containment of every incident, and what it did',
  },
  {
    id: 'services',
    keys: ['g'],
    title: 'services and signals',
    consequence: 'every service; Enter draws its chart',
  },
  {
    id: 'silences',
    keys: ['m'],
    title: 'silences',
    consequence: 'what is muted and until when; mute a service for a deploy',
  },
  {
    id: 'sources',
    keys: ['o'],
    title: 'sources',
    consequence: 'where the numbers and alerts come from, and when they last did',
  },
  {
    id: 'agent',
    keys: ['H'],
    title: 'health of the agent',
    consequence: 'its log, its memory, its configuration, who is connected',
  },
  {
    id: 'previous',
    keys: ['['],
    title: 'previous incident',
    consequence: 'the room shows it',
    disabledReason: severalIncidents,
  },
  {
    id: 'next',
    keys: [']'],
    title: 'next incident',
    consequence: 'the room shows it',
    disabledReason: severalIncidents,
  },
  {
    id: 'scroll',
    keys: ['j', 'k', 'Up', 'Down', 'PgUp', 'PgDn', 'Home', 'End'],
    title: 'scroll the timeline',
    consequence: 'Home is the newest',
  },
  {
    id: 'help',
    keys: ['?'],
    label: 'help',
    title: 'help',
    consequence: 'every key, and why one is not possible now',
  },
  {
    id: 'repaint',
    keys: ['Ctrl-L'],
    title: 'paint the screen anew',
    consequence: 'after something else wrote on it',
  },
  {
    id: 'quit',
    keys: ['q'],
    label: 'quit',
    title: 'quit',
    consequence: leavingWords['agent-goes-on'].consequence,
  },
  {
    id: 'leave',
    keys: ['Ctrl-C'],
    title: 'stop what is open',
    consequence: 'cancels an open dialog or your armed card; else asks before leaving',
  },
]);
