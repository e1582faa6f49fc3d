import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/agent/config/load-config.ts';
import { load, problemsOf, SHIPPED } from './load.ts';

const rules = (text: string): string =>
  `classes:\n  SEV1: { respond: immediate, rules: [ ${text} ] }\n  SEV2: { respond: 15m }\n  SEV3: { respond: 1h }\n  SEV4: { respond: business hours }\n`;
const matrix = (sev1: string): string => `escalation:\n  sev1: ${sev1}\n  sev2: {}\n  sev3: {}\n  sev4: {}\n`;
const http = (given: string): string =>
  `actions:\n  x: { driver: http, read: { url: "http://a/" }, apply: { url: "http://a/" }, undo: { url: "http://a/" }, set: 1, ${given} }\n`;

describe('a problem names file, line, column, field, what is there and what was expected', () => {
  it.each<[file: string, text: string, problem: string]>([
    [
      'services.yaml',
      'services:\n  a: { cor: true }\n',
      'services.yaml:2:8 services.a.cor: is an unknown field, did you mean "core"?',
    ],
    [
      'services.yaml',
      'services:\n  a:\n    core: "yes"\n',
      'services.yaml:3:11 services.a.core: is "yes", expected true or false',
    ],
    ['services.yaml', 'servces: {}\n', 'services.yaml:1:1 servces: is an unknown field, did you mean "services"?'],
    [
      'services.yaml',
      'services:\n  a: { dependsOn: b }\n',
      'services.yaml:2:19 services.a.dependsOn: is "b", expected a list of services',
    ],
    [
      'services.yaml',
      'services:\n  a: { dependsOn: [paymets] }\n  payments:\n',
      'services.yaml:2:20 services.a.dependsOn[0]: "paymets" is no service of this configuration, did you mean "payments"?',
    ],
    [
      'services.yaml',
      'services:\n  a: { dependsOn: [a] }\n',
      'services.yaml:2:20 services.a.dependsOn[0]: names the service itself, expected another service',
    ],
    [
      'services.yaml',
      'services:\n  a: { actions: [reboot] }\n',
      'services.yaml:2:18 services.a.actions[0]: "reboot" is no action of this configuration, expected none: no action is configured',
    ],
    [
      'services.yaml',
      'services:\n  a: { escalation: platform }\n',
      'services.yaml:2:20 services.a.escalation: "platform" is no ladder of this configuration, expected one of default',
    ],
    [
      'services.yaml',
      'services:\n  a:\n  b:\n  a:\n',
      'services.yaml:4:3 services.a: is given twice, expected each name once',
    ],
    [
      'services.yaml',
      'services:\n  a b: {}\n',
      'services.yaml:2:3 services.a b: cannot be its name, expected the name of a service: letters, digits, ".", "_" and "-", at most 63',
    ],
    [
      'services.yaml',
      'services:\n  a: { errors: "rate(x[5m])", requests: x }\n',
      'services.yaml:2:16 services.a.errors: is "rate(x[5m])", expected a metric such as http_requests_total{status=~"5.."} without functions or [5m], or null for none',
    ],
    [
      'services.yaml',
      'services:\n  a: { requests: x_total }\n',
      'services.yaml:2:18 services.a.requests: stands alone, expected `errors:` beside it (its default is http_requests_total{status=~"5.."})',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x } ] }\n',
      'services.yaml:2:18 services.a.checks[0]: has no address, expected either http or tcp',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, tcp: "h:1", http: "http://a/" } ] }\n',
      'services.yaml:2:18 services.a.checks[0]: has two addresses, expected either http or tcp',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, tcp: "h:1" }, { name: x, tcp: "h:2" } ] }\n',
      'services.yaml:2:51 services.a.checks[1].name: is given twice, expected each name once',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, tcp: "h:70000" } ] }\n',
      'services.yaml:2:34 services.a.checks[0].tcp: is "h:70000", expected a host and a port such as db.internal:5432',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, tcp: "h:1", every: 5 } ] }\n',
      'services.yaml:2:48 services.a.checks[0].every: is 5, expected a duration such as 2s, from 100ms to 60s',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, tcp: "h:1", rise: 0 } ] }\n',
      'services.yaml:2:47 services.a.checks[0].rise: is 0, expected a whole number from 1 to 100',
    ],
    [
      'services.yaml',
      'services:\n  a: { checks: [ { name: x, http: "http://a/", expectStatus: [300, 200] } ] }\n',
      'services.yaml:2:62 services.a.checks[0].expectStatus: runs backwards, expected the lower status first',
    ],
    [
      'services.yaml',
      'services:\n  a: { scrape: [] }\n',
      'services.yaml:2:16 services.a.scrape: is a list, expected at least one address',
    ],
    [
      'services.yaml',
      'services:\n  a: { scrape: ["ftp://a/"] }\n',
      'services.yaml:2:17 services.a.scrape[0]: cannot be used, expected an http:// or https:// address without a name and password (secrets belong in headers)',
    ],
    [
      'services.yaml',
      `defaults:\n  prometheus: { url: "\${PROM}" }\n`,
      'services.yaml:2:22 defaults.prometheus.url: cannot be used, expected an http:// or https:// address without a name and password (secrets belong in headers)',
    ],
    [
      'services.yaml',
      'defaults:\n  prometheus: { serviceLabel: "a-b" }\n',
      'services.yaml:2:31 defaults.prometheus.serviceLabel: is "a-b", expected the name of a metric label: letters, digits and "_", not beginning with a digit',
    ],
    [
      'services.yaml',
      'defaults:\n  scrape: { window: 1s, every: 1s }\n',
      'services.yaml:2:21 defaults.scrape.window: is too short for two scrapes, expected at least twice `every`',
    ],
    [
      'services.yaml',
      'defaults:\n  environment: { name: prod }\n',
      'services.yaml:2:3 defaults.environment.production: is missing, expected true or false',
    ],
    [
      'services.yaml',
      'defaults:\n  prometheus: { headers: { "X Y": z } }\n',
      'services.yaml:2:28 defaults.prometheus.headers.X Y: cannot be its name, expected the name of an HTTP header',
    ],
    [
      'severity.yaml',
      rules('{ id: a, when: errorRatio >> 1 }'),
      'severity.yaml:2:55 classes.SEV1.rules[0].when: is "errorRatio >> 1", at column 13 of the rule expected a number, errorRatio, p95, requestsPerSecond, baseline(signal), max(…) or min(…)',
    ],
    [
      'severity.yaml',
      rules('{ id: a, when: errorRatio >= 50 }'),
      'severity.yaml:2:55 classes.SEV1.rules[0].when: is "errorRatio >= 50", at column 1 of the rule expected errorRatio against 0 to 1 (5 % is 0.05)',
    ],
    [
      'severity.yaml',
      rules('{ id: a, when: core, for: 10 }'),
      'severity.yaml:2:66 classes.SEV1.rules[0].for: is 10, expected a duration such as 10s, from 0s to 1d',
    ],
    [
      'severity.yaml',
      rules('{ id: a, when: core }, { id: a, when: core }'),
      'severity.yaml:2:69 classes.SEV1.rules[1].id: is given twice, first in SEV1; expected each id once',
    ],
    [
      'severity.yaml',
      rules('{ id: A, when: core }'),
      'severity.yaml:2:46 classes.SEV1.rules[0].id: is "A", expected a short name such as errors-half: small letters, digits and "-"',
    ],
    [
      'severity.yaml',
      rules('').replace('15m', 'soon'),
      'severity.yaml:3:20 classes.SEV2.respond: is "soon", expected immediate, business hours, or a duration such as 15m',
    ],
    [
      'severity.yaml',
      'classes: { SEV1: { respond: immediate } }\n',
      'severity.yaml:1:1 classes.SEV2: is missing, expected a map of definition, respond, rules',
    ],
    [
      'severity.yaml',
      'minimumRequestsPerSecond: -1\n',
      'severity.yaml:1:27 minimumRequestsPerSecond: is -1, expected a number of requests per second from 0 to 1000000',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [a], 30min: [b], 15min: [c] }'),
      'escalation.yaml:2:37 escalation.sev1.15min: comes after a later level, expected levels in the order of their times',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [a], 60min: [b], 1hour: [c] }'),
      'escalation.yaml:2:37 escalation.sev1.1hour: is the same time as the level before it, expected each time once',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [a], soon: [b] }'),
      'escalation.yaml:2:25 escalation.sev1.soon: is no level, expected initial or a time such as 15min or 2hours',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [] }'),
      'escalation.yaml:2:20 escalation.sev1.initial: is a list, expected at least one contact',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: cto }'),
      'escalation.yaml:2:20 escalation.sev1.initial: is "cto", expected a list of contacts',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [on-call-enginer] }'),
      'escalation.yaml:2:21 escalation.sev1.initial[0]: "on-call-enginer" is no contact, did you mean "on-call-engineer"?',
    ],
    [
      'escalation.yaml',
      matrix('{ initial: [cto], business_hours_only: true }'),
      'escalation.yaml:2:48 escalation.sev1.business_hours_only: is true, expected sev1 to page at any hour',
    ],
    [
      'escalation.yaml',
      'ladders: { default: { sev1: { initial: [cto] } } }\n',
      'escalation.yaml:1:12 ladders.default: is the name of the ladder under `escalation:`, expected another',
    ],
    [
      'escalation.yaml',
      'escalation: { sev1: {} }\n',
      'escalation.yaml:1:1 escalation.sev2: is missing, expected levels such as initial or 15min, each with a list of contacts',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: Mars/Base, days: [mon], from: 09:00, to: 17:00 }\n',
      'escalation.yaml:1:24 businessHours.zone: is "Mars/Base", expected a time zone such as Europe/Berlin or UTC',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: "+02:00", days: [mon], from: 09:00, to: 17:00 }\n',
      'escalation.yaml:1:24 businessHours.zone: is "+02:00", expected a time zone such as Europe/Berlin or UTC',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: UTC, days: [], from: 09:00, to: 17:00 }\n',
      'escalation.yaml:1:35 businessHours.days: is a list, expected at least one day',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: UTC, days: [mon], from: 17:00, to: 09:00 }\n',
      'escalation.yaml:1:59 businessHours.to: is "09:00", expected a time after from ("17:00") on the same day',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: UTC, days: [mon], from: 9:00, to: 17:00 }\n',
      'escalation.yaml:1:48 businessHours.from: is "9:00", expected a time of day such as 09:00, up to 24:00',
    ],
    [
      'escalation.yaml',
      'businessHours: { zone: UTC, days: [mon], from: 09:00, to: 17:00, holidays: [2026-02-30] }\n',
      'escalation.yaml:1:77 businessHours.holidays[0]: is "2026-02-30", expected a date such as 2026-12-25',
    ],
    [
      'escalation.yaml',
      'armFor: 30\n',
      'escalation.yaml:1:9 armFor: is 30, expected a duration such as 10min, from 1s to 7d',
    ],
    [
      'roles.yaml',
      'roles: { commander: { title: IC, responsibilities: [] } }\n',
      'roles.yaml:1:1 roles.tech: is missing, expected a map of title, responsibilities',
    ],
    [
      'actions.yaml',
      'actions:\n  cb: { driver: kubernetes/env, set: { A: b }, replicas: 1 }\n',
      'actions.yaml:2:17 actions.cb.driver: driver kubernetes/env is not in this version; drivers: http, exec',
    ],
    [
      'actions.yaml',
      http('confirm: enter'),
      'actions.yaml:2:124 actions.x.confirm: is "enter", expected one of none, key, typed, two-person',
    ],
    [
      'actions.yaml',
      http('pointer: spec'),
      'actions.yaml:2:124 actions.x.pointer: is "spec", expected a JSON pointer such as /spec/replicas',
    ],
    ['actions.yaml', http('').replace('set: 1, ', ''), 'actions.yaml:2:3 actions.x.set: is missing, expected a value'],
    [
      'actions.yaml',
      http('').replace('read: { url: "http://a/"', 'read: { url: "http://a/{nope}"'),
      'actions.yaml:2:35 actions.x.read.url: cannot be used, expected an http:// or https:// address without a name and password (secrets belong in headers), in which {service} and {param.NAME} may stand',
    ],
    [
      'notifications.yaml',
      'webhook: ftp://a\n',
      'notifications.yaml:1:10 webhook: is no address, expected one beginning with http:// or https://, without a name and password',
    ],
    [
      'notifications.yaml',
      `webhook: "\${NOT_SET}"\n`,
      'notifications.yaml:1:10 webhook: the environment variable NOT_SET is not set',
    ],
    [
      'notifications.yaml',
      'webhook: { url: "http://a/", headers: { A: { file: none.txt } } }\n',
      'notifications.yaml:1:44 webhook.headers.A: the file none.txt cannot be read: ENOENT',
    ],
    ['notifications.yaml', 'sink: {}\n', 'notifications.yaml:1:1 sink: is an unknown field, did you mean "sinks"?'],
    [
      'notifications.yaml',
      'contacts:\n  ana: { email: ana@example.org }\n',
      'notifications.yaml:2:17 contacts.ana.email: needs a mail server, expected `smtp: { host, from }` in this file',
    ],
    [
      'notifications.yaml',
      'contacts:\n  ana: { slack: U024 }\n',
      'notifications.yaml:2:17 contacts.ana.slack: needs an incoming webhook, expected `slackWebhook` beside it, or at the top for all contacts',
    ],
    [
      'notifications.yaml',
      'slackWebhook: https://a/\ncontacts:\n  ana: { slack: "@ana" }\n',
      'notifications.yaml:3:17 contacts.ana.slack: is "@ana", expected the id of a Slack member such as U024, or of a user group such as S024: a name with @ notifies nobody',
    ],
    [
      'notifications.yaml',
      'contacts:\n  ana: { email: [ana] }\n',
      'notifications.yaml:2:18 contacts.ana.email[0]: is "ana", expected an e-mail address such as ana@example.org',
    ],
    [
      'notifications.yaml',
      'contacts:\n  ana: { email: "ana@example.org, eve@example.org" }\n',
      'notifications.yaml:2:17 contacts.ana.email: is "ana@example.org, eve@example.org", expected an e-mail address such as ana@example.org',
    ],
    [
      'notifications.yaml',
      'webhook: https://a/\ncontacts:\n  ana: { channels: [webhook, slack] }\n',
      'notifications.yaml:3:30 contacts.ana.channels[1]: "slack" does not reach this contact, expected `slack:` in its entry',
    ],
    [
      'notifications.yaml',
      'webhook: https://a/\ncontacts:\n  ana: { channels: [webhook, webhook] }\n',
      'notifications.yaml:3:30 contacts.ana.channels[1]: is given twice, expected each name once',
    ],
    [
      'notifications.yaml',
      'contacts:\n  ana: { channels: [fax] }\n',
      'notifications.yaml:2:21 contacts.ana.channels[0]: is "fax", expected one of slack, email, webhook',
    ],
    [
      'notifications.yaml',
      'sinks:\n  all: {}\n',
      'notifications.yaml:2:8 sinks.all: has no address, expected one of slackWebhook, email, webhook',
    ],
    [
      'notifications.yaml',
      'sinks:\n  all: { slackWebhook: https://a/, webhook: https://b/ }\n',
      'notifications.yaml:2:8 sinks.all: has more than one address, expected one of slackWebhook, email, webhook',
    ],
    [
      'notifications.yaml',
      'sinks:\n  all: { email: a@example.org }\n',
      'notifications.yaml:2:17 sinks.all.email: needs a mail server, expected `smtp: { host, from }` in this file',
    ],
    [
      'notifications.yaml',
      'sinks:\n  all: { slackWebhook: "https://user:secret@a/" }\n',
      'notifications.yaml:2:24 sinks.all.slackWebhook: is no address, expected one beginning with http:// or https://, without a name and password',
    ],
    [
      'notifications.yaml',
      'slackWebhook: [https://a/]\n',
      `notifications.yaml:1:15 slackWebhook: is a list, expected text, \${NAME} from the environment, or {file: path}`,
    ],
    [
      'notifications.yaml',
      'slackWebhook: 123456\n',
      `notifications.yaml:1:15 slackWebhook: cannot be used, expected text, \${NAME} from the environment, or {file: path}`,
    ],
    [
      'notifications.yaml',
      'smtp: { host: mail.example.org, security: none, from: a@example.org }\n',
      'notifications.yaml:1:43 smtp.security: is none, expected tls or starttls: in clear only to a server on this host',
    ],
    [
      'notifications.yaml',
      'smtp: { host: mail.example.org, user: ana, from: a@example.org }\n',
      'notifications.yaml:1:39 smtp.user: stands alone, expected `password:` beside it',
    ],
    [
      'notifications.yaml',
      'smtp: { host: mail.example.org, password: { file: p }, from: a@example.org }\n',
      'notifications.yaml:1:43 smtp.password: stands alone, expected `user:` beside it',
    ],
    [
      'notifications.yaml',
      'smtp: { host: mail.example.org }\n',
      'notifications.yaml:1:1 smtp.from: is missing, expected an e-mail address such as warroom@example.org or War Room <warroom@example.org>',
    ],
    [
      'notifications.yaml',
      'smtp: { host: mail.example.org, from: "a@example.org, b@example.org" }\n',
      'notifications.yaml:1:39 smtp.from: is "a@example.org, b@example.org", expected an e-mail address such as warroom@example.org or War Room <warroom@example.org>',
    ],
    [
      'notifications.yaml',
      'smtp: { host: "smtps://mail.example.org", from: a@example.org }\n',
      'notifications.yaml:1:15 smtp.host: is "smtps://mail.example.org", expected the name or address of a mail server',
    ],
    [
      'notifications.yaml',
      'contacts:\n  ana: { phone: 15551234567 }\n',
      'notifications.yaml:2:17 contacts.ana.phone: is 15551234567, expected a phone number in quotes, up to 500 characters of text',
    ],
    ['severty.yaml', '', 'severty.yaml: is read by nothing, did you mean "severity.yaml"?'],
    [
      'extra.yml',
      '',
      'extra.yml: is read by nothing, expected services.yaml, severity.yaml, escalation.yaml, roles.yaml, actions.yaml, notifications.yaml, alerts.yaml, server.yaml, watchdog.yaml',
    ],
  ])('%s: %j', async (file, text, problem) => {
    expect(await problemsOf({ [file]: text })).toContain(problem);
  });
});

