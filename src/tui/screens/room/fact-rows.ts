// Owns the rows under the checks that are there only when there is something to say: alerts, silences, links.
import type { AlertCount } from '../../../incident/state.ts';
import { plural } from '../../format.ts';
import { type Row, segment } from '../../row.ts';
import { cut, cutRow, widthOf } from '../../width.ts';
import type { LinkLine } from './link-model.ts';
import type { SilenceLine, Silences } from './silence-model.ts';

export interface Facts {
  /** Null where no alert joined. */
  readonly alerts: AlertCount | null;
  readonly silences: Silences;
  readonly links: readonly LinkLine[];
}

const LABEL_WIDTH = 11;
const NAMED_SHARE = 0.4;

const label = (word: string): string => ` ${word}`.padEnd(LABEL_WIDTH);

export interface FactRoom {
  readonly width: number;
  /** At most as many rows for silences, and for links. */
  readonly silences: number;
  readonly links: number;
}

export const factRows = ({ alerts, silences, links }: Facts, room: FactRoom): readonly Row[] => [
  ...(alerts === null ? [] : [alertsRow(alerts, room.width)]),
  ...silenceRows(silences, room.width, room.silences),
  ...links.slice(0, room.links).map((link) => linkRow(link, room.width)),
];

const alertsRow = ({ known, firing, told }: AlertCount, width: number): Row =>
  cutRow(
    [
      segment(label('alerts'), 'dim'),
      segment(`${known} different, `),
      segment(`${firing} firing`, firing > 0 ? 'bold' : 'plain'),
      segment(`, told ${plural(told, 'time')}`),
    ],
    width,
  );

/** At most `maxRows`; the last one counts those without a row. */
const silenceRows = ({ count, first }: Silences, width: number, maxRows: number): readonly Row[] => {
  const shown = first.slice(0, maxRows);
  const more = count - shown.length;
  return shown.map((silence, index) =>
    silenceRow(silence, { width, more: index === shown.length - 1 && more > 0 ? `, +${more} more: m` : '' }),
  );
};

/** The reason gives way before who set it and what it holds. */
export const silenceRow = (
  { services, until, reason, by, held }: SilenceLine,
  { width, more }: { readonly width: number; readonly more: string },
): Row => {
  const named = cut(services, Math.max(8, Math.floor((width - LABEL_WIDTH) * NAMED_SHARE)));
  const tail = `, by ${cut(by, 16)}`;
  const holds = held === '' ? '' : `, ${held}`;
  const left = width - LABEL_WIDTH - widthOf(`${named} ${until}${tail}${holds}${more}`) - 3;
  const because = reason === '' || left < 4 ? '' : `, ${cut(reason, left)}`;
  return cutRow(
    [
      segment(label('silenced'), 'dim'),
      segment(named, 'warn'),
      segment(` ${until}`),
      segment(`${because}${tail}`, 'dim'),
      segment(holds, 'warn'),
      segment(more, 'dim'),
    ],
    width,
  );
};

const linkRow = ({ kind, of, url }: LinkLine, width: number): Row => {
  const named = cut(of, Math.max(8, Math.floor(width / 4)));
  return cutRow([segment(label(kind), 'dim'), segment(`${named}  `), segment(url, 'key')], width - 1);
};
