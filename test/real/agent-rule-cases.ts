// Owns the cases of the example alert rules: series under which each must fire, with what it then says, and under which it must not.

/** Values in promtool's notation, a sample every 15 s, by series. */
type Series = Readonly<Record<string, string>>;

export interface RuleCase {
  readonly alert: string;
  readonly fires: readonly {
    readonly series: Series;
    readonly at: string;
    readonly says: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly summary: string;
      readonly description: string;
    }[];
  }[];
  readonly silent: readonly { readonly series: Series; readonly at: string }[];
}

const AT = 'job="warroom",instance="ops:7373"';
const at = { job: 'warroom', instance: 'ops:7373' };
const gauge = (name: string, labels = ''): string => `${name}{${AT}${labels === '' ? '' : `,${labels}`}}`;

const sourceFails = {
  labels: { ...at, source: 'prometheus' },
  summary: 'Source prometheus fails',
  description:
    'What it measures is unknown, so nothing is declared or called recovered by it. The room says why, on the screen of sources.',
};
const failing = gauge('warroom_source_failing', 'source="prometheus"');
const age = gauge('warroom_poll_age_seconds', 'source="prometheus"');

const clock = gauge('warroom_source_clock_skew_seconds', 'source="prometheus"');

const failedPages = gauge('warroom_pages_total', 'channel="slack",kind="page",outcome="failed"');
const commanderless = (severity: string): string =>
  gauge('warroom_incidents_without_commander', `severity="${severity}"`);
const incidents = (severity: string, phase: string): string =>
  gauge('warroom_incidents', `severity="${severity}",phase="${phase}"`);
const clients = gauge('warroom_clients');
const appends = (le: string): string => gauge('warroom_append_duration_seconds_bucket', `le="${le}"`);
const configuration = gauge('warroom_configuration_refused');

