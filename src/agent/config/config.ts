// Owns the shape of a whole configuration after it was read and checked: the rules, and the addresses of the world.
import type { Policy } from '../../incident/policies/policy.ts';
import type { Role } from '../../incident/words.ts';

export interface Config {
  readonly directory: string;
  readonly policy: Policy;
  readonly watches: readonly ServiceWatch[];
  readonly actions: Readonly<Record<string, ActionProfile>>;
  readonly contacts: Readonly<Record<string, ContactAddresses>>;
  /** What each role is there for, in the team's words. */
  readonly roles: Readonly<Record<Role, RoleDescription>>;
}

export interface RoleDescription {
  readonly title: string;
  readonly responsibilities: readonly string[];
}

/** How one service is watched. Where both are given, Prometheus wins. */
export interface ServiceWatch {
  readonly service: string;
  readonly prometheus: PrometheusWatch | null;
  readonly scrape: ScrapeWatch | null;
  readonly checks: readonly CheckWatch[];
}

/** Metric selectors as the team wrote them: `name` or `name{label="value"}`. Null: that signal is not configured. */
export interface MetricSelectors {
  readonly requests: string | null;
  readonly errors: string | null;
  /** A histogram's `_bucket` series. */
  readonly latency: string | null;
}

export interface PrometheusWatch extends MetricSelectors {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly windowMs: number;
  readonly pollEveryMs: number;
  readonly timeoutMs: number;
  /** Samples older than this are no reading. */
  readonly staleAfterMs: number;
  readonly serviceLabel: string;
  /** The value of `serviceLabel` for this service; its name unless told otherwise. */
  readonly labelValue: string;
}

export interface ScrapeWatch extends MetricSelectors {
  /** One `/metrics` address for each replica. */
  readonly urls: readonly string[];
  readonly windowMs: number;
  readonly scrapeEveryMs: number;
  readonly timeoutMs: number;
  /** Where one exposition carries several services: only series whose `serviceLabel` has this value count. Null: all count. */
  readonly only: { readonly label: string; readonly value: string } | null;
}

export type CheckWatch = {
  readonly name: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Good answers in a row before a check is up. */
  readonly rise: number;
  /** Bad answers in a row before a check is down. */
  readonly fall: number;
} & (
  | { readonly kind: 'http'; readonly url: string; readonly expectStatus: readonly [number, number] }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
);

export type ActionProfile = HttpProfile;

/**
 * Containment over a team's own HTTP interface. In every text `{service}`, `{param.NAME}` and, for undo, `{before}` are filled in.
 * The target is one JSON document: read gives it, apply and undo write it.
 */
export interface HttpProfile {
  readonly driver: 'http';
  readonly read: HttpCall;
  readonly apply: HttpCall;
  readonly undo: HttpCall;
  /** JSON pointer into the answer of `read`: the part that is the target; empty for all of it. */
  readonly pointer: string;
  /** What the target becomes: merged over the read value where both are objects, put in its place otherwise. */
  readonly set: unknown;
  readonly touches: readonly string[];
  readonly timeoutMs: number;
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body template; the text `{after}` or `{before}` alone stands for that JSON value. Null: no body. */
  readonly body: unknown;
}

export interface ContactAddresses {
  /** Ways that a person can use and this version cannot, as the team wrote them: pagerduty, slack, phone, email. */
  readonly byHand: Readonly<Record<string, string>>;
  readonly webhook: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | null;
}
