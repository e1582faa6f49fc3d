// Owns the links of services: runbooks and dashboards, as text that a terminal can open.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';

export interface LinkLine {
  readonly kind: 'runbook' | 'dashboard';
  /** The service, with the dashboard's title. */
  readonly of: string;
  readonly url: string;
}

/** Nothing but addresses of the web: another scheme could start something on whoever opens it. */
const isOfTheWeb = (url: string): boolean => /^https?:\/\//i.test(url);

/** The runbooks of all services before any dashboard. */
export const linksOf = (view: RoomView, services: readonly string[]): readonly LinkLine[] => {
  const cards = services.flatMap((service) => {
    const card = own(view.policy.services, service);
    return card === undefined ? [] : [{ service, card }];
  });
  const runbooks = cards.flatMap(({ service, card }): readonly LinkLine[] =>
    card.runbook === null ? [] : [{ kind: 'runbook', of: service, url: card.runbook }],
  );
  const dashboards = cards.flatMap(({ service, card }) =>
    card.dashboards.map(({ title, url }): LinkLine => ({ kind: 'dashboard', of: `${service} ${title}`, url })),
  );
  return [...runbooks, ...dashboards].filter(({ url }) => isOfTheWeb(url));
};
