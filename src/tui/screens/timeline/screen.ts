// Owns the timeline as a screen: all of it, newest first, with a filter.
import { ALERTS_TOLD } from '../../../incident/evolve.ts';
import { plural } from '../../format.ts';
import { stay } from '../../ui.ts';
import type { Screen } from '../screen.ts';
import { timelineScreenRows } from './rows.ts';
import { toldEntries } from './view-model.ts';

export const timelineScreen: Screen = {
  title: ({ incident }) =>
    incident === null
      ? 'TIMELINE UTC'
      : `TIMELINE UTC, newest first, ${plural(incident.timeline.length, 'fact')}${storm(incident.alertCount)}`,
  items: () => [],
  pane: ({ incident, cursor, filter }, size) => {
    if (incident === null) return { rows: [], maxScroll: 0, page: 1 };
    const told = toldEntries(incident, filter);
    return timelineScreenRows({ told, incident, top: cursor }, size);
  },
  enter: null,
  press: (ui) => stay(ui),
  empty: ({ incident, filter }) => {
    if (incident === null) return 'there is no incident, so there is no timeline';
    return filter === '' || toldEntries(incident, filter).length > 0 ? null : 'nothing in it is like that';
  },
};

const storm = ({ known }: { readonly known: number }): string =>
  known > ALERTS_TOLD ? `; of ${known} alerts the first ${ALERTS_TOLD}` : '';
