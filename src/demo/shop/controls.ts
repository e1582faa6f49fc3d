// Owns the five documents that steer one service: their shapes, their defaults and what a written document must look like.
import * as z from 'zod/mini';
import type { ServiceSpec } from './service-specs.ts';

export const CONTROL_NAMES = ['circuit-breaker', 'scale-down', 'rollback', 'maintenance', 'isolate'] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];

const MOST_REPLICAS = 10;

const controlsSchema = z.strictObject({
  /** Dependency calls and the failing path are cut short: a degraded answer instead. */
  'circuit-breaker': z.strictObject({ enabled: z.boolean() }),
  /** How many instances run; the oldest are kept. */
  'scale-down': z.strictObject({ replicas: z.int().check(z.minimum(1), z.maximum(MOST_REPLICAS)) }),
  rollback: z.strictObject({ target: z.enum(['current', 'previous']) }),
  /** The front answers a static page; no instance is asked. */
  maintenance: z.strictObject({ enabled: z.boolean() }),
  /** Instances that fail are taken out of rotation and kept alive. */
  isolate: z.strictObject({ mode: z.enum(['none', 'unhealthy']) }),
});

export type Controls = Readonly<z.infer<typeof controlsSchema>>;

const SHAPES: Readonly<Record<ControlName, string>> = {
  'circuit-breaker': '{"enabled": true or false}',
  'scale-down': `{"replicas": 1 to ${MOST_REPLICAS}}`,
  rollback: '{"target": "current" or "previous"}',
  maintenance: '{"enabled": true or false}',
  isolate: '{"mode": "none" or "unhealthy"}',
};

export const defaultControls = (spec: ServiceSpec): Controls => ({
  'circuit-breaker': { enabled: false },
  'scale-down': { replicas: spec.replicas },
  rollback: { target: 'current' },
  maintenance: { enabled: false },
  isolate: { mode: 'none' },
});

export type ControlsResult =
  | { readonly ok: true; readonly controls: Controls }
  | { readonly ok: false; readonly expected: string };

/** The controls with one document replaced; refused with the expected shape when the document is not of it. */
export const withDocument = (controls: Controls, name: ControlName, document: unknown): ControlsResult => {
  const parsed = controlsSchema.safeParse({ ...controls, [name]: document });
  return parsed.success ? { ok: true, controls: parsed.data } : { ok: false, expected: SHAPES[name] };
};
