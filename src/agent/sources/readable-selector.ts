// Owns turning a team's selector into one a source can use, or into an error the team can put right.
import { OperatorError } from '../../protocol/operator-error.ts';
import { parseSelector, type Selector } from './selector.ts';
import { compileFilter, type SeriesFilter } from './series-filter.ts';

const NEXT_STEP = 'Write it as name or name{label="value"} in services.yaml, without a range or a function.';

/** Takes a selector as written, null for none; throws OperatorError `bad-config` naming service and place. */
export const readableSelector = (service: string, written: string | null): Selector | null => {
  if (written === null) return null;
  const parsed = parseSelector(written);
  if (parsed.ok) return parsed.selector;
  const place = `character ${parsed.at + 1} of ${written}`;
  throw new OperatorError('bad-config', `${service}: expected ${parsed.expected} at ${place}`, NEXT_STEP);
};

/** As above, for sources that match series themselves. */
export const readableFilter = (service: string, selector: Selector): SeriesFilter => {
  const compiled = compileFilter(selector);
  if (compiled.ok) return compiled.filter;
  throw new OperatorError(
    'bad-config',
    `${service}: label ${compiled.label}: expected ${compiled.expected}`,
    NEXT_STEP,
  );
};