export const ruleCases: readonly RuleCase[] = [
  {
    alert: 'WarroomAgentDown',
    fires: [
      {
        // Stale after the third sample, as Prometheus marks a target that is gone.
        series: { [gauge('warroom_build_info', 'version="1"')]: '1 1 1 stale' },
        at: '2m',
        says: [
          {
            labels: {},
            summary: 'No warroom agent answers',
            description:
              'Nobody watches the services, and no escalation pages anyone. Start the agent; it goes on where its log ends.',
          },
        ],
      },
    ],
    silent: [
      { series: { [gauge('warroom_build_info', 'version="1"')]: '1x20' }, at: '5m' },
      { series: { [gauge('warroom_build_info', 'version="1"')]: '1 1 1 stale' }, at: '1m30s' },
      { series: { [gauge('warroom_build_info', 'version="1"')]: '1 1 1 stale _ 1x10' }, at: '2m' },
    ],
  },
  {
    alert: 'WarroomLogNotWritable',
    fires: [
      {
        series: { [gauge('warroom_log_writable')]: '1 1 0' },
        at: '30s',
        says: [
          {
            labels: at,
            summary: 'The agent at ops:7373 is read-only',
            description: 'Its log takes no writes, so no command is accepted. Free the disk of its state directory.',
          },
        ],
      },
    ],
    silent: [{ series: { [gauge('warroom_log_writable')]: '1 0 1x10' }, at: '1m' }],
  },
  {
    alert: 'WarroomSourceFailing',
    fires: [
      { series: { [failing]: '0 1x10', [age]: '1 15 30 45 60 75 90' }, at: '75s', says: [sourceFails] },
      {
        // One that posts by itself, and has no polls.
        series: { [gauge('warroom_source_failing', 'source="grafana"')]: '0 1' },
        at: '15s',
        says: [{ ...sourceFails, labels: { ...at, source: 'grafana' }, summary: 'Source grafana fails' }],
      },
    ],
    silent: [
      { series: { [failing]: '0 1x10', [age]: '1 15 30 45 60 75 90' }, at: '1m' },
      // Polled every five minutes, and well.
      { series: { [failing]: '0x20', [age]: '0+15x20' }, at: '4m' },
      // Every other poll fails.
      { series: { [failing]: '0 1 0 1 0 1 0 1 0 1', [age]: '1 16 1 16 1 16 1 16 1 16' }, at: '2m15s' },
    ],
  },
  {
    alert: 'WarroomSourceClockWrong',
    fires: [
      {
        series: { [clock]: '-45x20' },
        at: '3m',
        says: [
          {
            labels: { ...at, source: 'prometheus' },
            summary: 'The clock of prometheus is off by 45s',
            description:
              'Readings from there look too old or too new to the agent. Let both hosts follow the same time server.',
          },
        ],
      },
    ],
    silent: [
      { series: { [clock]: '29x20' }, at: '4m' },
      { series: { [clock]: '0 0 45 45 0x20' }, at: '4m' },
    ],
  },
  {
    alert: 'WarroomPageFailed',
    fires: [
      {
        series: { [failedPages]: '0x4 1x40' },
        at: '3m',
        says: [
          {
            labels: { ...at, channel: 'slack', kind: 'page', outcome: 'failed' },
            summary: 'A page through slack could not be delivered',
            description:
              'The agent has given up on it. Reach the contact another way, and try the channel with warroom notify-test.',
          },
        ],
      },
    ],
    silent: [
      { series: { [failedPages]: '0x4 1x60' }, at: '15m' },
      {
        series: { [gauge('warroom_pages_total', 'channel="slack",kind="page",outcome="retried"')]: '0 1 2 3x20' },
        at: '3m',
      },
      // A restart: counting begins again.
      { series: { [failedPages]: '3x44 0x10' }, at: '12m30s' },
    ],
  },
  {
    alert: 'WarroomIncidentWithoutCommander',
    fires: [
      {
        series: { [commanderless('SEV2')]: '0 2x30' },
        at: '5m15s',
        says: [
          {
            labels: { ...at, severity: 'error' },
            summary: '2 open SEV2 without a commander',
            description: 'Take command in the room, or with warroom role INCIDENT commander.',
          },
        ],
      },
    ],
    silent: [
      { series: { [commanderless('SEV2')]: '0 2x30' }, at: '5m' },
      { series: { [commanderless('SEV1')]: '1x10 0 1x20' }, at: '7m' },
      { series: { [commanderless('SEV3')]: '1x40' }, at: '9m' },
    ],
  },
  {
    alert: 'WarroomNobodyInTheRoom',
    fires: [
      {
        series: { [incidents('SEV1', 'triage')]: '0 1x20', [incidents('SEV1', 'resolved')]: '0x20', [clients]: '0x20' },
        at: '2m15s',
        says: [
          {
            labels: at,
            summary: 'SEV1 is on, and no room is connected to ops:7373',
            description: 'The ladder pages, and nobody looks. Open the room with warroom.',
          },
        ],
      },
    ],
    silent: [
      { series: { [incidents('SEV1', 'triage')]: '0 1x20', [clients]: '0x20' }, at: '2m' },
      { series: { [incidents('SEV1', 'triage')]: '1x20', [clients]: '1x20' }, at: '4m' },
      { series: { [incidents('SEV1', 'resolved')]: '1x20', [clients]: '0x20' }, at: '4m' },
      { series: { [incidents('SEV2', 'triage')]: '1x20', [clients]: '0x20' }, at: '4m' },
    ],
  },
  {
    alert: 'WarroomAppendSlow',
    fires: [
      {
        // Two appends a second, of which one in twenty takes between half a second and one.
        series: {
          [appends('0.25')]: '0+28.5x60',
          [appends('0.5')]: '0+28.5x60',
          [appends('1')]: '0+30x60',
          [appends('+Inf')]: '0+30x60',
        },
        at: '11m',
        says: [
          {
            labels: at,
            summary: 'Commands at ops:7373 wait 900ms for the disk',
            description:
              'One append in a hundred takes longer than that. The disk of the state directory is slow or shared.',
          },
        ],
      },
    ],
    silent: [
      { series: { [appends('0.25')]: '0+30x60', [appends('+Inf')]: '0+30x60' }, at: '11m' },
      // Nothing is appended at all.
      { series: { [appends('0.25')]: '5x60', [appends('+Inf')]: '9x60' }, at: '11m' },
    ],
  },
  {
    alert: 'WarroomConfigurationRefused',
    fires: [
      {
        series: { [configuration]: '0 1x30' },
        at: '5m15s',
        says: [
          {
            labels: at,
            summary: 'The agent at ops:7373 runs on an old configuration',
            description: 'The changed one was refused. See what is wrong with warroom check-config.',
          },
        ],
      },
    ],
    silent: [
      { series: { [configuration]: '0 1x30' }, at: '5m' },
      { series: { [configuration]: '0 1x10 0x20' }, at: '6m' },
    ],
  },
];
