// Owns the summary as a screen: the incident in twenty lines, for who comes late.
import { incidentLines } from '../../incident-lines.ts';
import { stay } from '../../ui.ts';
import type { Screen } from '../screen.ts';
import { moment } from '../time-words.ts';
import { summaryRows } from './rows.ts';

export const summaryScreen: Screen = {
  title: ({ incident, now }) =>
    incident === null ? 'WHAT HAPPENED' : `WHAT HAPPENED since ${moment(incident.declaredAt, now)} UTC`,
  items: () => [],
  pane: ({ view, incident, now, cursor }, size) => {
    const lines = incident === null ? [] : incidentLines(view, incident, { now, withElapsed: true });
    // The headline stands above already.
    return summaryRows(
      lines.slice(1).map((text) => text.trim()),
      cursor,
      size,
    );
  },
  enter: null,
  press: (ui) => stay(ui),
  empty: ({ incident }) => (incident === null ? 'there is no incident: nothing happened' : null),
};
