// Owns `warroom check-config`: reads a configuration as the agent would, starts nothing, and says what is in it, what is wrong, and what is missing.
import { jsonSchemas } from '../agent/config/json-schema.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { missingSteps } from '../agent/setup/missing-steps.ts';
import { own } from '../incident/own.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { configDirectory, shippedConfig } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export interface CheckConfigOptions extends Pick<Answering, 'json'> {
  readonly config?: string;
  /** Only the JSON Schema of that file, for an editor. */
  readonly schema?: string;
}

export const checkConfig = async (shell: Shell, options: CheckConfigOptions): Promise<ExitCode> => {
  if (options.schema !== undefined) {
    printJson(shell.stdout, schemaOf(options.schema));
    return EXIT.done;
  }
  const directory = configDirectory(options.config, shell.env);
  const config = await loadConfig({ directory, defaultsDirectory: shippedConfig(), env: shell.env });
  const counts = {
    services: config.watches.length,
    actions: Object.keys(config.actions).length,
    contacts: Object.keys(config.contacts).length,
    ladders: Object.keys(config.policy.ladders).length,
    rules: config.policy.severities.rules.length,
  };
  const missing = (await missingSteps(config, shell.env)).map(({ about, what, fix }) => ({ about, what, fix }));
  if (options.json) printJson(shell.stdout, { ok: true, directory, ...counts, warnings: missing });
  else {
    const said = Object.entries(counts).map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`);
    printLines(shell.stdout, [
      `ok: ${said.join(', ')} (${directory})`,
      // It loads: what is missing is nothing to stop an agent.
      ...missing.map(({ what, fix }) => `warn  ${what}${fix === null ? '' : `  —  ${fix}`}`),
    ]);
  }
  return EXIT.done;
};

const schemaOf = (file: string): object => {
  const schemas = jsonSchemas();
  const schema = own(schemas, file);
  if (schema !== undefined) return schema;
  throw new OperatorError(
    'bad-usage',
    `there is no configuration file ${file}`,
    `files: ${Object.keys(schemas).join(', ')}`,
  );
};
