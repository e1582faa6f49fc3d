import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/agent/config/load-config.ts';
import { load, problemsOf, SHIPPED } from './load.ts';

const MINUTE = 60_000;

describe('the shipped configuration', () => {
  it('loads, and says what the document says', async () => {
    const { policy, roles, watches, actions } = await loadConfig({
      directory: SHIPPED,
      defaultsDirectory: SHIPPED,
      env: {},
    });
    expect(watches).toEqual([]);
    expect(actions).toEqual({});
    expect(Object.keys(policy.ladders)).toEqual(['default']);
    expect(policy.ladders.default).toEqual({
      SEV1: {
        levels: [
          { key: 'initial', afterMs: 0, contacts: ['on-call-engineer', 'incident-commander'] },
          { key: '15min', afterMs: 15 * MINUTE, contacts: ['engineering-manager'] },
          { key: '30min', afterMs: 30 * MINUTE, contacts: ['vp-engineering'] },
          { key: '60min', afterMs: 60 * MINUTE, contacts: ['cto'] },
        ],
        businessHoursOnly: false,
      },
      SEV2: {
        levels: [
          { key: 'initial', afterMs: 0, contacts: ['on-call-engineer'] },
          { key: '30min', afterMs: 30 * MINUTE, contacts: ['incident-commander'] },
          { key: '60min', afterMs: 60 * MINUTE, contacts: ['engineering-manager'] },
        ],
        businessHoursOnly: false,
      },
      SEV3: {
        levels: [
          { key: 'initial', afterMs: 0, contacts: ['on-call-engineer'] },
          { key: '2hours', afterMs: 120 * MINUTE, contacts: ['incident-commander'] },
        ],
        businessHoursOnly: false,
      },
      SEV4: { levels: [{ key: 'initial', afterMs: 0, contacts: ['on-call-engineer'] }], businessHoursOnly: true },
    });
    expect(policy.channels.cto).toEqual(['log']);
    expect(policy.severities.definitions.SEV1).toBe('Complete service outage or data loss');
    expect(policy.severities.respondWithinMs).toEqual({
      SEV1: 0,
      SEV2: 15 * MINUTE,
      SEV3: 60 * MINUTE,
      SEV4: 'business-hours',
    });
    expect(policy.acknowledgeForMs).toEqual({
      SEV1: 10 * MINUTE,
      SEV2: 30 * MINUTE,
      SEV3: 240 * MINUTE,
      SEV4: 480 * MINUTE,
    });
    expect([policy.armForMs, policy.reopenWithinMs, policy.recoveryAfterMs]).toEqual([30_000, 30 * MINUTE, MINUTE]);
    expect(roles.commander.title).toBe('Incident Commander');
    expect(roles['on-call'].responsibilities).toEqual([
      'First responder',
      'Initial investigation',
      'Escalation',
      'Runbook execution',
    ]);
  });

  it('stands in for every file that is missing or empty', async () => {
    const shipped = await loadConfig({ directory: SHIPPED, defaultsDirectory: SHIPPED, env: {} });
    const empty = {
      'severity.yaml': '',
      'escalation.yaml': '# nothing yet\n',
      'roles.yaml': '---\n',
      'services.yaml': 'null\n',
    };
    expect((await load(empty)).policy).toEqual(shipped.policy);
    expect((await load({})).policy).toEqual(shipped.policy);
  });

  it('stands in for every top-level field that a file leaves out', async () => {
    const { policy } = await load({
      'severity.yaml': 'minimumRequestsPerSecond: 5',
      'escalation.yaml': 'acknowledgeFor: { sev1: 5min }',
    });
    expect(policy.severities.minimumRequestsPerSecond).toBe(5);
    expect(policy.severities.rules).toHaveLength(7);
    expect(policy.acknowledgeForMs).toMatchObject({ SEV1: 5 * MINUTE, SEV2: 30 * MINUTE });
    expect(policy.ladders.default?.SEV1.levels).toHaveLength(4);
  });
});

