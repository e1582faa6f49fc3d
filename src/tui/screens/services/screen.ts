// Owns the list of services as a screen: Enter draws the chart of the marked one, m silences it.
import { onScreen } from '../../dialog.ts';
import { opened, stay } from '../../ui.ts';
import { markedIn } from '../list-pane.ts';
import type { Screen } from '../screen.ts';
import { servicesRows } from './rows.ts';
import { serviceFoot, serviceRowOf, servicesListed, troublesIn } from './view-model.ts';

export const servicesScreen: Screen = {
  title: (moment) => {
    const counts = troublesIn(moment);
    const words = [
      { count: counts['above its limit'], said: 'above the limit' },
      { count: counts['check fails'], said: 'with a failing check' },
      { count: counts.unknown, said: 'unknown' },
    ].flatMap(({ count, said }) => (count === 0 ? [] : [`${count} ${said}`]));
    return `SERVICES ${[String(counts.all), ...words].join(', ')}`;
  },
  items: servicesListed,
  pane: (moment, size) => {
    const services = servicesListed(moment);
    const marked = services[markedIn(moment.cursor, services.length)];
    return servicesRows(
      {
        count: services.length,
        cursor: moment.cursor,
        at: (index) => {
          const service = services[index];
          return service === undefined ? null : serviceRowOf(moment, service);
        },
        foot: marked === undefined ? null : serviceFoot(moment, marked),
      },
      size,
    );
  },
  enter: 'chart',
  press: (ui, { id, item }) => {
    if (item === null) return stay(ui);
    if (id === 'open') return stay(opened(ui, onScreen('signals', { subject: item })));
    if (id !== 'silence') return stay(ui);
    return stay(opened(ui, { name: 'entry', purpose: { kind: 'silence', service: item }, text: '' }));
  },
  empty: (moment) => {
    if (moment.filter !== '') return servicesListed(moment).length > 0 ? null : 'no service is like that';
    if (troublesIn(moment).all > 0) return null;
    return moment.view.agent === null
      ? 'nothing is known yet: not connected'
      : 'no service is configured: services.yaml says what is watched';
  },
};
