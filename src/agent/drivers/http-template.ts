// Owns how a team's call becomes a request: placeholders filled where they stand, addresses checked, the command line to show.
import { safeText } from '../../incident/text.ts';
import type { HttpCall } from '../config/config.ts';
import type { HttpRequest } from './http-exchange.ts';

/** What placeholders stand for. `before` and `after` are the world without and with the action, also when it is undone. */
export interface Filling {
  readonly service: string;
  readonly params: Readonly<Record<string, string>>;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type FilledCall =
  | { readonly ok: true; readonly request: HttpRequest }
  | { readonly ok: false; readonly detail: string };

const PLACEHOLDER = /\{(service|before|after|param\.([\w-]+))\}/g;

/** The names that `template` uses and `filling` does not know. */
export const missingIn = (template: unknown, filling: Filling): readonly string[] => {
  const used = [...(JSON.stringify(template) ?? '').matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return [...new Set(used)].filter((name) => standsFor(name, filling) === undefined);
};

/** Fills every text in a JSON value; a text that is `{before}` or `{after}` alone becomes that value. All names must be known. */
export const filledValue = (template: unknown, filling: Filling): unknown => {
  if (typeof template === 'string') {
    if (template === '{before}') return filling.before;
    if (template === '{after}') return filling.after;
    return filledText(template, filling);
  }
  if (Array.isArray(template)) return template.map((inner) => filledValue(inner, filling));
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template);
  return Object.fromEntries(entries.map(([key, inner]) => [filledText(key, filling), filledValue(inner, filling)]));
};

export const filledText = (template: string, filling: Filling): string =>
  template.replace(PLACEHOLDER, (_, name: string) => asText(standsFor(name, filling)));

/** Makes the request of a call, or says what stands against it. */
export const filledCall = (call: HttpCall, filling: Filling): FilledCall => {
  const missing = missingIn(call, filling);
  if (missing.length > 0) return { ok: false, detail: `nothing is given for ${missing.join(', ')}` };
  const address = filledAddress(call.url, filling);
  if (!address.ok) return address;
  const headers = Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), filledText(value, filling)]);
  const body = call.body === null ? null : JSON.stringify(filledValue(call.body, filling));
  const named: Record<string, string> = Object.fromEntries(headers);
  const withType = body === null || 'content-type' in named ? named : { ...named, 'content-type': 'application/json' };
  return { ok: true, request: { method: call.method.toUpperCase(), url: address.url, headers: withType, body } };
};

/** The equivalent command line. Header values are secrets until proven otherwise, so none but our own is shown. */
export const curlLine = ({ method, url, headers, body }: HttpRequest): string => {
  const shownHeaders = Object.entries(headers).map(([name, value]) =>
    name === 'content-type' && value === 'application/json' ? `${name}: ${value}` : `${name}: ***`,
  );
  const parts = ['curl', '-X', method, ...shownHeaders.flatMap((header) => ['-H', quoted(header)])];
  if (body !== null) parts.push('--data-raw', quoted(body));
  return safeText([...parts, quoted(url)].join(' '), 4_000);
};

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

type Address = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly detail: string };

const filledAddress = (template: string, filling: Filling): Address => {
  const filled = encodedInto(template, filling);
  if (filled === null) return { ok: false, detail: 'a value in the address is empty or not text' };
  if (!URL.canParse(filled)) return { ok: false, detail: 'the address is not a URL' };
  const url = new URL(filled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { ok: false, detail: 'the address is not http(s)' };
  if (url.username !== '' || url.password !== '') return { ok: false, detail: 'the address holds a name or password' };
  // The URL parser would resolve these, and a parameter would reach another resource than the one the team named.
  if (/\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(filled))
    return { ok: false, detail: 'a value would climb out of the address' };
  return { ok: true, url: url.href };
};

const encodedInto = (template: string, filling: Filling): string | null => {
  let isSound = true;
  const filled = template.replace(PLACEHOLDER, (_, name: string) => {
    const text = asText(standsFor(name, filling));
    isSound &&= text !== '' && text.isWellFormed();
    return encodeURIComponent(text.toWellFormed());
  });
  return isSound ? filled : null;
};

const standsFor = (name: string, filling: Filling): unknown => {
  if (name === 'service') return filling.service;
  if (name === 'before') return filling.before;
  if (name === 'after') return filling.after;
  const param = name.slice('param.'.length);
  return Object.hasOwn(filling.params, param) ? filling.params[param] : undefined;
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
