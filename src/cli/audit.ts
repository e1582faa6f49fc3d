// Owns `warroom audit`: proves that nothing of the record was edited, dropped or reordered, and exports it as one file that proves itself.
import { auditState } from '../agent/audit/audit-state.ts';
import { auditExport, exportAudit } from '../agent/audit/export.ts';
import { fingerprintOf } from '../agent/log/agent-key.ts';
import { systemDisk } from '../agent/log/disk.ts';
import type { SignedHead } from '../agent/log/signed-head.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export interface AuditVerifyOptions extends Pick<Answering, 'json'> {
  /** The key that must have signed. */
  readonly key?: string;
}

export const auditVerify = async (
  shell: Shell,
  file: string | undefined,
  options: AuditVerifyOptions,
): Promise<ExitCode> => (file === undefined ? verifyState(shell, options) : verifyFile(shell, file, options));

const verifyFile = async (shell: Shell, file: string, { key, json }: AuditVerifyOptions): Promise<ExitCode> => {
  const signed = await auditExport(systemDisk, file);
  mustBeBy(key, signed);
  if (json) printJson(shell.stdout, { ok: true, commits: signed.seq, hash: signed.hash, key: keyOf(signed) });
  else printLines(shell.stdout, [`ok: ${signed.seq} commits, unbroken and whole`, signedBy(signed)]);
  return EXIT.done;
};

const verifyState = async (shell: Shell, { key, json }: AuditVerifyOptions): Promise<ExitCode> => {
  const { head, segments, signed, torn, archives, archiveProblems } = await auditState(
    systemDisk,
    stateDirectory(shell.env),
  );
  mustBeBy(key, signed);
  const ok = archiveProblems.length === 0;
  if (json) {
    printJson(shell.stdout, {
      ok,
      commits: head.seq,
      hash: head.hash,
      segments,
      archives,
      archiveProblems,
      signedUpTo: signed?.seq ?? null,
      key: signed === null ? null : keyOf(signed),
    });
  } else {
    printLines(shell.stdout, [
      `ok: ${head.seq} commits in ${segments} ${segments === 1 ? 'file' : 'files'}, unbroken`,
      signed === null ? 'not signed yet: nothing would show that the end was cut off' : signedBy(signed),
      ...(torn === null
        ? []
        : ['the last line has no end: it is being written, or a crash cut it off; nobody was told it was done']),
      `ok: ${archives} archived ${archives === 1 ? 'incident' : 'incidents'} as the journal says`,
      ...archiveProblems.map((problem) => `DAMAGED: ${problem}; delete it: the agent makes it anew from the journal`),
    ]);
  }
  return ok ? EXIT.done : EXIT.failed;
};

const keyOf = ({ key }: SignedHead): string => fingerprintOf(key);

const signedBy = (signed: SignedHead): string => `ok: signed up to commit ${signed.seq} by the key ${keyOf(signed)}`;

const mustBeBy = (key: string | undefined, signed: SignedHead | null): void => {
  if (key === undefined || (signed !== null && keyOf(signed) === key)) return;
  throw new OperatorError(
    'journal-damaged',
    signed === null ? 'nothing is signed' : `it is signed by the key ${keyOf(signed)}, not by ${key}`,
    'Whoever signed it is not who you expect: find out who wrote it.',
  );
};

export const auditExportTo = async (
  shell: Shell,
  file: string,
  { json }: Pick<Answering, 'json'>,
): Promise<ExitCode> => {
  const signed = await exportAudit(systemDisk, stateDirectory(shell.env), file);
  if (json) printJson(shell.stdout, { ok: true, file, commits: signed.seq, hash: signed.hash, key: keyOf(signed) });
  else
    printLines(shell.stdout, [
      `${file}: ${signed.seq} commits, signed by the key ${keyOf(signed)}`,
      `prove it anywhere: warroom audit verify ${file} --key ${keyOf(signed)}`,
      'it holds everything, private incidents too',
    ]);
  return EXIT.done;
};
