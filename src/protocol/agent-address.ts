// Owns the port file: how an agent tells the clients of the same host where it listens.
import * as z from 'zod/mini';

export const agentAddressSchema = z.strictObject({
  host: z.string(),
  port: z.number().check(z.int(), z.gte(1), z.lte(65_535)),
  pid: z.number().check(z.int(), z.positive()),
});

export type AgentAddress = Readonly<z.infer<typeof agentAddressSchema>>;
