// Owns the chart of one service as a screen: it is opened from the list of services and only scrolls.
import { stay } from '../../ui.ts';
import type { Screen } from '../screen.ts';
import { signalsRows } from './rows.ts';
import { isKnownService, signalsModel, subjectOf } from './view-model.ts';

export const signalsScreen: Screen = {
  title: (moment) => `SIGNALS of ${subjectOf(moment) ?? 'nothing'}`,
  items: () => [],
  pane: (moment, size) => {
    const service = subjectOf(moment);
    if (service === null) return { rows: [], maxScroll: 0, page: 1 };
    return signalsRows(signalsModel(moment.view, service, moment.now), moment.cursor, size);
  },
  enter: null,
  press: (ui) => stay(ui),
  empty: (moment) => {
    const service = subjectOf(moment);
    if (service === null) return 'no service is configured: services.yaml says what is watched';
    return isKnownService(moment.view, service) ? null : `${service} is no longer watched`;
  },
};
