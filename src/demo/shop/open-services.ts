// Owns opening the services of the shop in the order in which they need each other.
import { SERVICE_NAMES, SERVICE_SPECS, type ServiceName } from './service-specs.ts';
import { openService, type ShopService } from './shop-service.ts';
import type { Trouble } from './trouble.ts';
import type { Surroundings } from './work.ts';

export interface ServicesOptions {
  readonly surroundings: Surroundings;
  /** The services take the ports after this one; null: free ports. */
  readonly adminPort: number | null;
  readonly trouble: () => Trouble | null;
  readonly onWatched: () => void;
  readonly era: string;
}

export const openServices = async (options: ServicesOptions): Promise<Readonly<Record<ServiceName, ShopService>>> => {
  const opened = new Map<ServiceName, Promise<ShopService>>();

  const open = async (name: ServiceName): Promise<ShopService> => {
    const spec = SERVICE_SPECS[name];
    const dependencies = await Promise.all(spec.dependsOn.map(openOnce));
    return openService({
      ...options.surroundings,
      spec,
      port: options.adminPort === null ? 0 : options.adminPort + 1 + SERVICE_NAMES.indexOf(name),
      dependencies: dependencies.map((service) => ({ url: new URL(service.url), method: service.spec.method })),
      trouble: options.trouble,
      onWatched: options.onWatched,
      era: options.era,
    });
  };

  const openOnce = (name: ServiceName): Promise<ShopService> => {
    const service = opened.get(name) ?? open(name);
    opened.set(name, service);
    return service;
  };

  const [checkout, payments, search, catalog, inventory] = await Promise.all([
    openOnce('checkout'),
    openOnce('payments'),
    openOnce('search'),
    openOnce('catalog'),
    openOnce('inventory'),
  ]);
  return { checkout, payments, search, catalog, inventory };
};

/** One value for each service. */
export const byName = <T>(make: (name: ServiceName) => T): Readonly<Record<ServiceName, T>> => ({
  checkout: make('checkout'),
  payments: make('payments'),
  search: make('search'),
  catalog: make('catalog'),
  inventory: make('inventory'),
});
