// Owns the configuration the demo's agent reads: ordinary files, as a team would write them, for the shop's addresses.
import { MINUTE, SECOND } from '../incident/time.ts';
import { SERVICE_NAMES, SERVICE_SPECS, type ServiceName } from './shop/service-specs.ts';

export interface ShopAddresses {
  /** Without a slash at the end, as all addresses here. */
  readonly admin: string;
  readonly services: Readonly<Record<ServiceName, string>>;
}

/** File name to content, for a configuration directory; what is left out comes from the shipped defaults. */
export const demoConfigFiles = (shop: ShopAddresses, speed = 1): Readonly<Record<string, string>> => ({
  'services.yaml': servicesYaml(shop, paceAt(speed)),
  'actions.yaml': actionsYaml(shop),
});

/** What has to be read in the room's time, and must not go below what the machine and its network can do in real time. */
interface Pace {
  readonly scrapeEveryMs: number;
  readonly windowMs: number;
  readonly scrapeTimeoutMs: number;
  readonly checkEveryMs: number;
  readonly checkTimeoutMs: number;
}

// Real time: oftener is a load for nothing, a shorter window has too few requests to tell errors from bad luck.
const LEAST_REAL_MS = { scrapeEvery: 100, window: 2_000, checkEvery: 200 };
const SCRAPE_TIMEOUT_MS = 1_000;
const CHECK_TIMEOUT_MS = 2_000;
// No configuration may ask for longer ones.
const LONGEST_TIMEOUT_MS = MINUTE;

const paceAt = (speed: number): Pace => ({
  scrapeEveryMs: Math.max(SECOND, LEAST_REAL_MS.scrapeEvery * speed),
  windowMs: Math.max(20 * SECOND, LEAST_REAL_MS.window * speed),
  scrapeTimeoutMs: Math.min(SCRAPE_TIMEOUT_MS * speed, LONGEST_TIMEOUT_MS),
  checkEveryMs: Math.max(2 * SECOND, LEAST_REAL_MS.checkEvery * speed),
  checkTimeoutMs: Math.min(CHECK_TIMEOUT_MS * speed, LONGEST_TIMEOUT_MS),
});

/** The shipped escalation, but people keep their half minute to look at what is armed however fast the room's time runs. */
export const patientEscalation = (shipped: string, speed: number): string => {
  const armFor = `armFor: ${ARM_FOR_SECONDS * speed}s`;
  return ARM_FOR.test(shipped) ? shipped.replace(ARM_FOR, armFor) : `${shipped}\n${armFor}\n`;
};

const ARM_FOR = /^armFor:.*$/m;
const ARM_FOR_SECONDS = 30;

const servicesYaml = (
  { services }: ShopAddresses,
  pace: Pace,
): string => `# The demo shop's services. Written anew at every start.
defaults:
  environment: { name: demo, production: false }
  scrape: { every: ${pace.scrapeEveryMs}ms, window: ${pace.windowMs}ms, timeout: ${pace.scrapeTimeoutMs}ms }
services:
${SERVICE_NAMES.map((name) => serviceYaml(name, services[name], pace)).join('')}`;

const serviceYaml = (name: ServiceName, url: string, pace: Pace): string => `  ${name}:
    core: ${SERVICE_SPECS[name].core}
    dependsOn: [${SERVICE_SPECS[name].dependsOn.join(', ')}]
    runbook: https://wiki.example/runbooks/${name}
    scrape: [${url}/metrics]
    checks:
      - { name: http, http: ${url}/health, every: ${pace.checkEveryMs}ms, timeout: ${pace.checkTimeoutMs}ms, rise: 2, fall: 3 }
`;

const actionsYaml = ({ admin }: ShopAddresses): string =>
  `# Containment over the demo shop's own HTTP interface. Written anew at every start.
actions:
${ACTIONS.map((action) => actionYaml(action, admin)).join('')}`;

interface DemoAction {
  readonly name: string;
  readonly title: string;
  readonly confirm: 'key' | 'typed';
  readonly touches: string;
  /** The document that contains, as YAML. */
  readonly set: string;
}

const ACTIONS: readonly DemoAction[] = [
  {
    name: 'circuit-breaker',
    title: 'Open the circuit breaker',
    confirm: 'key',
    touches: 'every request to {service} gets a degraded answer; its dependencies are not called',
    set: '{ enabled: true }',
  },
  {
    name: 'scale-down',
    title: 'Scale down to the two oldest instances',
    confirm: 'typed',
    touches: 'every instance of {service} but the two oldest ends; two carry the usual load, not more',
    set: '{ replicas: 2 }',
  },
  {
    name: 'rollback',
    title: 'Roll back to the previous version',
    confirm: 'key',
    touches: 'every instance of {service} runs the version before the current one',
    set: '{ target: previous }',
  },
  {
    name: 'maintenance',
    title: 'Show the maintenance page',
    confirm: 'typed',
    touches: 'every user of {service} gets a static page; services that call it fail',
    set: '{ enabled: true }',
  },
  {
    name: 'isolate',
    title: 'Isolate failing instances',
    confirm: 'key',
    touches: 'instances of {service} that fail get no traffic, never more than half; they stay alive for a look',
    set: '{ mode: unhealthy }',
  },
];

const actionYaml = ({ name, title, confirm, touches, set }: DemoAction, admin: string): string => {
  const url = `'${admin}/control/{service}/${name}'`;
  return `  ${name}:
    title: ${title}
    driver: http
    confirm: ${confirm}
    expires: 1h
    touches: ['${touches}']
    read: { method: GET, url: ${url} }
    apply: { method: PUT, url: ${url}, body: '{after}' }
    undo: { method: PUT, url: ${url}, body: '{before}' }
    set: ${set}
`;
};
