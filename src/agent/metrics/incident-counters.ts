// Owns the counters of beginnings and endings of incidents, and the histograms of how long they took.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { IncidentEvent } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { SEVERITIES } from '../../incident/words.ts';
import { durationsAtClose, STRETCHES, type Stretch } from './closed-incident.ts';

const CAUSES = ['person', 'rule', 'alert'] as const;
const ENDS = ['real', 'false_alarm'] as const;
// 30 s to one day.
const STRETCH_BUCKETS = [30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];

const STRETCH_HELP: Readonly<Record<Stretch, string>> = {
  acknowledge: 'from its detection to the first acknowledgement of a person',
  contain: 'from its declaration to the first containment applied',
  resolve: 'from its declaration to its last resolve',
};

/** Counts one event of an incident that is as it is after the commit `seq`. */
export const incidentCounters = (
  registry: Registry,
): ((event: IncidentEvent, incident: Incident, seq: number) => void) => {
  const counters = registerCounters(registry);
  const took = {
    acknowledge: stretchHistogram(registry, 'acknowledge'),
    contain: stretchHistogram(registry, 'contain'),
    resolve: stretchHistogram(registry, 'resolve'),
  } satisfies Record<Stretch, unknown>;

  const observeDurations = (incident: Incident, closeSeq: number): void => {
    const durations = durationsAtClose(incident, closeSeq);
    for (const stretch of STRETCHES) {
      const ms = durations[stretch];
      if (ms === null) continue;
      if (ms < 0) counters.invalid.inc({ time: stretch });
      else took[stretch].observe({ severity: incident.severity }, ms / 1_000);
    }
  };

  return (event, incident, seq) => {
    const { severity } = incident;
    switch (event.type) {
      case 'incident.declared':
        counters.declared.inc({ severity: event.severity, cause: event.cause });
        break;
      case 'incident.resolved':
        counters.resolved.inc({ severity });
        break;
      case 'incident.reopened':
        counters.reopened.inc({ severity });
        break;
      case 'incident.closed':
        counters.closed.inc({ severity, outcome: event.falseAlarm ? 'false_alarm' : 'real' });
        observeDurations(incident, seq);
        break;
      default:
    }
  };
};

const registerCounters = (registry: Registry) => {
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const counters = {
    declared: counter(
      'warroom_incidents_declared_total',
      'Incidents declared, by their first severity and by what declared them.',
      ['severity', 'cause'],
    ),
    resolved: counter('warroom_incidents_resolved_total', 'Resolves of incidents, by severity.', ['severity']),
    reopened: counter('warroom_incidents_reopened_total', 'Reopenings of the same incident, by severity.', [
      'severity',
    ]),
    closed: counter(
      'warroom_incidents_closed_total',
      'Closes of incidents, by severity and by whether the incident was real or a false alarm.',
      ['severity', 'outcome'],
    ),
    invalid: counter(
      'warroom_incident_times_invalid_total',
      'Times of incidents that were not recorded because their end lies before their start.',
      ['time'],
    ),
  };
  // A series that begins at 1 hides its first increase from Prometheus.
  for (const severity of SEVERITIES) {
    for (const cause of CAUSES) counters.declared.inc({ severity, cause }, 0);
    for (const outcome of ENDS) counters.closed.inc({ severity, outcome }, 0);
    counters.resolved.inc({ severity }, 0);
    counters.reopened.inc({ severity }, 0);
  }
  for (const time of STRETCHES) counters.invalid.inc({ time }, 0);
  return counters;
};

const stretchHistogram = (registry: Registry, stretch: Stretch): Histogram<'severity'> => {
  const histogram = new Histogram({
    name: `warroom_incident_time_to_${stretch}_seconds`,
    help: `Of an incident, ${STRETCH_HELP[stretch]}; by its last severity, recorded when it closes, false alarms excluded.`,
    labelNames: ['severity'] as const,
    buckets: STRETCH_BUCKETS,
    registers: [registry],
  });
  for (const severity of SEVERITIES) histogram.zero({ severity });
  return histogram;
};
