import { describe, expect, it } from 'vitest';
import { load, problemsOf } from './load.ts';

const people = `
contacts: { ana: { webhook: "http://127.0.0.1/ana" }, ben: { webhook: "http://127.0.0.1/ben" } }
sinks: { channel: { webhook: "http://127.0.0.1/channel" } }
`;

const problems = (watchdog: string, env: Readonly<Record<string, string>> = {}) =>
  problemsOf({ 'notifications.yaml': people, 'watchdog.yaml': watchdog }, env);

describe('watchdog.yaml', () => {
  it('names nobody and calls nobody unless told', async () => {
    const { watchdog, heartbeat } = await load({});
    expect(watchdog).toEqual({ silentAfterMs: 30_000, repeatEveryMs: 300_000, contacts: [], sinks: [] });
    expect(heartbeat).toBeNull();
  });

  it('says when, whom in which order, and where the agent says that it is well', async () => {
    const { watchdog, heartbeat } = await load(
      {
        'notifications.yaml': people,
        'watchdog.yaml': `
silentAfter: 1min
repeatEvery: 10min
contacts: [ben, ana, cto]
sinks: [channel]
heartbeat: { url: "https://hc.example/\${CHECK}", every: 1min }
`,
      },
      { CHECK: 'c0ffee' },
    );
    expect(watchdog).toEqual({
      silentAfterMs: 60_000,
      repeatEveryMs: 600_000,
      contacts: ['ben', 'ana', 'cto'],
      sinks: ['channel'],
    });
    expect(heartbeat).toEqual({ url: 'https://hc.example/c0ffee', everyMs: 60_000 });
  });

  it.each<[written: string, problem: string]>([
    [
      'contacts: [anna]\n',
      'watchdog.yaml:1:12 contacts[0]: "anna" is no contact of this configuration, did you mean "ana"?',
    ],
    ['contacts: [ana, ana]\n', 'watchdog.yaml:1:17 contacts[1]: is given twice, expected each name once'],
    [
      'sinks: [chanel]\n',
      'watchdog.yaml:1:9 sinks[0]: "chanel" is no sink of this configuration, did you mean "channel"?',
    ],
    ['silentAfter: 1s\n', 'watchdog.yaml:1:14 silentAfter: is "1s", expected a duration such as 30s, from 5s to 1h'],
    ['contacts: ana\n', 'watchdog.yaml:1:11 contacts: is "ana", expected a list of contacts'],
    [
      `heartbeat: { url: "\${NOWHERE}" }\n`,
      'watchdog.yaml:1:19 heartbeat.url: the environment variable NOWHERE is not set',
    ],
    [
      'heartbeat: { url: somewhere }\n',
      'watchdog.yaml:1:19 heartbeat.url: is no address, expected one beginning with http:// or https://, without a name and password',
    ],
  ])('with %j is refused with its place and the fix', async (written, problem) => {
    expect(await problems(written)).toEqual([problem]);
  });
});