describe('all problems of all files', () => {
  it('are told at once, in the order of files and lines', async () => {
    const problems = await problemsOf({
      'services.yaml': 'services:\n  a: { cor: true, dependsOn: [c] }\n  b: { core: 1 }\n',
      'actions.yaml': `actions:\n  x: { driver: http, read: { url: "http://a/", headers: { A: "\${NOT_SET}" } } }\n`,
      'roles.yaml': 'roles: [\n',
    });
    expect(problems.map((line) => line.replace(/:? .*/, ''))).toEqual([
      'actions.yaml:2:3',
      'actions.yaml:2:3',
      'actions.yaml:2:3',
      'actions.yaml:2:62',
      'roles.yaml:2:1',
      'services.yaml:2:8',
      'services.yaml:2:31',
      'services.yaml:3:14',
    ]);
  });

  it('do not include what only follows from a file that cannot be read', async () => {
    const problems = await problemsOf({
      'services.yaml': 'services: { a: { actions: [x], escalation: y } }',
      'actions.yaml': 'a: [',
      'escalation.yaml': 'b: [',
    });
    expect(problems.map((line) => line.split(':')[0])).toEqual(['actions.yaml', 'escalation.yaml']);
  });

  it('come with a next step', async () => {
    await expect(load({ 'services.yaml': 'x: 1' })).rejects.toMatchObject({
      code: 'bad-config',
      nextStep: expect.stringContaining('check-config'),
    });
  });
});

