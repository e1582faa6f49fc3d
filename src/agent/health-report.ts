// Owns what the agent tells of itself.
import type { AgentHealth, SourceHealth } from '../protocol/messages.ts';

export interface HealthParts {
  readonly sources: () => readonly SourceHealth[];
  readonly append: () => AgentHealth['append'];
  readonly clients: () => number;
  readonly configurationLoadedAt: () => string;
  readonly configurationDirectory: string;
}

export const reportHealth = (parts: HealthParts): AgentHealth => ({
  sources: parts.sources(),
  append: parts.append(),
  clients: parts.clients(),
  memoryBytes: process.memoryUsage.rss(),
  configurationLoadedAt: parts.configurationLoadedAt(),
  configurationDirectory: parts.configurationDirectory,
});
