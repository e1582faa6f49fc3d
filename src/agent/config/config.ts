// Owns the shape of a whole configuration after it was read and checked: the rules, and the addresses of the world.
import type { Policy } from '../../incident/policies/policy.ts';
import type { Role } from '../../incident/words.ts';

export interface Config {
  readonly directory: string;
  readonly policy: Policy;
  readonly watches: readonly ServiceWatch[];
  readonly actions: Readonly<Record<string, ActionProfile>>;
  readonly contacts: Readonly<Record<string, ContactAddresses>>;
  readonly sinks: Readonly<Record<string, Sink>>;
  readonly smtp: SmtpServer | null;
  /** Who may post alerts, and how to read them, by the name in the path. */
  readonly alertSources: Readonly<Record<string, AlertSource>>;
  /** What each role is there for, in the team's words. */
  readonly roles: Readonly<Record<Role, RoleDescription>>;
  readonly server: ServerConfig;
  readonly watchdog: WatchdogRules;
  /** Null: the agent calls nobody to say that it is well. */
  readonly heartbeat: Heartbeat | null;
}

/** Where the agent listens, and how. Paths are absolute. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | null;
  /** Names by which clients may call the agent, in lower case, besides those of its certificate and of the loopback. */
  readonly hosts: readonly string[];
  readonly socket: SocketConfig | null;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly clientCertificates: { readonly ca: string; readonly required: boolean } | null;
}

export interface SocketConfig {
  /** Null: `agent.sock` in the state directory. */
  readonly path: string | null;
  /** The permissions of its file. */
  readonly mode: number;
  /** Nobody asked for it: the agent starts without it where it cannot be had. */
  readonly isOptional: boolean;
}

/** When the watchdog pages, and whom. */
export interface WatchdogRules {
  readonly silentAfterMs: number;
  readonly repeatEveryMs: number;
  /** In the order in which they are woken. */
  readonly contacts: readonly string[];
  readonly sinks: readonly string[];
}

export interface Heartbeat {
  /** A secret: whoever has it can say that all is well. */
  readonly url: string;
  readonly everyMs: number;
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

export type ActionProfile = HttpProfile | ExecProfile;

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
  /** The values of headers that are secret: what is read must not hold one. */
  readonly secrets: readonly string[];
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body template; the text `{after}` or `{before}` alone stands for that JSON value. Null: no body. */
  readonly body: unknown;
}

/**
 * Containment by a team's own programs, never through a shell. In single arguments `{service}`, `{param.NAME}`, `{before}` and
 * `{after}` are filled in. The target is what `read` prints: one JSON document, else its text.
 */
export interface ExecProfile {
  readonly driver: 'exec';
  readonly read: ExecCall;
  readonly apply: ExecCall;
  readonly undo: ExecCall;
  /** JSON pointer into what `read` prints: the part that is the target; empty for all of it. */
  readonly pointer: string;
  /** What the target becomes: merged over the read value where both are objects, put in its place otherwise. */
  readonly set: unknown;
  readonly touches: readonly string[];
  readonly timeoutMs: number;
  /** What the programs see of the environment besides PATH, HOME and LANG. Values may be secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** The values of `env` that came from the environment or a file: never shown, never recorded. */
  readonly secrets: readonly string[];
}

export interface ExecCall {
  /** The program, an absolute path or found on PATH, and its arguments. */
  readonly run: readonly string[];
}

/** The ways to reach one contact, each null where the configuration does not say. */
export interface ContactAddresses {
  /** Ways that a person can use and this version cannot, as the team wrote them: pagerduty, phone. */
  readonly byHand: Readonly<Record<string, string>>;
  readonly webhook: WebhookAddress | null;
  readonly slack: SlackAddress | null;
  readonly email: EmailAddress | null;
}

export interface WebhookAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SlackAddress {
  /** An incoming webhook; its URL is the secret. */
  readonly webhookUrl: string;
  /** Who is mentioned: a user id such as `U024` or a user group such as `S024`; null for nobody. */
  readonly mention: string | null;
}

export interface EmailAddress {
  readonly to: readonly string[];
}

/** The one mail server all e-mail goes through. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` required, `none` never (loopback only). */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
  readonly timeoutMs: number;
}

/** A sink hears of every incident: exactly one of the ways is set. */
export interface Sink {
  readonly channel: 'slack' | 'email' | 'webhook';
  readonly slack: SlackAddress | null;
  readonly email: EmailAddress | null;
  readonly webhook: WebhookAddress | null;
}

/** How the body of `POST /api/v1/alerts/{source}` is read. `alertmanager` and `grafana` are always there; a team adds generic ones. */
export interface AlertSource {
  readonly name: string;
  readonly kind: 'alertmanager' | 'grafana' | 'generic';
  /** Labels that name the service, the first that is there counts. */
  readonly serviceLabels: readonly string[];
  /** Labels that carry the severity, the first that is there counts. */
  readonly severityLabels: readonly string[];
  /** The source's own words to ours, before the usual table; keys in lower case. */
  readonly severities: Readonly<Record<string, string>>;
  /** Where an alert names no service: this one; null: `unknown`. */
  readonly defaultService: string | null;
  /** For `generic`: JSON pointers into the body. Null otherwise. */
  readonly mapping: AlertMapping | null;
}

/** JSON pointers; `alerts` is the list (null: the body itself is the one alert), the others start at each alert. */
export interface AlertMapping {
  readonly alerts: string | null;
  readonly service: string | null;
  readonly severity: string | null;
  readonly message: string;
  readonly fingerprint: string | null;
  /** The value that says whether it fires, and the values that mean it is over. Null: every message is a firing one. */
  readonly status: { readonly pointer: string; readonly cleared: readonly string[] } | null;
}
