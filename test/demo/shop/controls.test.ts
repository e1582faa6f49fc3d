import { describe, expect, it } from 'vitest';
import { type ControlName, defaultControls, withDocument } from '../../../src/demo/shop/controls.ts';
import { SERVICE_NAMES, SERVICE_SPECS } from '../../../src/demo/shop/service-specs.ts';

const controls = defaultControls(SERVICE_SPECS.checkout);

describe('control documents', () => {
  it.each([
    ['circuit-breaker', { enabled: true }],
    ['scale-down', { replicas: 1 }],
    ['scale-down', { replicas: 10 }],
    ['rollback', { target: 'previous' }],
    ['maintenance', { enabled: true }],
    ['isolate', { mode: 'unhealthy' }],
  ] satisfies readonly [ControlName, unknown][])('%s takes %j and leaves the others alone', (name, document) => {
    expect(withDocument(controls, name, document)).toEqual({ ok: true, controls: { ...controls, [name]: document } });
  });

  it.each([
    ['circuit-breaker', { enabled: 'yes' }],
    ['circuit-breaker', {}],
    ['circuit-breaker', { enabled: true, force: true }],
    ['circuit-breaker', null],
    ['circuit-breaker', [true]],
    ['scale-down', { replicas: 0 }],
    ['scale-down', { replicas: 11 }],
    ['scale-down', { replicas: 1.5 }],
    ['scale-down', { replicas: '2' }],
    ['rollback', { target: '2026.11.22-2' }],
    ['maintenance', 'on'],
    ['isolate', { mode: 'all' }],
  ] satisfies readonly [ControlName, unknown][])('%s refuses %j and says what it expects', (name, document) => {
    const result = withDocument(controls, name, document);
    expect(result).toEqual({ ok: false, expected: expect.stringMatching(/^\{".+"\}?/) });
  });

  it('start with the usual number of instances and nothing contained', () => {
    for (const name of SERVICE_NAMES) {
      expect(defaultControls(SERVICE_SPECS[name])).toEqual({
        'circuit-breaker': { enabled: false },
        'scale-down': { replicas: name === 'checkout' ? 5 : 3 },
        rollback: { target: 'current' },
        maintenance: { enabled: false },
        isolate: { mode: 'none' },
      });
    }
  });
});
