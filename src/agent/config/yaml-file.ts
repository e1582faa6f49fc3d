// Owns reading one YAML file: its value, where each field of it stands, and everything that is wrong with it as YAML.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { rejoinRules } from './flow-commas.ts';
import type { FieldPath, Position, Problem } from './problems.ts';

export interface YamlFile {
  readonly file: string;
  /** The top-level fields; none when the file is empty. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a field stands; of what is missing, where its nearest parent does. */
  positionOf(path: FieldPath, part: 'key' | 'value'): Position;
}

export type YamlResult =
  | { readonly ok: true; readonly yaml: YamlFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const LARGEST_FILE_BYTES = 1024 * 1024;

const MOST_ALIASES = 100;
const DEEPEST_NESTING = 64;
const TOO_DEEP = `nests too deeply, expected at most ${DEEPEST_NESTING} levels`;
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Reads the bytes of a file. Anything that is not plain, bounded, well-formed YAML with a map at the top is a problem. */
export const readYaml = (file: string, bytes: Uint8Array): YamlResult => {
  const refuse = (message: string): YamlResult => ({
    ok: false,
    problems: [{ file, position: null, field: [], message }],
  });
  if (bytes.length > LARGEST_FILE_BYTES) return refuse('is too large, expected at most 1 MiB');
  const text = decoded(bytes);
  if (text === null) return refuse('is not UTF-8 text');
  const lines = new LineCounter();
  // The library's own search for repeated keys takes quadratic time; `faultsOf` looks for them instead.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: true,
    uniqueKeys: false,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return refuse(TOO_DEEP);
  const problems = [
    ...faults.map(({ code, message, pos }) => ({ offset: pos[0], field: [], message: faultText(code, message) })),
    ...faultsOf(document.contents, [], new Set()),
  ].map(({ offset, field, message }): Problem => ({ file, position: place(lines, offset), field, message }));
  if (problems.length > 0) return { ok: false, problems };
  rejoinRules(document, text);
  const value = plainValue(document);
  if (value === TOO_MANY_ALIASES)
    return refuse(`repeats its anchors too often, expected at most ${MOST_ALIASES} aliases`);
  if (value === null) return { ok: true, yaml: yamlFile(file, {}, { document, lines }) };
  if (!isMap(document.contents)) return refuse('expected fields such as `name: value` at the top');
  return { ok: true, yaml: yamlFile(file, value as Record<string, unknown>, { document, lines }) };
};

const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // the decoder throws on the first malformed byte; there is nothing more to learn from it
  }
};

const faultText = (code: string, message: string): string => {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'is indented with a tab, expected spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here, expected one for each file';
    case 'NON_STRING_KEY':
      return 'this name is not text, expected it in quotes';
    case 'TAG_RESOLVE_FAILED':
      return 'has a tag that means nothing here, expected text that begins with "!" in quotes';
    default:
      return `is not YAML: ${message.replace(QUOTED_SOURCE, '')}`;
  }
};

// What stood there may be a secret in the wrong place, or one that YAML reads otherwise: it is never repeated.
const QUOTED_SOURCE = /(?<=\w):\s.*$|(?<=directive|sequence)\s.*$/s;

const TOO_MANY_ALIASES = Symbol('too many aliases');

const plainValue = (document: Document.Parsed): unknown => {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_MANY_ALIASES;
    throw error;
  }
};

interface Fault {
  readonly offset: number;
  readonly field: FieldPath;
  readonly message: string;
}

/** What is well-formed YAML and still no configuration: repeated keys, keys that mean something to the machine, endless nesting, aliases of nothing. */
const faultsOf = (node: unknown, field: FieldPath, anchors: Set<string>): readonly Fault[] => {
  if (field.length > DEEPEST_NESTING) return [{ offset: startOf(node) ?? 0, field: [], message: TOO_DEEP }];
  if (isAlias(node) && !anchors.has(node.source))
    return [
      {
        offset: startOf(node) ?? 0,
        field,
        message: 'repeats an anchor that is nowhere before it, expected text that begins with "*" in quotes',
      },
    ];
  if (isNode(node) && 'anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
  if (isSeq(node)) return node.items.flatMap((item, index) => faultsOf(item, [...field, index], anchors));
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }): readonly Fault[] => {
    const name = isScalar(key) ? String(key.value) : '';
    const here = [...field, name];
    const offset = startOf(key) ?? 0;
    if (FORBIDDEN_KEYS.includes(name)) return [{ offset, field, message: `"${name}" cannot be used as a name` }];
    if (seen.has(name)) return [{ offset, field: here, message: 'is given twice, expected each name once' }];
    seen.add(name);
    return faultsOf(value, here, anchors);
  });
};

interface Parsed {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

const yamlFile = (file: string, value: Readonly<Record<string, unknown>>, { document, lines }: Parsed): YamlFile => ({
  file,
  value,
  positionOf: (path, part) => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const [index, step] of path.entries()) {
      const pair = pairAt(resolved(node, document), step);
      if (pair === null) break;
      const isLast = index === path.length - 1;
      offset = startOf(isLast && part === 'value' ? pair.value : pair.key) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    }
    return place(lines, offset);
  },
});

const resolved = (node: unknown, document: Document.Parsed): unknown => (isAlias(node) ? node.resolve(document) : node);

/** The field `step` of a map or list; in a list the item stands for both key and value. */
const pairAt = (node: unknown, step: string | number): Pick<Pair, 'key' | 'value'> | null => {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) ?? null;
};

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

const place = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};
