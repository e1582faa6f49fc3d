// Owns how the text of a rule falls into words, numbers and signs, each with its column.

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: string; readonly at: number };

export type TokenResult =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly at: number };

// The language has no minus, so a name may carry one: `fact(data-exposed)`.
const TOKEN = /\s*(?:([A-Za-z][\w-]*)|(\d+(?:\.\d+)?(?![\w.]))|(>=|<=|[<>(),*]))/y;

/** Splits a rule's text; on a character outside the language, its column (from 1). */
export const conditionTokens = (text: string): TokenResult => {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  let position = 0;
  while (position < source.length) {
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(source);
    if (found === null) return { ok: false, at: position + 1 + leadingSpace(source.slice(position)) };
    const [whole, word, number, sign] = found;
    position += whole.length;
    const lexeme = word ?? number ?? sign ?? '';
    const at = position - lexeme.length + 1;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, value: Number(number), at });
    else tokens.push({ kind: 'sign', text: lexeme, at });
  }
  return { ok: true, tokens: [...tokens, { kind: 'end', text: '', at: source.length + 1 }] };
};

const leadingSpace = (text: string): number => text.length - text.trimStart().length;
