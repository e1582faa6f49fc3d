// Owns how the commands that prove the record are spelled and explained.
import type { Answering } from './answer.ts';
import type { AuditVerifyOptions } from './audit.ts';
import type { Defining } from './program.ts';

export const defineAuditCommands = ({ program, shell, does }: Defining): void => {
  const audit = program
    .command('audit')
    .description('prove that nothing of the record was edited, dropped or reordered');

  audit
    .command('verify [FILE]')
    .description(
      'prove the journal and the archives of this host, or an exported FILE by itself; names the first bad line',
    )
    .option('--key <FINGERPRINT>', 'the key that must have signed, as SHA256:…')
    .option('--json', 'answer as JSON')
    .action(
      does(async (file: string | undefined, options: AuditVerifyOptions) =>
        (await import('./audit.ts')).auditVerify(shell, file, options),
      ),
    );

  audit
    .command('export <FILE>')
    .description('write the whole journal, signed, as one file that can be proved offline')
    .option('--json', 'answer as JSON')
    .action(
      does(async (file: string, options: Pick<Answering, 'json'>) =>
        (await import('./audit.ts')).auditExportTo(shell, file, options),
      ),
    );
};
