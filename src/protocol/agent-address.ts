// Owns the port file: how an agent tells the clients of the same host where it listens.
import * as z from 'zod/mini';

export const agentAddressSchema = z.strictObject({
  host: z.string(),
  port: z.number().check(z.int(), z.gte(1), z.lte(65_535)),
  pid: z.number().check(z.int(), z.positive()),
  tls: z.optional(z.boolean()),
  /** The path of its socket. */
  socket: z.optional(z.string()),
});

export type AgentAddress = Readonly<z.infer<typeof agentAddressSchema>>;

/** How clients of the same host reach it over its port. */
export const urlOf = ({ host, port, tls = false }: AgentAddress): string => {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
};
