// Owns what must fit together between fields and files. Looks at values as written, so that one mistake does not hide another.
import type { Finding } from '../describe-issue.ts';
import type { FileName } from '../schema/files.ts';
import { actionsFindings } from './actions.ts';
import { escalationFindings } from './escalation.ts';
import { notificationsFindings } from './notifications.ts';
import { ruleFindings } from './rules.ts';
import { servicesFindings } from './services.ts';
import { watchdogFindings } from './watchdog.ts';
import { writtenSecretFindings } from './written-secrets.ts';

/** Everything that does not fit, by the file in which it stands. `contentOf` gives null for a file that could not be read. */
export const crossCheck = (
  contentOf: (file: FileName) => unknown,
): readonly { readonly file: FileName; readonly findings: readonly Finding[] }[] => {
  const actions = contentOf('actions.yaml');
  const escalation = contentOf('escalation.yaml');
  const notifications = contentOf('notifications.yaml');
  return [
    {
      file: 'services.yaml',
      findings: [
        ...servicesFindings({ services: contentOf('services.yaml'), actions, escalation }),
        ...writtenSecretFindings(contentOf('services.yaml')),
      ],
    },
    { file: 'actions.yaml', findings: [...actionsFindings(actions), ...writtenSecretFindings(actions)] },
    { file: 'severity.yaml', findings: ruleFindings(contentOf('severity.yaml')) },
    {
      file: 'escalation.yaml',
      findings: escalationFindings({ escalation, notifications }),
    },
    {
      file: 'notifications.yaml',
      findings: [...notificationsFindings({ notifications, escalation }), ...writtenSecretFindings(notifications)],
    },
    {
      file: 'watchdog.yaml',
      findings: watchdogFindings({ watchdog: contentOf('watchdog.yaml'), escalation, notifications }),
    },
  ];
};
