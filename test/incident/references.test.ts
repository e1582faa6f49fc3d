import { describe, expect, it } from 'vitest';
import { actionId, incidentId } from '../../src/incident/references.ts';
import { emptyRoom, type Incident, type Room } from '../../src/incident/state.ts';

const withIncidents = (...ids: readonly string[]): Room => ({
  ...emptyRoom,
  incidents: Object.fromEntries(ids.map((id) => [id, { id } as Incident])),
});

const room = withIncidents('INC-2025-0042', 'INC-2026-0042', 'INC-2025-0007', 'INC-2026-10001');

describe('naming an incident', () => {
  it.each([
    ['INC-2026-0042', 'INC-2026-0042'],
    ['INC-2025-0042', 'INC-2025-0042'],
    ['inc-2025-42', 'INC-2025-0042'],
    ['2025-42', 'INC-2025-0042'],
    ['42', 'INC-2026-0042'],
    ['0042', 'INC-2026-0042'],
    ['INC-42', 'INC-2026-0042'],
    ['inc-0042', 'INC-2026-0042'],
    [' 42 ', 'INC-2026-0042'],
    ['7', 'INC-2025-0007'],
    ['10001', 'INC-2026-10001'],
  ])('%s means %s', (said, id) => {
    expect(incidentId(room, said)).toBe(id);
  });

  it.each(['43', 'INC-2024-0042', '', 'latest', '__proto__', '4 2', 'INC-', '-42'])(
    '%s fits nothing and is left to the agent to refuse',
    (said) => {
      expect(incidentId(room, said)).toBe(said);
    },
  );
});

describe('naming an action', () => {
  it.each([
    ['A7', 'A7'],
    ['a7', 'A7'],
    ['7', 'A7'],
    ['A007', 'A7'],
    ['B7', 'B7'],
    ['', ''],
  ])('%s means %s', (said, id) => {
    expect(actionId(said)).toBe(id);
  });
});