describe('hostile YAML', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`)
    .join('\n')}\n`;

  it.each<[name: string, content: string | Uint8Array, problem: string]>([
    ['a tab as indent', 'services:\n\ta: {}\n', 'services.yaml:2:1: is indented with a tab, expected spaces'],
    [
      'two documents',
      'services: {}\n---\nservices: {}\n',
      'services.yaml:2:1: a second document begins here, expected one for each file',
    ],
    ['a list at the top', '- a\n', 'services.yaml: expected fields such as `name: value` at the top'],
    ['a text at the top', 'hello\n', 'services.yaml: expected fields such as `name: value` at the top'],
    ['a map as a name', '? { a: b }\n: c\n', 'services.yaml:1:3: this name is not text, expected it in quotes'],
    ['bytes that are no UTF-8', new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]), 'services.yaml: is not UTF-8 text'],
    ['more than 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, 'services.yaml: is too large, expected at most 1 MiB'],
    ['an alias bomb', bomb, 'services.yaml: repeats its anchors too often, expected at most 100 aliases'],
    [
      'an unknown alias',
      'services: *nowhere\n',
      'services.yaml:1:11 services: repeats an anchor that is nowhere before it, expected text that begins with "*" in quotes',
    ],
    [
      'endless brackets',
      `services: ${'['.repeat(5_000)}`,
      'services.yaml: nests too deeply, expected at most 64 levels',
    ],
    [
      'deep nesting',
      Array.from({ length: 80 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'services.yaml:66:66: nests too deeply, expected at most 64 levels',
    ],
    [
      '__proto__ as a name',
      'services:\n  __proto__: { core: true }\n',
      'services.yaml:2:3 services: "__proto__" cannot be used as a name',
    ],
    [
      'constructor as a name',
      'services:\n  constructor: {}\n',
      'services.yaml:2:3 services: "constructor" cannot be used as a name',
    ],
    [
      'an unknown tag',
      'services: !!js/function "x"\n',
      'services.yaml:1:11: has a tag that means nothing here, expected text that begins with "!" in quotes',
    ],
  ])('%s is refused with its place', async (_name, content, problem) => {
    expect(await problemsOf({ 'services.yaml': content })).toContain(problem);
  });

  it('with ten thousand names is still read soon', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `  s${index}:`).join('\n');
    const started = performance.now();
    const { policy } = await load({ 'services.yaml': `services:\n${names}\n` });
    expect(Object.keys(policy.services)).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('cannot send escape sequences to the terminal through a message', async () => {
    const [problem] = await problemsOf({ 'services.yaml': 'services: { a: { core: "\\e]0;title\\a\\e[31mred" } }' });
    expect(problem).toBe('services.yaml:1:24 services.a.core: is "red", expected true or false');
  });

  it('that is a pipe does not hold up the start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'config-'));
    try {
      execFileSync('mkfifo', [join(directory, 'services.yaml')]);
      await expect(loadConfig({ directory, defaultsDirectory: SHIPPED, env: {} })).rejects.toThrow(
        'services.yaml: cannot be read: not a regular file',
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

it('a directory that does not exist is a problem, not a reason to use the defaults', async () => {
  const directory = join(tmpdir(), 'no-such-configuration');
  await expect(loadConfig({ directory, defaultsDirectory: SHIPPED, env: {} })).rejects.toThrow(
    `${directory}: cannot be read: ENOENT`,
  );
});

describe('a secret', () => {
  it.each<[string, string]>([
    ['in an address that is none', `webhook: "\${HOOK}"\n`],
    ['in an address with a password', `webhook: "https://user:\${HOOK}@a.example/"\n`],
    ['in a header that cannot carry it', `webhook: { url: "https://a.example/", headers: { A: "\${BAD}" } }\n`],
    ['written in the wrong place', 'webhook: { url: [hunter2] }\n'],
    ['in a field nobody knows', 'webhook: { url: "https://a.example/", headrs: { A: hunter2 } }\n'],
    ['that YAML reads as an alias', 'smtp: { password: *hunter2 }\n'],
    ['that YAML reads as a tag', 'smtp: { password: !hunter2 }\n'],
    ['that YAML reads as a tag of its own', 'smtp: { password: !!hunter2 x }\n'],
    ['that YAML reads as the head of a block', 'smtp:\n  password: |hunter2\n'],
    ['behind what is no YAML', 'smtp:\n  password: a\n}hunter2: x\n'],
    ['that begins as a directive', '%hunter2\n---\nsmtp: {}\n'],
    ['in a kind that is no text', 'smtp: { password: [hunter2] }\n'],
    ['as the name of a variable with a sign too many', `smtp: { password: "\${BAD}hunter2" }\n`],
  ])('%s is in no message', async (_name, text) => {
    const problems = await problemsOf({ 'notifications.yaml': text }, { HOOK: 'hunter2', BAD: 'hunter2\nX: y' });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each<[file: string, text: string, place: string]>([
    ['notifications.yaml', 'smtp: { host: a, from: a@b, user: u, password: hunter2 }\n', '1:48 smtp.password'],
    ['notifications.yaml', 'slackWebhook: https://hooks.slack.com/services/T0/B0/hunter2\n', '1:15 slackWebhook'],
    [
      'notifications.yaml',
      'webhook: { url: "https://a.example/", headers: { X-Api-Key: hunter2 } }\n',
      '1:61 webhook.headers.X-Api-Key',
    ],
    [
      'services.yaml',
      'defaults: { prometheus: { headers: { Authorization: Bearer hunter2 } } }\n',
      '1:53 defaults.prometheus.headers.Authorization',
    ],
    [
      'actions.yaml',
      'actions: { x: { driver: exec, env: { MY_TOKEN: hunter2, REGION: eu } } }\n',
      '1:48 actions.x.env.MY_TOKEN',
    ],
  ])('written in %s itself is refused, and in no message', async (file, text, place) => {
    const problems = await problemsOf({ [file]: text });
    expect(problems.filter((problem) => problem.includes('stands in this file'))).toEqual([
      `${file}:${place}: stands in this file, where everybody reads it who reads the configuration, expected \${NAME} from the environment, or { file: path }`,
    ]);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('in the address of a Prometheus is refused, and in no message', async () => {
    const problems = await problemsOf({ 'services.yaml': 'defaults: { prometheus: { url: "http://u:hunter2@a/" } }' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('hunter2');
  });
});
