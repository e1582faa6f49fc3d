// Owns what of the configuration the screens are told: names, limits and words, never an address or a secret.
import { errorRatioLimit } from '../incident/policies/error-ratio-limit.ts';
import { SEVERITIES, type Severity } from '../incident/words.ts';
import type { RoomPolicy } from '../protocol/messages.ts';
import type { Config } from './config/config.ts';

export const roomPolicy = (config: Config, baseline: (service: string) => number | null): RoomPolicy => {
  const { policy } = config;
  return {
    services: Object.fromEntries(
      Object.entries(policy.services).map(
        ([service, { core, dependsOn, environment, runbook, dashboards, actions }]) => [
          service,
          {
            core,
            dependsOn,
            environment,
            runbook,
            dashboards,
            actions,
            errorRatioLimit: errorRatioLimit(policy.severities, baseline(service)),
          },
        ],
      ),
    ),
    actions: Object.fromEntries(
      Object.entries(policy.actions).map(([name, { title, confirm }]) => [name, { title, confirm }]),
    ),
    severities: Object.fromEntries(
      SEVERITIES.map((severity) => [
        severity,
        {
          definition: policy.severities.definitions[severity],
          respond: respondWords(policy.severities.respondWithinMs[severity]),
        },
      ]),
    ) as Record<Severity, { definition: string; respond: string }>,
    roles: config.roles,
    contacts: policy.channels,
  };
};

const respondWords = (within: number | 'business-hours'): string => {
  if (within === 'business-hours') return 'business hours';
  return within === 0 ? 'immediate' : `${Math.round(within / 60_000)} min`;
};
