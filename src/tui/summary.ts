// Owns the few lines left on the main screen when somebody leaves the room: where things stand and how to come back.
import type { RoomView } from '../client/room-client.ts';
import type { Incident } from '../incident/state.ts';
import { percent, timeOfDay } from './format.ts';
import { type Leaving, leavingWords } from './leaving.ts';
import { neutralise } from './paint.ts';
import { actionTitle, ledgerNewestFirst, openIncidents, unclosedIncidents } from './select.ts';
import { isTold, sentence, tellerOf } from './sentences.ts';
import { cut } from './width.ts';

const LAST_LINES = 2;
const WIDEST = 200;

export interface SummaryOptions {
  readonly columns: number;
  readonly leaving: Leaving;
}

/** At most six lines of plain text, cut to `columns`. */
export const summaryLines = (
  view: RoomView,
  incident: Incident | null,
  { columns, leaving }: SummaryOptions,
): readonly string[] =>
  [...(incident === null ? quiet(view) : about(view, incident)), leavingWords[leaving].summary].map((text) =>
    cut(neutralise(text), Math.min(columns, WIDEST)),
  );

const quiet = (view: RoomView): readonly string[] => {
  const unclosed = unclosedIncidents(view.room).length;
  return [unclosed === 0 ? 'warroom: no incident' : `warroom: ${unclosed} not closed`];
};

const about = (view: RoomView, incident: Incident): readonly string[] => {
  const commander = incident.roles.commander?.person ?? 'nobody';
  const inPlace = ledgerNewestFirst(incident).map((action) => `${action.id} ${actionTitle(action)}`);
  const others = openIncidents(view.room).filter((other) => other.id !== incident.id).length;
  return [
    `${incident.id}  ${incident.severity}  ${incident.phase}  ${incident.title}`,
    `commander: ${commander}   in place: ${inPlace.length === 0 ? 'nothing' : inPlace.join(', ')}${others === 0 ? '' : `   other open incidents: ${others}`}`,
    ...lastLines(incident),
    `errors now: ${incident.services.map((service) => `${service} ${errorsOf(view, service)}`).join(', ')}`,
  ];
};

const errorsOf = (view: RoomView, service: string): string => {
  const ratio = view.signals[service]?.reading.errorRatio;
  return ratio?.known ? percent(ratio.value) : 'unknown';
};

const lastLines = (incident: Incident): readonly string[] =>
  incident.timeline
    .filter((entry) => isTold(entry.event))
    .slice(-LAST_LINES)
    .map(
      (entry) => `${timeOfDay(entry.at)}  ${tellerOf(entry.event, entry.actor)}  ${sentence(entry.event, incident)}`,
    );
