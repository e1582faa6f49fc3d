// Owns what an alert is once read from a stranger's body, whatever its format was: safe, bounded text.
import type { SafeText } from '../../incident/text.ts';

/** One alert, firing or over. The lengths are those the room takes. */
export interface IncomingAlert {
  /** At most 200 characters; equal for every message about the same problem of one source. */
  readonly fingerprint: SafeText;
  /** At most 64 characters. */
  readonly service: SafeText;
  /** The source's word, or ours where its table has it; at most 40 characters, empty where it gave none. */
  readonly givenSeverity: SafeText;
  /** At most 200 characters, never empty. */
  readonly message: SafeText;
  readonly firing: boolean;
}

/** An alert that could not be read, by its place in the body's list. */
export interface SkippedAlert {
  readonly index: number;
  readonly problem: SafeText;
}

export type ReadAlerts =
  | {
      readonly ok: true;
      /** One for each fingerprint. */
      readonly alerts: readonly IncomingAlert[];
      readonly skipped: readonly SkippedAlert[];
      /** How many more there were that the source itself left out. */
      readonly truncated: number;
    }
  | { readonly ok: false; readonly problem: SafeText };

/** The alerts of a body, not looked at yet. */
export type Entries =
  | { readonly ok: true; readonly entries: readonly unknown[]; readonly truncated: number }
  | { readonly ok: false; readonly problem: SafeText };

export type ReadAlert =
  | { readonly ok: true; readonly alert: IncomingAlert }
  | { readonly ok: false; readonly problem: SafeText };
