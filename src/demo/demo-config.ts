// Owns the configuration the demo's agent reads: ordinary files, as a team would write them, for the shop's addresses.
import { SERVICE_NAMES, SERVICE_SPECS, type ServiceName } from './shop/service-specs.ts';

export interface ShopAddresses {
  /** Without a slash at the end, as all addresses here. */
  readonly admin: string;
  readonly services: Readonly<Record<ServiceName, string>>;
}

/** File name to content, for a configuration directory; what is left out comes from the shipped defaults. */
export const demoConfigFiles = (shop: ShopAddresses): Readonly<Record<string, string>> => ({
  'services.yaml': servicesYaml(shop),
  'actions.yaml': actionsYaml(shop),
});

const servicesYaml = ({ services }: ShopAddresses): string => `# The demo shop's services. Written anew at every start.
defaults:
  environment: { name: demo, production: false }
  scrape: { every: 1s, window: 20s, timeout: 1s }
services:
${SERVICE_NAMES.map((name) => serviceYaml(name, services[name])).join('')}`;

const serviceYaml = (name: ServiceName, url: string): string => `  ${name}:
    core: ${SERVICE_SPECS[name].core}
    dependsOn: [${SERVICE_SPECS[name].dependsOn.join(', ')}]
    runbook: https://wiki.example/runbooks/${name}
    scrape: [${url}/metrics]
    checks:
      - { name: http, http: ${url}/health, every: 2s, timeout: 2s, rise: 2, fall: 3 }
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
