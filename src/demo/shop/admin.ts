// Owns the shop's admin server: the control documents over HTTP, with ETags, and the fault that can be switched on.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { CONTROL_NAMES, type ControlName } from './controls.ts';
import { jsonReply, type LoopbackServer, openLoopbackServer, type Reply, sendReply } from './loopback-server.ts';
import { readJsonBody } from './request-body.ts';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/scenarios.ts';
import { SERVICE_NAMES, type ServiceName } from './service-specs.ts';
import type { ShopService } from './shop-service.ts';

export interface AdminOptions {
  readonly port: number;
  readonly services: Readonly<Record<ServiceName, ShopService>>;
  readonly state: () => unknown;
  readonly scenario: () => ScenarioName | null;
  readonly setScenario: (scenario: ScenarioName | null) => void;
  /** Somebody asks: the shop is not forgotten. */
  readonly onWatched: () => void;
}

const faultSchema = z.strictObject({ scenario: z.nullable(z.enum(SCENARIO_NAMES)) });

type Route =
  | { readonly kind: 'state' }
  | { readonly kind: 'fault' }
  | { readonly kind: 'control'; readonly service: ServiceName; readonly control: ControlName };

export const openAdmin = (options: AdminOptions): Promise<LoopbackServer> =>
  openLoopbackServer((request, response) => {
    options.onWatched();
    void answer(options, request).then((reply) => {
      if (response.destroyed) return;
      sendReply(response, reply);
      if (!request.complete) response.once('finish', () => request.destroy());
    });
  }, options.port);

const answer = async (options: AdminOptions, request: IncomingMessage): Promise<Reply> => {
  // Only browsers send Origin, and no page has business here.
  if (request.headers.origin !== undefined) return problem(403, 'requests from web pages are refused');
  const route = routeOf(request.url ?? '');
  if (route === null) return problem(404, 'no such path');
  switch (request.method) {
    case 'GET':
      return read(options, route);
    case 'PUT':
      return write(options, route, request);
    default:
      return jsonReply(405, { error: 'method not allowed' }, { allow: route.kind === 'state' ? 'GET' : 'GET, PUT' });
  }
};

const routeOf = (url: string): Route | null => {
  const [path = ''] = url.split('?');
  if (path === '/state') return { kind: 'state' };
  if (path === '/fault') return { kind: 'fault' };
  const [, root, serviceText, controlText, ...rest] = path.split('/');
  const service = SERVICE_NAMES.find((name) => name === serviceText);
  const control = CONTROL_NAMES.find((name) => name === controlText);
  if (root !== 'control' || service === undefined || control === undefined || rest.length > 0) return null;
  return { kind: 'control', service, control };
};

const read = (options: AdminOptions, route: Route): Reply => {
  switch (route.kind) {
    case 'state':
      return jsonReply(200, options.state());
    case 'fault':
      return jsonReply(200, { scenario: options.scenario() });
    case 'control': {
      const { document, etag } = options.services[route.service].read(route.control);
      return jsonReply(200, document, { etag });
    }
    default:
      return route satisfies never;
  }
};

const write = async (options: AdminOptions, route: Route, request: IncomingMessage): Promise<Reply> => {
  if (route.kind === 'state') return jsonReply(405, { error: 'method not allowed' }, { allow: 'GET' });
  const body = await readJsonBody(request);
  if (!body.ok && body.reason === 'too-large') return problem(413, 'the document is too large');
  if (!body.ok) return problem(400, 'the body is no JSON document');
  switch (route.kind) {
    case 'fault': {
      const fault = faultSchema.safeParse(body.document);
      if (!fault.success) return problem(400, `expected {"scenario": null or one of ${SCENARIO_NAMES.join(', ')}}`);
      options.setScenario(fault.data.scenario);
      return jsonReply(200, fault.data);
    }
    case 'control':
      return writeControl(options.services[route.service], route.control, { request, document: body.document });
    default:
      return route satisfies never;
  }
};

const writeControl = async (
  service: ShopService,
  control: ControlName,
  { request, document }: { readonly request: IncomingMessage; readonly document: unknown },
): Promise<Reply> => {
  const ifMatch = request.headers['if-match'];
  const result = await service.write(control, document, (etag) => ifMatch === undefined || matches(ifMatch, etag));
  if (result.ok) return jsonReply(200, document, { etag: result.etag });
  switch (result.reason) {
    case 'changed-meanwhile':
      return jsonReply(412, { error: 'changed meanwhile' }, { etag: service.read(control).etag });
    case 'bad-document':
      return problem(400, `expected ${result.expected}`);
    default:
      return result satisfies never;
  }
};

const matches = (ifMatch: string, etag: string): boolean =>
  ifMatch.trim() === '*' || ifMatch.split(',').some((candidate) => candidate.trim() === etag);

const problem = (status: number, error: string): Reply =>
  jsonReply(status, { error }, status === 413 ? { connection: 'close' } : {});
