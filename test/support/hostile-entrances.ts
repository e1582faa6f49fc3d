// Owns the ways in for a hostile text: every text of every command of a person, and alert bodies of each kind.
import * as z from 'zod';
import type { AlertSource } from '../../src/agent/config/config.ts';
import { personCommandSchema } from '../../src/incident/commands.ts';
import { alertmanagerBody, grafanaAlert, grafanaBody, highErrorRate, source } from '../agent/alerts/bodies.ts';

export interface HostileCommand {
  /** Where in the command the text stands. */
  readonly path: string;
  readonly command: unknown;
}

interface Shape {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape;
  readonly minimum?: number;
}

const schema = z.toJSONSchema(personCommandSchema, { io: 'input', unrepresentable: 'any' }) as Shape;
const shapes = schema.oneOf ?? schema.anyOf ?? [];

/** One command for every free text in the schema, with `text` in that place and plain words in all others. */
export const commandsWith = (text: string): readonly HostileCommand[] =>
  shapes.flatMap((shape) => {
    const type = String(shape.properties?.type?.const);
    const plain = sampleOf(shape);
    return placesIn(shape, []).map(({ path, isName }) => ({
      path: `${[type, ...path].join('.')}${isName ? ', its name' : ''}`,
      command: withText(plain, path, { text, isName }),
    }));
  });

const isFreeText = ({ type, enum: words, const: word }: Shape): boolean =>
  type === 'string' && words === undefined && word === undefined;

const notNull = (shape: Shape): Shape => {
  if (shape.anyOf !== undefined) return shape.anyOf.find(({ type }) => type !== 'null') ?? shape;
  return Array.isArray(shape.type) ? { ...shape, type: shape.type.find((type) => type !== 'null') } : shape;
};

const sampleOf = (given: Shape): unknown => {
  const shape = notNull(given);
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  switch (shape.type) {
    case 'string':
      return 'plain';
    case 'boolean':
      return false;
    case 'number':
    case 'integer':
      return Math.max(0, shape.minimum ?? 0);
    case 'array':
      return [sampleOf(shape.items ?? {})];
    case 'object':
      return shape.properties === undefined
        ? { plain: 'plain' }
        : Object.fromEntries(Object.entries(shape.properties).map(([name, inner]) => [name, sampleOf(inner)]));
    default:
      throw new Error(`no sample for ${JSON.stringify(shape)}`);
  }
};

interface Place {
  readonly path: readonly string[];
  readonly isName: boolean;
}

const placesIn = (given: Shape, path: readonly string[]): readonly Place[] => {
  const shape = notNull(given);
  if (isFreeText(shape)) return [{ path, isName: false }];
  if (shape.type === 'array') return placesIn(shape.items ?? {}, path);
  if (shape.properties !== undefined)
    return Object.entries(shape.properties).flatMap(([name, inner]) => placesIn(inner, [...path, name]));
  return shape.type === 'object'
    ? [
        { path, isName: false },
        { path, isName: true },
      ]
    : [];
};

const withText = (
  plain: unknown,
  [first = '', ...rest]: readonly string[],
  put: { readonly text: string; readonly isName: boolean },
): unknown => {
  const before = plain as Readonly<Record<string, unknown>>;
  if (rest.length > 0) return { ...before, [first]: withText(before[first], rest, put) };
  const there = before[first];
  if (Array.isArray(there)) return { ...before, [first]: [put.text] };
  if (typeof there === 'object') return { ...before, [first]: put.isName ? { [put.text]: 'x' } : { plain: put.text } };
  return { ...before, [first]: put.text };
};

/** Alert bodies of each kind with the text in every place of theirs. */
export const bodies = (text: string): readonly { readonly source: AlertSource; readonly body: unknown }[] => {
  const labels = { alertname: text, service: text, severity: text, [text]: text };
  const annotations = { summary: text, description: text, [text]: text };
  const hostile = { fingerprint: text, labels, annotations, generatorURL: text };
  return [
    { source: source('alertmanager'), body: alertmanagerBody([{ ...highErrorRate, ...hostile }]) },
    { source: source('alertmanager'), body: alertmanagerBody([{ ...highErrorRate, ...hostile, status: text }]) },
    { source: source('grafana'), body: { ...grafanaBody([{ ...grafanaAlert, ...hostile }]), title: text } },
    { source: source('generic'), body: { title: text, service: text, severity: text, dedup_key: text, status: text } },
    { source: source('generic'), body: { [text]: text } },
    { source: source('generic'), body: text },
  ];
};
