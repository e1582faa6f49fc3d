// Owns making the name of a service from a label value that anybody may have chosen. Pure.

const FORBIDDEN = ['constructor', 'prototype', '__proto__'];

/** A name the configuration takes, near to the value, that none of `taken` has. */
export const serviceNameFor = (value: string, taken: ReadonlySet<string>): string => {
  const plain = value
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 55)
    .replace(/[^A-Za-z0-9]+$/, '');
  const base = plain === '' || FORBIDDEN.includes(plain) ? `service${plain === '' ? '' : `-${plain}`}` : plain;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
};

/** Whether a label value can stand in a configuration: one line of text. */
export const isConfigurable = (value: string): boolean => /^[^\p{Cc}\u2028\u2029]{1,500}$/u.test(value);
