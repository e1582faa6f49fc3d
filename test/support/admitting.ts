// Owns doors for tests that know one token.
import type { Entry } from '../../src/agent/server/admission.ts';
import type { Permission } from '../../src/incident/permission.ts';

/** Lets in who presents that token, at once refuses everybody else. */
export const admitting =
  (token: string, permission: Permission = 'commander') =>
  (presented: string): Entry =>
    presented === token
      ? { ok: true, admission: { token: 't', permission, person: null, ended: () => null } }
      : { ok: false, why: 'token', message: 'the token is not accepted', afterMs: 0 };
