// Owns one running service: its front, its instances and the documents that steer it.
import { type ControlName, type Controls, defaultControls, withDocument } from './controls.ts';
import { createDatabase } from './database.ts';
import { openFront } from './front.ts';
import { type Instance, openInstance } from './instance.ts';
import { isFaulty, versionOf } from './releases.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { createRotation } from './rotation.ts';
import type { ServiceName, ServiceSpec } from './service-specs.ts';
import { contentionOf, isDown, type Trouble } from './trouble.ts';
import { type Dependency, performWork, type Surroundings, spend } from './work.ts';

export interface ServiceSummary {
  readonly url: string;
  readonly dependsOn: readonly ServiceName[];
  readonly controls: Controls;
  readonly instances: readonly InstanceSummary[];
  /** Out of rotation and alive. */
  readonly isolated: readonly string[];
}

export interface InstanceSummary {
  readonly name: string;
  readonly url: string;
  readonly version: string;
  readonly isFaulty: boolean;
}

export type WriteResult =
  | { readonly ok: true; readonly etag: string }
  | { readonly ok: false; readonly reason: 'changed-meanwhile' }
  | { readonly ok: false; readonly reason: 'bad-document'; readonly expected: string };

export interface ShopService {
  readonly spec: ServiceSpec;
  readonly url: string;
  read(name: ControlName): { readonly document: unknown; readonly etag: string };
  /** Resolves when the service runs as the document says. `isExpected` is asked about the present ETag. */
  write(name: ControlName, document: unknown, isExpected: (etag: string) => boolean): Promise<WriteResult>;
  summary(): ServiceSummary;
  close(): Promise<void>;
}

export interface ServiceOptions extends Surroundings {
  readonly spec: ServiceSpec;
  readonly port: number;
  readonly dependencies: readonly Dependency[];
  readonly trouble: () => Trouble | null;
  readonly onWatched: () => void;
  /** Differs between two shops, so that an ETag of an earlier one never matches by chance. */
  readonly era: string;
}

export const openService = async (options: ServiceOptions): Promise<ShopService> => {
  const { spec, trouble } = options;
  const rotation = createRotation();
  let controls = defaultControls(spec);
  let instances: readonly Instance[] = [];
  let revisions: Partial<Readonly<Record<ControlName, number>>> = {};
  let scaling: Promise<void> = Promise.resolve();

  const version = (number: number): string =>
    versionOf(spec, number, { scenario: trouble()?.scenario ?? null, target: controls.rollback.target });

  const database = createDatabase({
    spend: (ms) => spend(options, ms),
    contention: () => contentionOf(spec.name, trouble()),
  });

  const openNumbered = (number: number): Promise<Instance> =>
    openInstance({
      number,
      spec,
      version: () => version(number),
      work: () =>
        performWork({
          ...options,
          database,
          isFaulty: isFaulty(spec.name, version(number)),
          isBreakerOpen: controls['circuit-breaker'].enabled,
        }),
    });

  const scale = async (): Promise<void> => {
    const { replicas } = controls['scale-down'];
    const leaving = instances.slice(replicas);
    const missing = Array.from(
      { length: Math.max(0, replicas - instances.length) },
      (_, at) => instances.length + at + 1,
    );
    instances = [...instances.slice(0, replicas), ...(await Promise.all(missing.map(openNumbered)))];
    rotation.replace(instances);
    for (const instance of leaving) instance.drain();
  };

  // One at a time: two writers never open the same instance twice.
  const settle = (): Promise<void> => {
    scaling = scaling.then(scale);
    rotation.isolateFailing(controls.isolate.mode === 'unhealthy');
    return scaling;
  };

  const etagOf = (name: ControlName): string => `"${options.era}-${revisions[name] ?? 0}"`;

  await settle();
  const front = await openFront({
    port: options.port,
    connections: options.connections,
    rotation,
    metrics: createRequestMetrics(spec.name, options.standsFor),
    isUnderMaintenance: () => controls.maintenance.enabled,
    isDown: () => isDown(spec.name, trouble()),
    onWatched: options.onWatched,
  });

  return {
    spec,
    url: front.url,
    read: (name) => ({ document: controls[name], etag: etagOf(name) }),
    write: async (name, document, isExpected) => {
      if (!isExpected(etagOf(name))) return { ok: false, reason: 'changed-meanwhile' };
      const written = withDocument(controls, name, document);
      if (!written.ok) return { ok: false, reason: 'bad-document', expected: written.expected };
      controls = written.controls;
      revisions = { ...revisions, [name]: (revisions[name] ?? 0) + 1 };
      const etag = etagOf(name);
      await settle();
      return { ok: true, etag };
    },
    summary: () => ({
      url: front.url,
      dependsOn: spec.dependsOn,
      controls,
      instances: instances.map(({ number, name, url }) => ({
        name,
        url: url.origin,
        version: version(number),
        isFaulty: isFaulty(spec.name, version(number)),
      })),
      isolated: rotation.isolated(),
    }),
    close: async () => {
      await scaling;
      await Promise.all([front.close(), ...instances.map((instance) => instance.close())]);
    },
  };
};
