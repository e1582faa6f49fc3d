// Owns gauges that are read off the present state at the moment of a scrape: right at once after a restart, never stale.
import { Gauge, type Registry } from 'prom-client';

export type Sample<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];

export interface ScrapedGauge<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** What holds now; label sets that are not given are not exposed. */
  readonly read: () => Iterable<Sample<Label>>;
}

export const scrapedGauge = <Label extends string>(
  registry: Registry,
  { name, help, labels, read }: ScrapedGauge<Label>,
): void => {
  const gauge: Gauge<Label> = new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const [values, value] of read()) gauge.set(values, value);
    },
  });
};

/** A gauge without labels. */
export const scrapedNumber = (registry: Registry, name: string, its: { help: string; read: () => number }): void =>
  scrapedGauge(registry, { name, help: its.help, labels: [], read: () => [[{}, its.read()]] });
