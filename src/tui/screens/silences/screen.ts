// Owns silences as a screen: what is muted and until when; m sets one, x lifts the marked one after a question.
import { own } from '../../../incident/own.ts';
import { silenceState } from '../../../incident/silences.ts';
import { toTimestamp } from '../../../incident/time.ts';
import { DEAD_TIME_MS } from '../../dialog.ts';
import { opened, type Step, say, stay, type Ui } from '../../ui.ts';
import { markedIn } from '../list-pane.ts';
import type { Screen, ScreenPress } from '../screen.ts';
import { silencesRows } from './rows.ts';
import { silenceFoot, silenceRowOf, silencesListed, silencesTitle } from './view-model.ts';

export const silencesScreen: Screen = {
  title: ({ view, now }) => silencesTitle(view.room, now),
  items: (moment) => silencesListed(moment.view.room, moment).map(({ id }) => id),
  pane: (moment, size) => {
    const { now, cursor } = moment;
    const silences = silencesListed(moment.view.room, moment);
    const marked = silences[markedIn(cursor, silences.length)];
    const at = (index: number) => {
      const silence = silences[index];
      return silence === undefined ? null : silenceRowOf(silence, now);
    };
    const foot = (most: number) => (marked === undefined ? null : silenceFoot(marked, { now, most }));
    return silencesRows({ count: silences.length, cursor, at, foot }, size);
  },
  enter: null,
  press: (ui, press) => {
    if (press.id === 'silence')
      return stay(opened(ui, { name: 'entry', purpose: { kind: 'silence', service: null }, text: '' }));
    return press.id === 'lift' ? lift(ui, press) : stay(ui);
  },
  empty: ({ view, now, filter }) => {
    if (silencesListed(view.room, { now, filter }).length > 0) return null;
    if (filter !== '') return 'no silence is like that';
    return 'nothing is silenced: m mutes a service; or warroom silence checkout --for 30m';
  },
};

const lift = (ui: Ui, { item, situation }: ScreenPress): Step => {
  const silence = own(situation.view.room.silences, item ?? '');
  if (silence === undefined) return stay(ui);
  if (silenceState(silence, toTimestamp(situation.now)) === 'ended')
    return stay(say(ui, 'refused', `${silence.id} has ended already`, situation));
  const readyAtMs = situation.localMs + DEAD_TIME_MS;
  const question = { kind: 'lift-silence', silence: silence.id } as const;
  return stay(opened(ui, { name: 'ask', question, readyAtMs, refusal: null }));
};
