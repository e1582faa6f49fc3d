// Owns the one line of `warroom status --format tmux`: the worst of it in at most 60 cells, with tmux's own styles.
import type { RoomView } from '../client/room-client.ts';
import { own } from '../incident/own.ts';
import { shortIncidentId } from '../incident/references.ts';
import type { Incident } from '../incident/state.ts';
import { safeText } from '../incident/text.ts';
import { toEpochMs } from '../incident/time.ts';
import type { Severity } from '../incident/words.ts';
import { clock, percent } from '../tui/format.ts';
import { readOnlyWords } from '../tui/read-only.ts';
import { armedActions, openIncidents, unclosedIncidents } from '../tui/select.ts';
import { cut } from '../tui/width.ts';

const WIDEST = 60;

const severityStyles: Readonly<Record<Severity, string>> = {
  SEV1: 'fg=red,bold',
  SEV2: 'fg=yellow,bold',
  SEV3: 'fg=yellow',
  SEV4: 'fg=blue',
};

/** What stands there when nothing can be known. */
export const UNREACHABLE = '#[fg=red]warroom ?#[default]';

/** The line for a status bar; `now` is the agent's clock, epoch milliseconds. */
export const tmuxLine = (view: RoomView, now: number): string => {
  const [worst, ...others] = openIncidents(view.room);
  if (worst !== undefined)
    return styled(severityStyles[worst.severity], incidentWords(worst, now), ending(view, others));
  const readOnly = readOnlyWords(view.agent);
  if (readOnly !== null) return styled('fg=red', `warroom ${readOnly}`, '');
  const doubt = doubtAbout(view);
  return doubt === null ? 'warroom ok' : styled('fg=yellow', `warroom ${doubt}`, '');
};

const incidentWords = (incident: Incident, now: number): string => {
  const { severity, id, services, declaredAt, roles } = incident;
  const [service = '', ...more] = services;
  const where = more.length === 0 ? service : `${service}+${more.length}`;
  const words = [severity, shortIncidentId(id), cut(safeText(where), 20), hoursAndMinutes(now - toEpochMs(declaredAt))];
  const armed = armedActions(incident)[0];
  return [
    ...words,
    roles.commander === null ? 'NO COMMANDER' : `IC ${cut(safeText(roles.commander.person), 12)}`,
    ...(armed === undefined ? [] : [`ARMED ${armed.id}`]),
  ].join(' ');
};

const hoursAndMinutes = (ms: number): string => clock(ms).slice(0, -3);

/** What must not be cut off: that there are more, and that the agent keeps nothing. */
const ending = ({ agent }: RoomView, others: readonly Incident[]): string =>
  [
    others.length === 0 ? '' : ` +${others.length}`,
    readOnlyWords(agent) === null ? '' : ` ${readOnlyWords(agent)}`,
  ].join('');

/** Why "ok" would be more than is known; null where all was measured, now, and found so. */
const doubtAbout = ({ policy, room, signals }: RoomView): string | null => {
  const services = [...new Set([...Object.keys(policy.services), ...Object.keys(signals)])];
  if (services.length === 0) return 'watches nothing';
  const failing = services.flatMap((service) => failingWords(service, { policy, signals }));
  if (failing.length > 0) return `${failing[0]}${failing.length > 1 ? ` +${failing.length - 1}` : ''}`;
  const unknown = services.filter((service) => isUnknown(service, signals)).length;
  if (unknown > 0) return `${unknown} of ${services.length} unknown`;
  const resolved = unclosedIncidents(room).length;
  return resolved > 0 ? `${resolved} not closed` : null;
};

const failingWords = (
  service: string,
  { policy, signals }: Pick<RoomView, 'policy' | 'signals'>,
): readonly string[] => {
  const name = cut(safeText(service), 20);
  const { reading, checks = [] } = own(signals, service) ?? {};
  const limit = own(policy.services, service)?.errorRatioLimit ?? null;
  if (reading?.errorRatio.known && limit !== null && reading.errorRatio.value >= limit)
    return [`${name} ${percent(reading.errorRatio.value)}`];
  const down = checks.find((check) => check.state === 'down');
  return down === undefined ? [] : [`${name} ${cut(safeText(down.name), 12)} down`];
};

const isUnknown = (service: string, signals: RoomView['signals']): boolean => {
  const { reading, checks = [] } = own(signals, service) ?? {};
  if (reading === undefined || checks.some((check) => check.state === 'unknown')) return true;
  const { errorRatio } = reading;
  if (errorRatio.known || errorRatio.why === 'idle') return false;
  // A service may be judged by its checks alone.
  return errorRatio.why !== 'not-configured' || checks.length === 0;
};

/** tmux reads `#` as its own: in outside text it is doubled, after cutting, so that no half of one is left. */
const styled = (style: string, words: string, end: string): string => {
  const text = `${cut(words, WIDEST - end.length)}${end}`;
  return `#[${style}]${text.replaceAll('#', '##')}#[default]`;
};
