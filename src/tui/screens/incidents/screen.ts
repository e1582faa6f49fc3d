// Owns the list of incidents as a screen: open ones by urgency, then resolved, then every closed one there was.
import { fetched } from '../../archive.ts';
import { plural } from '../../format.ts';
import { incidentsByUrgency, openIncidents } from '../../select.ts';
import { closed, stay } from '../../ui.ts';
import { markedIn } from '../list-pane.ts';
import type { Screen } from '../screen.ts';
import { incidentsRows } from './rows.ts';
import { archivedCount, archiveWords, entriesOf, entryFoot, entryLine, idsOf } from './view-model.ts';

export const incidentsScreen: Screen = {
  title: (moment) => {
    const { view, filter, archive } = moment;
    const all = incidentsByUrgency(view.room).length + archivedCount(moment);
    const found = filter === '' ? '' : `, ${entriesOf(moment).length} like that`;
    const open = plural(openIncidents(view.room).length, 'open one', 'open ones');
    return [`INCIDENTS ${open} of ${all}${found}`, archiveWords(archive)].filter((words) => words !== null).join(', ');
  },
  items: (moment) => idsOf(entriesOf(moment)),
  pane: (moment, size) => {
    const { now, cursor } = moment;
    const entries = entriesOf(moment);
    const marked = entries[markedIn(cursor, entries.length)];
    const at = (index: number) => {
      const entry = entries[index];
      return entry === undefined ? null : entryLine(entry, now);
    };
    const foot = marked === undefined ? null : entryFoot(marked, now);
    return incidentsRows({ count: entries.length, cursor, at, foot }, size);
  },
  enter: 'open',
  press: (ui, { id, item, situation }) => {
    if (id !== 'open' || item === null) return stay(ui);
    const isHere = Object.hasOwn(situation.view.room.incidents, item);
    return isHere ? stay({ ...closed(ui), incident: item, scroll: 0 }) : fetched(ui, item, situation);
  },
  empty: (moment) => {
    if (entriesOf(moment).length > 0) return null;
    if (moment.archive.asking !== null) return 'looking in the archive';
    return moment.filter === '' ? 'there was no incident yet' : 'no incident is like that';
  },
};
