// Owns the list of sources as a screen: where the numbers and alerts come from, and when they last did.
import { stay } from '../../ui.ts';
import { markedIn } from '../list-pane.ts';
import type { Screen } from '../screen.ts';
import { noSourceRows, sourcesRows } from './rows.ts';
import { failingCount, sourceFoot, sourceRow, sourcesListed, wrongClocks } from './view-model.ts';

export const sourcesScreen: Screen = {
  title: ({ view }) => {
    const count = view.health?.sources.length ?? 0;
    const failing = failingCount(view);
    if (count === 0) return 'SOURCES';
    const wrong = wrongClocks(view);
    const words = `${failing > 0 ? `${failing} FAILING` : 'none fails'}${wrong > 0 ? `, ${wrong} with a WRONG CLOCK` : ''}`;
    return `SOURCES ${count}, ${view.connection.name === 'live' ? words : `${words} when last heard`}`;
  },
  items: ({ view, filter }) => sourcesListed(view, filter).map(({ source }) => source),
  pane: ({ view, now, cursor, filter }, size) => {
    const sources = sourcesListed(view, filter);
    if (sources.length === 0) return noSourceRows(size);
    const marked = sources[markedIn(cursor, sources.length)];
    return sourcesRows(
      {
        count: sources.length,
        cursor,
        at: (index) => {
          const source = sources[index];
          return source === undefined ? null : sourceRow(source, { now, isHeard: view.connection.name === 'live' });
        },
        foot: marked === undefined ? null : sourceFoot(marked, now),
      },
      size,
    );
  },
  enter: null,
  press: (ui) => stay(ui),
  empty: ({ view, filter }) => {
    if (view.health === null) return 'nothing is known of the sources yet: not connected';
    return filter !== '' && sourcesListed(view, filter).length === 0 ? 'no source is like that' : null;
  },
};
