// Owns the list of incidents as a screen: open ones by urgency, then resolved, then every closed one there was.
import { plural } from '../../format.ts';
import { incidentsByUrgency, openIncidents } from '../../select.ts';
import { closed, stay } from '../../ui.ts';
import { markedIn } from '../list-pane.ts';
import type { Screen } from '../screen.ts';
import { incidentsRows } from './rows.ts';
import { idsOf, incidentFoot, incidentLine, listed } from './view-model.ts';

export const incidentsScreen: Screen = {
  title: ({ view, filter }) => {
    const all = incidentsByUrgency(view.room).length;
    const found = filter === '' ? '' : `, ${listed(view, filter).length} like that`;
    return `INCIDENTS ${plural(openIncidents(view.room).length, 'open one', 'open ones')} of ${all}${found}`;
  },
  items: ({ view, filter }) => idsOf(listed(view, filter)),
  pane: ({ view, now, cursor, filter }, size) => {
    const incidents = listed(view, filter);
    const marked = incidents[markedIn(cursor, incidents.length)];
    const at = (index: number) => {
      const incident = incidents[index];
      return incident === undefined ? null : incidentLine(incident, now);
    };
    const foot = marked === undefined ? null : incidentFoot(marked, now);
    return incidentsRows({ count: incidents.length, cursor, at, foot }, size);
  },
  enter: 'open',
  press: (ui, { id, item }) =>
    id === 'open' && item !== null ? stay({ ...closed(ui), incident: item, scroll: 0 }) : stay(ui),
  empty: ({ view, filter }) => {
    if (listed(view, filter).length > 0) return null;
    return filter === '' ? 'there was no incident yet' : 'no incident is like that';
  },
};
