// Owns the JSON Schemas of the configuration files, for editors: made from the same schemas that read them.
import * as z from 'zod/mini';
import { FILE_NAMES, SCHEMAS } from './schema/files.ts';

/** One JSON Schema (draft 2020-12) for each configuration file, by its name: what may be written in it. */
export const jsonSchemas = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    FILE_NAMES.map((name) => [
      name,
      { ...z.toJSONSchema(SCHEMAS[name], { io: 'input', unrepresentable: 'any' }), title: `warroom ${name}` },
    ]),
  );
