// Owns the health of the agent as a screen: it only scrolls.
import { stay } from '../../ui.ts';
import type { Screen } from '../screen.ts';
import { agentRows } from './rows.ts';
import { agentModel } from './view-model.ts';

export const agentScreen: Screen = {
  title: ({ view }) => (view.room.configurationRefused === null ? 'AGENT' : 'AGENT, CONFIGURATION REFUSED'),
  items: () => [],
  pane: ({ view, now, cursor }, size) => agentRows(agentModel(view, now), cursor, size),
  enter: null,
  press: (ui) => stay(ui),
  empty: () => null,
};