describe('the commented examples of the shipped files', () => {
  it.each([
    ['services.yaml', 'defaults:'],
    ['actions.yaml', 'actions:'],
    ['notifications.yaml', 'webhook:'],
    ['escalation.yaml', 'ladders:'],
  ])('load once %s has them uncommented', async (name, first) => {
    const lines = (await readFile(join(SHIPPED, name), 'utf8')).split('\n');
    const begin = lines.findIndex((line) => line.startsWith(`# ${first}`));
    const example = lines.slice(begin).map((line) => line.replace(/^# ?/, ''));
    const end = example.findIndex((line) => /^\w+: \{\}$|^The hours/.test(line));
    const text = example.slice(0, end).join('\n').replace('{ file: /run/secrets/page-webhook }', `"\${HOOK}"`);
    const env = {
      CONTROL_TOKEN: 'c',
      PAGER_TOKEN: 'p',
      HOOK: 'https://pager.example/',
      SLACK_WEBHOOK: 'https://hooks.example/',
      SMTP_PASSWORD: 's',
    };
    await expect(load({ [name]: text }, env)).resolves.toBeDefined();
  });
});

describe('services', () => {
  it('of the documented example load, with every default filled in', async () => {
    const { policy, watches } = await load({
      'services.yaml': `
defaults:
  prometheus: { url: http://127.0.0.1:9090, window: 1m, pollEvery: 2s, serviceLabel: service }
  environment: { name: staging, production: false }
services:
  checkout:
    core: true
    dependsOn: [payments]
    runbook: https://wiki.example/checkout
    errors: 'http_requests_total{status=~"5.."}'     # counters; the ratio and the grouping by serviceLabel are ours
    requests: 'http_requests_total'
    latency: 'http_request_duration_seconds_bucket'
    checks:
      - { name: http, http: https://checkout.example/health, every: 5s, timeout: 2s, rise: 2, fall: 3 }
    escalation: platform                              # another ladder than the default
  payments:
`,
      'escalation.yaml': 'ladders: { platform: { sev1: { initial: [ana], 10min: [cto] } } }',
    });
    const prometheus = {
      url: 'http://127.0.0.1:9090',
      headers: {},
      windowMs: MINUTE,
      pollEveryMs: 2_000,
      timeoutMs: 5_000,
      staleAfterMs: MINUTE,
      serviceLabel: 'service',
      requests: 'http_requests_total',
      errors: 'http_requests_total{status=~"5.."}',
      latency: 'http_request_duration_seconds_bucket',
    };
    expect(watches).toEqual([
      {
        service: 'checkout',
        prometheus: { ...prometheus, labelValue: 'checkout' },
        scrape: null,
        checks: [
          {
            name: 'http',
            kind: 'http',
            url: 'https://checkout.example/health',
            everyMs: 5_000,
            timeoutMs: 2_000,
            rise: 2,
            fall: 3,
            expectStatus: [200, 299],
          },
        ],
      },
      { service: 'payments', prometheus: { ...prometheus, labelValue: 'payments' }, scrape: null, checks: [] },
    ]);
    expect(policy.services.checkout).toEqual({
      core: true,
      dependsOn: ['payments'],
      environment: { name: 'staging', production: false },
      ladder: 'platform',
      runbook: 'https://wiki.example/checkout',
      dashboards: [],
      actions: [],
    });
    expect(policy.ladders.platform?.SEV1.levels.map(({ key }) => key)).toEqual(['initial', '10min']);
    expect(policy.ladders.platform?.SEV2).toEqual(policy.ladders.default?.SEV2);
    expect(policy.channels.ana).toEqual(['log']);
  });

  it('are scraped where no Prometheus is given, with another metric and label', async () => {
    const { watches } = await load({
      'services.yaml': `
defaults:
  scrape: { every: 500ms, window: 20s, timeout: 1s, serviceLabel: app }
  requests: rpc_total
  errors: rpc_total{code!="OK"}
  checks: { every: 1s, fall: 1 }
services:
  search:
    scrape: [http://127.0.0.1:9001/metrics, "http://[::1]:9002/metrics"]
    latency: null
    prometheus: { labelValue: search-v2 }
    checks:
      - { name: port, tcp: "[::1]:5432", timeout: 500ms }
      - { name: redirects, http: http://127.0.0.1/, expectStatus: 302 }
`,
    });
    expect(watches).toEqual([
      {
        service: 'search',
        prometheus: null,
        scrape: {
          urls: ['http://127.0.0.1:9001/metrics', 'http://[::1]:9002/metrics'],
          requests: 'rpc_total',
          errors: 'rpc_total{code!="OK"}',
          latency: null,
          windowMs: 20_000,
          scrapeEveryMs: 500,
          timeoutMs: 1_000,
          only: { label: 'app', value: 'search-v2' },
        },
        checks: [
          { name: 'port', kind: 'tcp', host: '::1', port: 5432, everyMs: 1_000, timeoutMs: 500, rise: 2, fall: 1 },
          {
            name: 'redirects',
            kind: 'http',
            url: 'http://127.0.0.1/',
            expectStatus: [302, 302],
            everyMs: 1_000,
            timeoutMs: 2_000,
            rise: 2,
            fall: 1,
          },
        ],
      },
    ]);
  });

  it('with their own Prometheus settings override the defaults one by one, headers added', async () => {
    const { watches } = await load(
      {
        'services.yaml': `
defaults: { prometheus: { url: http://127.0.0.1:9090, window: 5m, headers: { X-Scope: shop } } }
services: { checkout: { prometheus: { url: http://127.0.0.1:9091, window: 10s, headers: { Authorization: "Bearer \${TOKEN}" } } } }
`,
      },
      { TOKEN: 's3cret' },
    );
    expect(watches[0]?.prometheus).toMatchObject({
      url: 'http://127.0.0.1:9091',
      windowMs: 10_000,
      staleAfterMs: 30_000,
      headers: { 'X-Scope': 'shop', Authorization: 'Bearer s3cret' },
    });
  });

  it('may depend on each other in a circle', async () => {
    expect(await problemsOf({ 'services.yaml': 'services: { a: { dependsOn: [b] }, b: { dependsOn: [a] } }' })).toEqual(
      [],
    );
  });
});

describe('severities', () => {
  it('of the documented example load, its rule with a comma unquoted as it stands there', async () => {
    const { policy } = await load({
      'severity.yaml': `
classes:
  SEV1: { respond: immediate, rules: [ { id: errors-half, when: errorRatio >= 0.5, for: 10s }, { id: core-out, when: allChecksDown and core, for: 10s },
          { id: breach, when: fact(data-exposed) } ] }
  SEV2: { respond: 15m, rules: [ { id: errors-tenth, when: errorRatio >= 0.1, for: 10s }, { id: five-times-slower, when: p95 >= 5 * baseline(p95), for: 10s } ] }
  SEV3: { respond: 1h, rules: [ { id: errors-above-baseline, when: errorRatio >= max(0.01, 3 * baseline(errorRatio)), for: 60s } ] }
  SEV4: { respond: business hours }
minimumRequestsPerSecond: 1
`,
    });
    const shipped = await loadConfig({ directory: SHIPPED, defaultsDirectory: SHIPPED, env: {} });
    expect(policy.severities).toEqual({
      ...shipped.policy.severities,
      rules: shipped.policy.severities.rules.filter(({ id }) => id !== 'service-out'),
    });
  });
});

describe('actions and contacts', () => {
  const action = `{ driver: http, read: { url: "https://c.example/{service}/x" }, apply: { url: "https://c.example/{service}/x?n={param.count}" },
    undo: { method: POST, url: "https://c.example/{service}/undo", body: { was: "{before}" } }, set: { enabled: true } }`;

  it('take their defaults, and a service without a list may use them all', async () => {
    const { policy, actions } = await load({
      'actions.yaml': `actions: { circuit-breaker: ${action}, maintenance: ${action.replace('driver: http,', 'driver: http, title: Page, confirm: two-person, expires: 1h, touches: [users], timeout: 1s, pointer: /spec,')} }`,
      'services.yaml': 'services: { checkout: {}, payments: { actions: [maintenance] }, search: { actions: [] } }',
    });
    expect(policy.actions).toEqual({
      'circuit-breaker': { title: 'circuit-breaker', confirm: 'key', expiresAfterMs: null },
      maintenance: { title: 'Page', confirm: 'two-person', expiresAfterMs: 60 * MINUTE },
    });
    expect(actions['circuit-breaker']).toEqual({
      driver: 'http',
      read: { method: 'GET', url: 'https://c.example/{service}/x', headers: {}, body: null },
      apply: { method: 'PUT', url: 'https://c.example/{service}/x?n={param.count}', headers: {}, body: '{after}' },
      undo: { method: 'POST', url: 'https://c.example/{service}/undo', headers: {}, body: { was: '{before}' } },
      pointer: '',
      set: { enabled: true },
      touches: [],
      timeoutMs: 5_000,
      secrets: [],
    });
    expect(actions.maintenance).toMatchObject({ touches: ['users'], timeoutMs: 1_000, pointer: '/spec' });
    expect(policy.services.checkout?.actions).toEqual(['circuit-breaker', 'maintenance']);
    expect(policy.services.payments?.actions).toEqual(['maintenance']);
    expect(policy.services.search?.actions).toEqual([]);
  });

  it('are reached by whatever there is, or by what they ask for in their order, and by the log always', async () => {
    const { contacts, policy, smtp } = await load(
      {
        'notifications.yaml': `
slackWebhook: "\${SLACK}"
smtp: { host: mail.example.org, user: "\${USER}", password: { file: password.txt }, from: War Room <warroom@example.org> }
contacts:
  ana: { webhook: { url: "\${HOOK}", headers: { X-Key: "\${KEY}" } }, slack: U024, phone: "+15551234567", email: ana@example.org }
  ben: { slackWebhook: https://hooks.example/ben, email: [ben@example.org, b@home.example], channels: [email, slack] }
  eve: { slack: S024, pagerduty: eve, channels: [] }
`,
        'escalation.yaml': `
contacts: { cto: { slack: "@cto", email: cto@example.org }, cfo: { email: "cfo at example.org" }, ceo: { phone: "1" } }
`,
        'password.txt': 'p4ssw0rd\n',
      },
      { HOOK: 'https://pager.example/ana', KEY: 'k', SLACK: 'https://hooks.example/all', USER: 'warroom' },
    );
    const all = 'https://hooks.example/all';
    expect(contacts).toMatchObject({
      ana: {
        byHand: { phone: '+15551234567' },
        webhook: { url: 'https://pager.example/ana', headers: { 'X-Key': 'k' } },
        slack: { webhookUrl: all, mention: 'U024' },
        email: { to: ['ana@example.org'] },
      },
      ben: {
        byHand: {},
        webhook: null,
        slack: { webhookUrl: 'https://hooks.example/ben', mention: null },
        email: { to: ['ben@example.org', 'b@home.example'] },
      },
      eve: { byHand: { pagerduty: 'eve' }, webhook: null, slack: { webhookUrl: all, mention: 'S024' }, email: null },
      cto: { byHand: {}, webhook: null, slack: { webhookUrl: all, mention: null }, email: { to: ['cto@example.org'] } },
      cfo: { byHand: { email: 'cfo at example.org' }, webhook: null, slack: null, email: null },
      ceo: { byHand: { phone: '1' }, webhook: null, slack: null, email: null },
    });
    expect(policy.channels).toMatchObject({
      ana: ['slack', 'email', 'webhook', 'log'],
      ben: ['email', 'slack', 'log'],
      eve: ['log'],
      cto: ['slack', 'email', 'log'],
      cfo: ['log'],
    });
    expect(smtp).toEqual({
      host: 'mail.example.org',
      port: 587,
      security: 'starttls',
      user: 'warroom',
      password: 'p4ssw0rd',
      from: 'War Room <warroom@example.org>',
      timeoutMs: 10_000,
    });
  });

  it('of escalation.yaml are left to a person where nothing carries their ways', async () => {
    const { contacts, policy } = await load({});
    expect(contacts.cto).toEqual({
      byHand: { slack: '@cto', phone: '+1-xxx-xxx-xxxx' },
      webhook: null,
      slack: null,
      email: null,
    });
    expect(policy.channels.cto).toEqual(['log']);
  });

  it('are all reached by a common webhook, also those named only on a ladder', async () => {
    const { policy } = await load({
      'notifications.yaml': 'webhook: https://pager.example/all',
      'escalation.yaml': 'escalation: { sev1: { initial: [somebody] }, sev2: {}, sev3: {}, sev4: {} }',
    });
    expect(policy.channels).toMatchObject({ somebody: ['webhook', 'log'], cto: ['webhook', 'log'] });
  });

  it('read a secret from a file beside the configuration, without its last line break', async () => {
    const { contacts } = await load({
      'notifications.yaml': 'webhook: { file: hook.txt }',
      'hook.txt': 'https://pager.example/from-file\n',
    });
    expect(contacts.cto?.webhook?.url).toBe('https://pager.example/from-file');
  });
});

describe('sinks and the mail server', () => {
  it('have one way each', async () => {
    const { sinks, policy } = await load(
      {
        'notifications.yaml': `
smtp: { host: "::1", port: 2525, security: none, from: a@example.org, timeout: 3s }
sinks:
  channel: { slackWebhook: "\${SLACK}" }
  people: { email: [a@example.org, b@example.org] }
  tool: { webhook: { url: https://tool.example/, headers: { A: b } } }
`,
      },
      { SLACK: 'https://hooks.example/all' },
    );
    const none = { slack: null, email: null, webhook: null };
    expect(sinks).toEqual({
      channel: { ...none, channel: 'slack', slack: { webhookUrl: 'https://hooks.example/all', mention: null } },
      people: { ...none, channel: 'email', email: { to: ['a@example.org', 'b@example.org'] } },
      tool: { ...none, channel: 'webhook', webhook: { url: 'https://tool.example/', headers: { A: 'b' } } },
    });
    expect(policy.sinks).toEqual({
      channel: { channel: 'slack' },
      people: { channel: 'email' },
      tool: { channel: 'webhook' },
    });
  });

  it.each([
    ['', { port: 587, security: 'starttls', timeoutMs: 10_000, user: null, password: null }],
    ['port: 25', { port: 25, security: 'starttls' }],
    ['port: 465', { port: 465, security: 'tls' }],
    ['security: tls', { port: 465, security: 'tls' }],
    ['security: none', { port: 25, security: 'none' }],
    ['timeout: 60s', { timeoutMs: 60_000 }],
  ])('fill in what is left out: %s', async (given, expected) => {
    const { smtp } = await load({
      'notifications.yaml': `smtp: { host: localhost, from: warroom@example.org, ${given} }`,
    });
    expect(smtp).toMatchObject(expected);
  });

  it('are none without a word of them', async () => {
    const { sinks, smtp, policy } = await load({});
    expect([sinks, smtp, policy.sinks]).toEqual([{}, null, {}]);
  });
});

it('business hours take days by name and hours in a zone', async () => {
  const { policy } = await load({
    'escalation.yaml':
      'businessHours: { zone: Europe/Berlin, days: [mon, sun], from: 08:30, to: 24:00, holidays: [2026-12-25] }',
  });
  expect(policy.businessHours).toEqual({
    zone: 'Europe/Berlin',
    days: [1, 7],
    from: '08:30',
    to: '24:00',
    holidays: ['2026-12-25'],
  });
});

it('files may come from elsewhere than the disk', async () => {
  const texts: Record<string, string> = {
    '/virtual/services.yaml': 'services: { a: {} }',
    '/shipped/services.yaml': '',
  };
  const readFile = async (path: string): Promise<Uint8Array> => {
    const text = texts[path];
    if (text !== undefined) return new TextEncoder().encode(text);
    if (path.startsWith('/virtual/')) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    const { readFile: fromDisk } = await import('node:fs/promises');
    return await fromDisk(path.replace('/shipped', SHIPPED));
  };
  const config = await loadConfig({ directory: '/virtual', defaultsDirectory: '/shipped', env: {}, readFile });
  expect(Object.keys(config.policy.services)).toEqual(['a']);
});
