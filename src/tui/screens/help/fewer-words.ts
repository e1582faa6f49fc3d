// Owns saying less where there is little room: whole clauses, never half of one.
import { widthOf } from '../../width.ts';

/** As many clauses from the first as fit, after `lead` or, where not even one does, without it; else empty. */
export const fewerWords = (text: string, width: number, lead = ''): string => {
  for (const before of [lead, '']) {
    for (let kept = text; kept !== ''; kept = withoutLastClause(kept)) {
      if (widthOf(before + kept) <= width) return before + kept;
    }
  }
  return '';
};

const withoutLastClause = (text: string): string =>
  text.slice(0, Math.max(0, text.search(/[,;:(][^,;:(]*$/))).trimEnd();
