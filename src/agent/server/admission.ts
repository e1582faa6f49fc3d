// Owns what a presented token admits to, and what whoever is not let in is told.
import type { Permission } from '../../incident/permission.ts';

export interface Admission {
  /** The token's id, which stands with everything that is done with it. Never the token. */
  readonly token: string;
  readonly permission: Permission;
  /** The person it was given to; null where whoever holds it says who they are. */
  readonly person: string | null;
  /** Null while it holds; else why it holds no longer, in words. */
  readonly ended: () => string | null;
}

export type Entry =
  | { readonly ok: true; readonly admission: Admission }
  | {
      readonly ok: false;
      /** `too-many`: it was not even looked at. */
      readonly why: 'token' | 'too-many';
      readonly message: string;
      /** So long the answer waits. */
      readonly afterMs: number;
    };

/** Looks at a token that somebody presents. */
export type Admit = (presented: string) => Entry;
