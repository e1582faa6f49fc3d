// Owns the list of screens.
import type { ScreenName } from '../dialog.ts';
import { agentScreen } from './agent/screen.ts';
import { incidentsScreen } from './incidents/screen.ts';
import { ledgerScreen } from './ledger/screen.ts';
import { rolesScreen } from './roles/screen.ts';
import type { Screen } from './screen.ts';
import { servicesScreen } from './services/screen.ts';
import { signalsScreen } from './signals/screen.ts';
import { silencesScreen } from './silences/screen.ts';
import { sourcesScreen } from './sources/screen.ts';
import { summaryScreen } from './summary/screen.ts';
import { timelineScreen } from './timeline/screen.ts';

export const screens: Readonly<Record<ScreenName, Screen>> = {
  incidents: incidentsScreen,
  services: servicesScreen,
  signals: signalsScreen,
  ledger: ledgerScreen,
  timeline: timelineScreen,
  roles: rolesScreen,
  silences: silencesScreen,
  summary: summaryScreen,
  sources: sourcesScreen,
  agent: agentScreen,
};
