// Owns what stays in view above whatever lies over the room: how bad it is, and whether this is live.
import type { Dialog } from './dialog.ts';
import type { FrameMoment } from './frame.ts';
import type { Row, Size } from './row.ts';
import { bannerOf, connectionWords, headModel } from './screens/room/head-model.ts';
import { bannerRow, headRows, ruleRow } from './screens/room/head-rows.ts';
import { calmHeadRow } from './screens/room/rows.ts';
import { type Signals, signalsOf, signalsOfFewer } from './screens/room/shown-signals.ts';
import { signalRows, wantedSignalRows } from './screens/room/signal-rows.ts';
import { roomModel } from './screens/room/view-model.ts';
import { findAction } from './select.ts';
import { incidentOf } from './ui.ts';

/** How bad it is stays in view over every dialog, as far as the window has rows for it. */
export const above = ({ view, ui, now }: FrameMoment, { columns: width, rows: height }: Size): readonly Row[] => {
  const incident = incidentOf(ui, { view });
  const connection = connectionWords(view.connection, view, now);
  const whole = { columns: width, rows: height };
  if (incident === null) return aboveInCalm({ view, ui, now }, whole);
  const head = headRows(headModel(view, incident, now), connection, width);
  if (height < 14) return head.slice(0, 1);
  const signals = signalsOf(view, incident, now);
  const banner = ui.dialog?.name === 'card' ? null : bannerOf(view, incident, now);
  if (isDeclaring(ui.dialog)) return [...head, bannerRow(banner, width), ...allSignals(signals, whole)];
  const cardService = ui.dialog?.name === 'card' ? findAction(view.room, ui.dialog.action)?.service : undefined;
  const services =
    cardService === undefined
      ? signals.services.slice(0, Math.max(1, signals.ownServices))
      : signals.services.filter((service) => service === cardService);
  const fewer = signalsOfFewer(signals, view, services);
  const rows = signalRows(cardService === undefined ? fewer : { ...fewer, checks: [] }, width, 3);
  return [...head, bannerRow(banner, width), ...rows, ruleRow(width)];
};

/** Whoever declares looks for what fails: every service stays in view. */
const isDeclaring = (dialog: Dialog | null): boolean =>
  (dialog?.name === 'menu' && (dialog.menu.kind === 'declare-service' || dialog.menu.kind === 'declare-severity')) ||
  (dialog?.name === 'entry' && dialog.purpose.kind === 'declare-title');

const allSignals = (signals: Signals, { columns: width, rows: height }: Size): readonly Row[] => [
  ...signalRows(signals, width, Math.min(wantedSignalRows(signals), Math.floor(height * 0.3))),
  ruleRow(width),
];

const aboveInCalm = ({ view, now }: FrameMoment, size: Size): readonly Row[] => {
  const model = roomModel(view, { incident: null, now, scroll: 0 });
  if (model.kind !== 'calm') return [];
  const head = calmHeadRow(model, size.columns);
  return size.rows < 14 ? [head] : [head, ruleRow(size.columns), ...allSignals(model.signals, size)];
};

/** The same over a screen of its own: who and how bad, then the name of the screen. */
export const aboveScreen = (
  { view, ui, now }: FrameMoment,
  title: string,
  { columns: width, rows: height }: Size,
): readonly Row[] => {
  const incident = incidentOf(ui, { view });
  const connection = connectionWords(view.connection, view, now);
  const named = ruleRow(width, title);
  if (incident === null) {
    const model = roomModel(view, { incident: null, now, scroll: 0 });
    return model.kind === 'calm' ? [calmHeadRow(model, width), named] : [named];
  }
  const banner = bannerOf(view, incident, now);
  const head = headRows(headModel(view, incident, now), connection, width);
  return [...(height < 14 ? head.slice(0, 1) : head), ...(banner === null ? [] : [bannerRow(banner, width)]), named];
};
