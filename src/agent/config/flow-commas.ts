// Owns one kindness to the writer of rules: `{ when: errorRatio >= max(0.01, 3 * baseline(errorRatio)) }` means what it says.
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';

/**
 * In a flow map YAML ends unquoted text at a comma, and reads what follows as fields without a value. Behind a `when` that cannot be
 * meant: they are joined to it again, in place.
 */
export const rejoinRules = (document: Document.Parsed, text: string): void => rejoin(document.contents, text);

const rejoin = (node: unknown, text: string): void => {
  if (isSeq(node)) for (const item of node.items) rejoin(item, text);
  if (!isMap(node)) return;
  for (const { value } of node.items) rejoin(value, text);
  const index = node.flow === true ? node.items.findIndex(({ key }) => isScalar(key) && key.value === 'when') : -1;
  const rule = node.items[index]?.value;
  if (!isScalar(rule) || rule.type !== 'PLAIN') return;
  const following = node.items.slice(index + 1);
  const end = following.findIndex((pair) => !isWithoutValue(pair, text));
  const torn = end === -1 ? following : following.slice(0, end);
  const last = torn.at(-1)?.key as Node | undefined;
  if (!rule.range || !last?.range) return;
  (rule as Scalar).value = text.slice(rule.range[0], last.range[1]);
  node.items.splice(index + 1, torn.length);
};

const isWithoutValue = ({ key }: Pair, text: string): boolean => {
  const range = isScalar(key) && key.type === 'PLAIN' ? key.range : null;
  return range !== null && range !== undefined && /^\s*[,}]/.test(text.slice(range[1], range[1] + 200));
};
