import { expect, it } from 'vitest';
import { isConfigurable, serviceNameFor } from '../../../src/agent/setup/service-name.ts';

it.each([
  ['checkout', 'checkout'],
  ['shop/checkout', 'shop-checkout'],
  ['-x_y.z-', 'x_y.z'],
  ['"quotes" \'and\'\nlines', 'quotes-and-lines'],
  [`\${HOME}`, 'HOME'],
  ['тест', 'service'],
  ['', 'service'],
  ['constructor', 'service-constructor'],
  ['__proto__', 'proto'],
  ['x'.repeat(500), 'x'.repeat(55)],
  ['taken', 'taken-2'],
])('%j is named %s', (value, name) => {
  expect(serviceNameFor(value, new Set(['taken']))).toBe(name);
  expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
});

it.each([
  ['checkout "x" $y', true],
  ['two\nlines', false],
  ['\u001b[2J', false],
  ['a\u2028b', false],
  ['', false],
  ['x'.repeat(501), false],
])('%j can stand in a configuration: %s', (value, can) => {
  expect(isConfigurable(value)).toBe(can);
});
