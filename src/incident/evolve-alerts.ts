// Owns how alerts gather: joined, told again, cleared; the same in an incident and in a silence that holds them.
import { type Alerts, alertIn, alertKey, withAlert } from './alerts.ts';
import type { AlertFacts } from './events.ts';
import type { AlertCount, JoinedAlert } from './state.ts';
import type { Timestamp } from './time.ts';
import { isAbove, type Severity } from './words.ts';

/** Whatever keeps alerts. */
interface Keeps {
  readonly alerts: Alerts;
  readonly alertCount: AlertCount;
}

/** Beyond so many different ones, a further one is in the log and in the count of tellings. */
export const MOST_ALERTS_KEPT = 20_000;

export const noAlertCount: AlertCount = { known: 0, firing: 0, told: 0 };

export const withFiring = <Keeper extends Keeps>(
  keeper: Keeper,
  joined: { readonly alert: AlertFacts; readonly severity: Severity; readonly severityKnown: boolean },
  at: Timestamp,
): Keeper => {
  const key = alertKey(joined.alert);
  const before = alertIn(keeper.alerts, key);
  const { severity, severityKnown } = joined;
  if (before !== undefined) {
    const repeated = withRepeat(keeper, { key, severity });
    // Worse than before, or come again after it was over: what was told last counts.
    const isNews = before.clearedAt !== null || isAbove(severity, before.severity);
    const told = { ...before, ...joined.alert, severity, severityKnown, count: before.count + 1, clearedAt: null };
    return isNews ? { ...repeated, alerts: withAlert(repeated.alerts, key, told) } : repeated;
  }
  const { known, firing, told } = keeper.alertCount;
  if (known >= MOST_ALERTS_KEPT) return { ...keeper, alertCount: { known, firing, told: told + 1 } };
  const alert: JoinedAlert = {
    ...joined.alert,
    joinedAt: at,
    ordinal: known + 1,
    severity,
    severityKnown,
    count: 1,
    ends: 0,
    clearedAt: null,
  };
  return {
    ...keeper,
    alerts: withAlert(keeper.alerts, key, alert),
    alertCount: { known: known + 1, firing: firing + 1, told: told + 1 },
  };
};

/** The same alert again; it keeps the worst severity it was told with. */
export const withRepeat = <Keeper extends Keeps>(
  keeper: Keeper,
  { key, severity }: { readonly key: string; readonly severity: Severity },
): Keeper => {
  const before = alertIn(keeper.alerts, key);
  if (before === undefined) return keeper;
  const worst = isAbove(before.severity, severity) ? before.severity : severity;
  const { known, firing, told } = keeper.alertCount;
  return {
    ...keeper,
    alerts: withAlert(keeper.alerts, key, { ...before, severity: worst, count: before.count + 1, clearedAt: null }),
    alertCount: { known, firing: before.clearedAt === null ? firing : firing + 1, told: told + 1 },
  };
};

export const withCleared = <Keeper extends Keeps>(keeper: Keeper, key: string, at: Timestamp): Keeper => {
  const before = alertIn(keeper.alerts, key);
  if (before === undefined || before.clearedAt !== null) return keeper;
  const { known, firing, told } = keeper.alertCount;
  return {
    ...keeper,
    alerts: withAlert(keeper.alerts, key, { ...before, ends: before.ends + 1, clearedAt: at }),
    alertCount: { known, firing: firing - 1, told },
  };
};
