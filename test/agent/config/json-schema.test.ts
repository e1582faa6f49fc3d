import { expect, it } from 'vitest';
import { jsonSchemas } from '../../../src/agent/config/json-schema.ts';

it('every configuration file has a JSON Schema that refuses unknown fields', () => {
  const schemas = jsonSchemas();
  expect(Object.keys(schemas)).toEqual([
    'services.yaml',
    'severity.yaml',
    'escalation.yaml',
    'roles.yaml',
    'actions.yaml',
    'notifications.yaml',
    'alerts.yaml',
    'server.yaml',
    'watchdog.yaml',
  ]);
  for (const schema of Object.values(schemas))
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  expect(schemas['severity.yaml']).toMatchObject({
    properties: {
      classes: { required: ['SEV1', 'SEV2', 'SEV3', 'SEV4'] },
      minimumRequestsPerSecond: { type: 'number' },
    },
  });
  expect(schemas['services.yaml']).not.toHaveProperty('required');
});
